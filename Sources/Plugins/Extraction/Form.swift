import JSON

/// The form of a JSON Schema that sentences can satisfy: a string, a list of strings, or an object
/// of those.
struct Form {
    private let schema: Value

    init(_ json: String) throws(ExtractionError) {
        do {
            schema = try Value(parsing: Array(json.utf8))
        } catch {
            throw ExtractionError("the response schema is not JSON: \(error)")
        }
    }

    /// Returns the JSON of an answer to a question.
    func filled(
        from extract: Extract, _ question: String, limit: Int
    ) throws(ExtractionError) -> String {
        guard extract.sentenceCount > 0 else {
            throw ExtractionError("there is no context to fill the response schema from")
        }
        let value = try fill(schema, "the answer", question, extract, limit)
        guard let value else { throw nothingFits("the answer") }
        return "\(value)"
    }

    /// - Returns: Nil if nothing fits.
    private func fill(
        _ schema: Value, _ name: String, _ question: String, _ extract: Extract, _ limit: Int,
        _ coverage: Double = 0
    ) throws(ExtractionError) -> Value? {
        if let keyword = Self.constraints.first(where: { schema[$0] != nil }) {
            throw ExtractionError(
                "cannot fill \(name): extractive-llm does not know what satisfies '\(keyword)'")
        }
        switch schema["type"]?.string {
        case "string":
            let quotes = extract.quotes(for: question, limit: limit, coverage: coverage)
            return quotes.isEmpty ? nil : .string(quotes.map(\.cited).joined(separator: " "))
        case "array" where schema["items"]?["type"] == "string":
            let quotes = extract.quotes(for: question, limit: limit, coverage: coverage)
            return quotes.isEmpty ? nil : .array(quotes.map { .string($0.cited) })
        case "object":
            let properties = schema["properties"]?.object ?? Members()
            let required = (schema["required"]?.array ?? []).compactMap(\.string)
            var members = Members()
            for (name, property) in properties {
                // A single member is the answer; of several members, each has a part of it.
                var words = question
                var limit = limit
                var coverage = coverage
                if properties.count > 1 {
                    words = "\(name.spelledOut) \(property["description"]?.string ?? "")"
                    limit = 1
                    coverage = Self.memberCoverage
                }
                do throws(ExtractionError) {
                    let value = try fill(property, "'\(name)'", words, extract, limit, coverage)
                    if let value {
                        members.append(name, value)
                    } else if required.contains(name) {
                        throw nothingFits("'\(name)'")
                    }
                } catch  where !required.contains(name) {
                    // Optional members are left out.
                }
            }
            if let name = required.first(where: { members[$0] == nil }) {
                throw ExtractionError("cannot fill '\(name)': the schema does not describe it")
            }
            return .object(members)
        case let type:
            throw ExtractionError(
                "cannot fill \(name): extractive-llm fills strings and lists of strings, "
                    + "not \(type.map { "'\($0)'" } ?? "what has no 'type'")")
        }
    }

    /// The share of the words of a member's name and description that its value must have: a date
    /// of purchase is not filled with a date of birth.
    private static let memberCoverage = 0.5

    private static let constraints = [
        "$ref", "allOf", "anyOf", "const", "enum", "format", "oneOf", "pattern",
    ]

    private func nothingFits(_ name: String) -> ExtractionError {
        ExtractionError("cannot fill \(name): nothing in the context fits it")
    }
}

extension Quote {
    fileprivate var cited: String { source.map { "\(text) [\($0)]" } ?? text }
}

extension String {
    /// The words of a name: `dateOfBirth` and `date_of_birth` become "date of birth".
    fileprivate var spelledOut: String {
        var words = ""
        for character in self {
            if character.isUppercase, words.last?.isLowercase == true { words.append(" ") }
            words.append(character.isLetter || character.isNumber ? character : " ")
        }
        return words
    }
}
