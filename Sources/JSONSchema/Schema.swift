package import JSON

/// A JSON Schema, ready to check values against.
///
/// It knows the keywords of draft 2020-12 for validation, and of draft 7 those that have changed
/// since: `items` as a list, `additionalItems`, `dependencies`, and that nothing counts beside a
/// `$ref` where `$schema` says so. A `$ref` may point anywhere in the same schema. `format` and
/// unknown keywords say nothing about a value, as the draft has it, nor does a pattern that cannot
/// be matched by reading a text once.
///
/// A schema and a value may come from anywhere: checking takes time in proportion to the product
/// of their sizes, whatever is in them.
package struct Schema: Sendable {
    /// The schema as it was given.
    package let source: Value

    private let root: Rule
    private let references: [String: Rule]

    /// - Throws: What in the schema is wrong, and where.
    package init(_ source: Value) throws(SchemaError) {
        var compiler = Compiler(source)
        root = try compiler.compile(source, at: "")
        references = try compiler.compileReferences()
        self.source = source
    }

    /// Reads a schema from its JSON.
    ///
    /// - Throws: What in the schema is wrong, and where.
    package init(parsing json: [UInt8]) throws(SchemaError) {
        let source: Value
        do { source = try Value(parsing: json) } catch {
            throw SchemaError(pointer: "", problem: "not JSON: \(error)")
        }
        try self.init(source)
    }

    /// Reads a schema from its JSON.
    ///
    /// - Throws: What in the schema is wrong, and where.
    package init(parsing json: String) throws(SchemaError) {
        try self.init(parsing: Array(json.utf8))
    }

    /// What keeps a value from being valid, the first fifty mistakes. None means that it is valid.
    package func problems(with value: Value) -> [Problem] {
        var validation = Validation(references)
        _ = validation.check(value, root, at: .root)
        return validation.problems
    }
}

/// What is wrong with one part of a value.
package struct Problem: Error, Equatable, Sendable {
    /// Where the part is, as jq would name it: `.user.tags[2]`; empty for the value itself.
    package let path: String

    /// Lower case, without a full stop.
    package let message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

extension Problem: CustomStringConvertible {
    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// A schema that cannot be used.
package struct SchemaError: Error, Equatable, Sendable {
    /// Where in the schema, as RFC 6901 names it: `/properties/age/type`.
    package let pointer: String
    package let problem: String

    package init(pointer: String, problem: String) {
        self.pointer = pointer
        self.problem = problem
    }
}

extension SchemaError: CustomStringConvertible {
    package var description: String { pointer.isEmpty ? problem : "'\(pointer)': \(problem)" }
}
