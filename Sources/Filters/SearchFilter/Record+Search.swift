internal import FilterKit
package import JSON

extension Record {
    /// Returns the record's vector, or nil if it has none.
    func vectorIfAny() throws(RecordError) -> [Float]? {
        for key in ["vector", "embedding"] {
            let vector: [Float]?
            do { vector = try self.vector(key) } catch {
                throw RecordError("invalid_vector", error.problem)
            }
            guard let vector else { continue }
            if vector.isEmpty { throw RecordError("invalid_vector", "member '\(key)' is empty") }
            return vector
        }
        return nil
    }

    /// Returns the record's text, or nil if it has none.
    func contentIfAny(field: String?) throws(RecordError) -> String? {
        do throws(RecordError) { return try content(field: field) } catch {
            if error.code == "no_content" { return nil }
            throw error
        }
    }

    /// Returns the record's id. A number is accepted too, in its own spelling.
    func id() throws(RecordError) -> String {
        for key in ["id", "custom_id"] {
            switch value(key) {
            case .string(let id)? where id.isEmpty:
                throw RecordError("no_id", "member '\(key)' is empty")
            case .string(let id)?:
                if hasLoneSurrogate(key, decoded: id) {
                    // All would be U+FFFD, so that different ids would be one.
                    throw RecordError(
                        "invalid_id", "member '\(key)' has a surrogate without its other half")
                }
                return id
            case .number(let spelling)?: return spelling
            case nil, .null?: continue
            case .some: throw RecordError("invalid_id", "member '\(key)' is not a string")
            }
        }
        throw RecordError("no_id", "no member 'id'")
    }

    /// Returns true if a string has a surrogate without its other half, which is decoded as U+FFFD.
    private func hasLoneSurrogate(_ key: String, decoded text: String) -> Bool {
        // The first byte of U+FFFD in UTF-8, which hardly any id has.
        guard text.utf8.contains(0xEF) else { return false }
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let count = text.unicodeScalars.count { $0 == replacement }
        if count == 0 { return false }
        let written = String(decoding: json(key) ?? [], as: UTF8.self)
        return written.unicodeScalars.count { $0 == replacement }
            + written.lowercased().split(separator: "\\ufffd", omittingEmptySubsequences: false)
            .count - 1 < count
    }
}
