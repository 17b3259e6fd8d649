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
    /// A condition on the value under a key.
    case value(key: [UInt8], Condition)

    func accepts(_ record: StoredRecord) -> Bool { accepts { record.value($0) } }

    /// - Parameter value: Returns the text under a key, or nil.
    func accepts(_ value: ([UInt8]) -> BorrowedBytes?) -> Bool {
        switch self {
        case .all(let filters): filters.allSatisfy { $0.accepts(value) }
        case .any(let filters): filters.contains { $0.accepts(value) }
        case .not(let filter): !filter.accepts(value)
        case .value(let key, let condition): Self.withText(at: key, value, condition.accepts)
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
                let found = member(at: key[(dot + 1)...], of: text)
            else { continue }
            return BorrowedBytes.with(found, body)
        }
        return body(nil)
    }

    /// Returns the text of the member of a text, or nil if it has none.
    static func member(at path: ArraySlice<UInt8>, of text: BorrowedBytes) -> [UInt8]? {
        guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "["),
            let found = (try? Value(parsing: text.array))?.member(at: path)
        else { return nil }
        return Array("\(found)".utf8)
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
