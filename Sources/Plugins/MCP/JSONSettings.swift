internal import JSON

/// Reads a list of strings, numbers and Booleans; numbers and Booleans keep their spelling.
package func strings(inJSON text: String) -> [String]? {
    guard let list = try? Value(parsing: Array(text.utf8)).array else { return nil }
    let strings = list.compactMap(\.spelling)
    return strings.count == list.count ? strings : nil
}

/// Reads an object of strings, numbers and Booleans; numbers and Booleans keep their spelling.
package func stringMembers(inJSON text: String) -> [(String, String)]? {
    guard let object = try? Value(parsing: Array(text.utf8)).object else { return nil }
    let pairs = object.compactMap { key, value in value.spelling.map { (key, $0) } }
    return pairs.count == object.count ? pairs : nil
}

extension Value {
    /// The text of a value that is neither a container nor null.
    fileprivate var spelling: String? {
        switch self {
        case .string(let string): string
        case .number(let spelling): spelling
        case .bool(let bool): bool ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
