import JSON
import Text

extension Schema {
    /// Reads the short form of a schema for an object with these members, as `llm` has it:
    /// `name, age int, bio: a few words`.
    ///
    /// Members are separated by commas, or by newlines if there are any. Each is a name, an
    /// optional type (`str`, `int`, `float` or `bool`; a string without one), and optionally a
    /// colon and a description.
    ///
    /// - Throws: An error that names the part that is not a member.
    package init(shortForm text: String) throws(SchemaError) {
        let separator: Character = text.contains("\n") ? "\n" : ","
        var properties = Members()
        var required: [Value] = []
        for item in text.split(separator: separator) {
            let (head, description) = Self.divide(item)
            let words = head.split(whereSeparator: \.isWhitespace)
            if words.isEmpty, description == nil { continue }
            guard let name = words.first, words.count <= 2 else {
                throw SchemaError(
                    pointer: "", problem: "'\(head.trimmed)': expected a name and perhaps a type")
            }
            let word = words.count == 2 ? String(words[1]) : "str"
            guard let type = Self.types[word] else {
                throw SchemaError(
                    pointer: "",
                    problem: "'\(name)': expected str, int, float or bool, not '\(word)'")
            }
            var property: Members = ["type": .string(type)]
            if let description, !description.isEmpty {
                property.append("description", .string(description))
            }
            properties.append(String(name), .object(property))
            required.append(.string(String(name)))
        }
        if required.isEmpty { throw SchemaError(pointer: "", problem: "no members") }
        try self.init([
            "type": "object", "properties": .object(properties), "required": .array(required),
        ])
    }

    private static let types = [
        "str": "string", "string": "string", "int": "integer", "integer": "integer",
        "float": "number", "number": "number", "bool": "boolean", "boolean": "boolean",
    ]

    private static func divide(_ item: Substring) -> (head: Substring, description: String?) {
        guard let colon = item.firstIndex(of: ":") else { return (item, nil) }
        return (item[..<colon], String(item[item.index(after: colon)...].trimmed))
    }
}
