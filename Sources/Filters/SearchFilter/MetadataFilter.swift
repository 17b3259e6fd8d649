internal import ArgumentParser
internal import JSON

/// - Throws: An error if the text is not a JSON object.
package func validateFilter(_ text: String) throws {
    do {
        guard case .object = try Value(parsing: Array(text.utf8)) else {
            throw ValidationError("--filter needs a JSON object, not '\(text)'")
        }
    } catch let error as JSONError {
        throw ValidationError("--filter needs a JSON object: \(error)")
    }
}
