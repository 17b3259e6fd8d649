package import FilterKit
internal import JSON
package import JSONSchema
internal import Unix

/// The schema that an answer has to match.
package struct AnswerSchema: Sendable {
    package let json: String
    private let schema: Schema

    private static let largestFile = 4 << 20

    package init(_ schema: Schema) {
        self.schema = schema
        json = schema.source.description
    }

    /// - Parameter argument: JSON, the short form, or the path of a file with either.
    /// - Throws: The mistake in it.
    package init(argument: String) throws(Failure) {
        var text = argument
        var place = "--schema"
        let isFile = argument.contains("/") || argument.hasSuffix(".json")
        if isFile, argument.first(where: { !$0.isWhitespace }) != "{" {
            do {
                let bytes = try File.readText(argument, limit: Self.largestFile).bytes
                text = String(decoding: bytes, as: UTF8.self)
            } catch {
                throw Failure(.usage, "--schema: \(error)")
            }
            place = "'\(argument)'"
        }
        do { self.init(try Schema(argument: text)) } catch {
            throw Failure(.usage, "\(place): \(error)")
        }
    }

    /// Returns the answer's JSON if it matches the schema, without the code fence that some models
    /// put around it.
    ///
    /// - Throws: `schema_mismatch`, with the part that does not match.
    func check(_ answer: String) throws(RecordError) -> String {
        var text = answer
        let value: Value
        do {
            do { value = try Value(parsing: Array(text.utf8)) } catch {
                guard let block = CodeBlock.first(in: answer) else { throw error }
                text = block
                value = try Value(parsing: Array(text.utf8))
            }
        } catch {
            throw mismatch("it is not JSON: \(error)")
        }
        let problems = schema.problems(with: value)
        if problems.isEmpty { return text }
        let shown = problems.prefix(5).map(\.description).joined(separator: "; ")
        throw mismatch(problems.count > 5 ? "\(shown); and \(problems.count - 5) more" : shown)
    }

    private func mismatch(_ problem: String) -> RecordError {
        // A retry may give a different answer.
        RecordError(
            "schema_mismatch", "the answer does not fit the schema: \(problem)", isRetryable: true)
    }
}
