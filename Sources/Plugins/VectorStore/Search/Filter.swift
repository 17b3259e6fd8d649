internal import JSON

/// A condition on the metadata of a record.
///
/// Metadata are texts: any JSON value as its JSON text, except that a string which could not be
/// mistaken for JSON stays as it is. Other programs that fill databases leave all strings as they
/// are, so a text that looks like a number equals both that number and that string.
package indirect enum Filter: Sendable, Equatable {
    case all([Filter])
    case any([Filter])
    case not(Filter)
    case exists(key: [UInt8])
    case equals(key: [UInt8], Constant)
    case prefix(key: [UInt8], [UInt8])
    case compares(key: [UInt8], Comparison, Constant)

    package enum Comparison: Sendable, Equatable {
        case less, atMost, greater, atLeast
    }

    func accepts(_ record: StoredRecord) -> Bool { accepts { record.value($0) } }

    /// - Parameter value: Returns the text under a key, or nil.
    func accepts(_ value: ([UInt8]) -> BorrowedBytes?) -> Bool {
        switch self {
        case .all(let filters): filters.allSatisfy { $0.accepts(value) }
        case .any(let filters): filters.contains { $0.accepts(value) }
        case .not(let filter): !filter.accepts(value)
        case .exists(let key): Self.withText(at: key, value) { $0 != nil }
        case .equals(let key, let constant): Self.withText(at: key, value, constant.equals)
        case .prefix(let key, let prefix):
            Self.withText(at: key, value) { text in
                text.map { withString($0) { $0.hasPrefix(prefix) } } ?? false
            }
        case .compares(let key, let comparison, let constant):
            Self.withText(at: key, value) { text in
                text.map { constant.isPassed(by: $0, comparison) } ?? false
            }
        }
    }

    /// Runs `body` with the text under a key. If there is none, `a.b` is the member `b` of the
    /// value under `a`.
    private static func withText(
        at key: [UInt8], _ value: ([UInt8]) -> BorrowedBytes?,
        _ body: (BorrowedBytes?) -> Bool
    ) -> Bool {
        if let text = value(key) { return body(text) }
        var end = key.count
        while let dot = key[..<end].lastIndex(of: UInt8(ascii: ".")) {
            end = dot
            guard let text = value(Array(key[..<dot])),
                text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "["),
                let nested = try? Value(parsing: text.array),
                let found = nested.member(at: key[(dot + 1)...])
            else { continue }
            return BorrowedBytes.with(Array("\(found)".utf8), body)
        }
        return body(nil)
    }
}

extension Value {
    /// Returns the member at a path of names separated by dots, which the names may contain, too.
    /// For a list, returns those of all its elements.
    fileprivate func member(at path: ArraySlice<UInt8>) -> Value? {
        if let elements = array {
            let found = elements.compactMap { $0.object == nil ? nil : $0.member(at: path) }
            return found.isEmpty ? nil : .array(found.flatMap { $0.array ?? [$0] })
        }
        guard let members = object else { return nil }
        if let member = members[String(decoding: path, as: UTF8.self)] { return member }
        var end = path.endIndex
        while let dot = path[..<end].lastIndex(of: UInt8(ascii: ".")) {
            end = dot
            let name = String(decoding: path[..<dot], as: UTF8.self)
            if let found = members[name]?.member(at: path[(dot + 1)...]) { return found }
        }
        return nil
    }
}

/// Runs `body` with the string that a text in the metadata stands for.
func withString<R>(
    _ text: BorrowedBytes, _ body: (BorrowedBytes) -> R
) -> R {
    guard text.first == UInt8(ascii: "\""),
        let string = (try? Value(parsing: text.array))?.string
    else { return body(text) }
    return BorrowedBytes.with(Array(string.utf8), body)
}
