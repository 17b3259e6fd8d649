package import JSON
package import PluginKit

extension Value {
    /// Reads the text of an option: the JSON value that it spells, or else the text itself.
    ///
    /// - Parameter isText: True for a parameter that is a text even if it looks like a number.
    package init(option text: String, isText: Bool) {
        if isText {
            self = .string(text)
        } else if let value = try? Value(parsing: Array(text.utf8)), value.string == nil {
            self = value
        } else {
            self = .string(text)
        }
    }

    /// Creates a number in its shortest spelling, for a duration or a temperature.
    package init(double: Double) {
        let text = "\(double)"
        self = .number(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// Reads a schema; an empty text means that anything is allowed.
    ///
    /// - Parameter name: The name of the schema's subject, for the error.
    package init(schema text: String, of name: String) throws(CallError) {
        if text.allSatisfy(\.isWhitespace) {
            self = ["type": "object", "properties": [:]]
            return
        }
        do { self = try Value(parsing: Array(text.utf8)) } catch {
            throw CallError(.invalidArgument, "the schema of \(name) is not JSON: \(error)")
        }
        // Servers do not know schemas that are a boolean.
        if let bool { self = bool ? [:] : ["not": [:]] }
        guard object != nil else {
            throw CallError(
                .invalidArgument, "the schema of \(name) is \(kind), expected an object")
        }
    }
}

extension Configuration {
    /// Returns parameters that go into each request unchanged.
    package func parameters(_ name: String) throws(ConfigurationError) -> Members {
        guard let text = self[name], !text.isEmpty else { return [:] }
        guard let object = try? Value(parsing: Array(text.utf8)).object else {
            throw .invalid(name, text, expected: #"a JSON object, such as {"top_p": 0.9}"#)
        }
        return object
    }
}

extension Members {
    /// Sets a member, in its place if it exists.
    package mutating func set(_ name: String, _ value: Value) {
        self = Members(filter { $0.key != name }.map { ($0.key, $0.value) } + [(name, value)])
    }

    package mutating func remove(_ name: String) {
        self = Members(filter { $0.key != name }.map { ($0.key, $0.value) })
    }
}
