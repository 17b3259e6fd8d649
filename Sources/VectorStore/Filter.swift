internal import JSON

/// A condition on the metadata of a record.
///
/// Metadata are texts: any JSON value as its JSON text, except that a string which could not be
/// taken for JSON is as it is. Databases are also filled by others, who write all strings as they
/// are: so a text that reads as a number equals that number as well as that string.
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

    /// - Parameter value: The text under a key, or nil.
    func accepts(_ value: ([UInt8]) -> UnsafeRawBufferPointer?) -> Bool {
        switch self {
        case .all(let filters): filters.allSatisfy { $0.accepts(value) }
        case .any(let filters): filters.contains { $0.accepts(value) }
        case .not(let filter): !filter.accepts(value)
        case .exists(let key): value(key) != nil
        case .equals(let key, let constant): constant.equals(value(key))
        case .prefix(let key, let prefix):
            value(key).map { withString($0) { $0.starts(with: prefix) } } ?? false
        case .compares(let key, let comparison, let constant):
            value(key).map { constant.isPassed(by: $0, comparison) } ?? false
        }
    }
}

/// Runs `body` with the string that a text in the metadata stands for.
func withString<R>(
    _ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> R
) -> R {
    guard text.first == UInt8(ascii: "\""),
        var string = (try? Value(parsing: Array(text)))?.string
    else { return body(text) }
    return string.withUTF8 { body(UnsafeRawBufferPointer($0)) }
}
