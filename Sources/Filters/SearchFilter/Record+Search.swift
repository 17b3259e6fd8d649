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
            case .string(let id)?: return id
            case .number(let spelling)?: return spelling
            case nil, .null?: continue
            case .some: throw RecordError("invalid_id", "member '\(key)' is not a string")
            }
        }
        throw RecordError("no_id", "no member 'id'")
    }
}
