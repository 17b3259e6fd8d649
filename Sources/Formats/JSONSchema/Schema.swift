package import JSON

/// A JSON Schema, ready to check values against.
///
/// It knows the keywords of draft 2020-12 for validation, and of draft 7 those that have changed
/// since: `items` as a list, `additionalItems`, `dependencies`, and that nothing counts beside a
/// `$ref` where `$schema` says so. A reference may point anywhere in the same schema and in the
/// documents that are given; nothing is fetched. `format` and unknown keywords say nothing about
/// a value, as the draft has it.
///
/// A schema and a value may come from anywhere: checking takes time in proportion to the product
/// of their sizes, whatever is in them, and ends after a fixed number of steps. A value for which
/// it cannot be found out whether it fits does not fit: a pattern is too large, say, or needs
/// more than to read a text once.
package struct Schema: Sendable {
    /// The schema as it was given.
    package let source: Value

    private let rules: Rules

    /// - Parameter documents: What references may name besides parts of the schema, by URI.
    /// - Throws: What in the schema is wrong, and where.
    package init(
        _ source: Value, documents: [String: Value] = [:]
    ) throws(SchemaError) {
        var compiler = Compiler(source, documents: documents)
        rules = try compiler.compile()
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
        problems(with: value, within: Limits())
    }

    func problems(with value: Value, within limits: Limits) -> [Problem] {
        var validation = Validation(rules, within: limits)
        validation.check(value)
        return validation.problems
    }
}

/// The most that is done to check one value, some seconds' work.
struct Limits {
    /// Rules that are checked, each at one place.
    var checks = 10_000_000

    /// Steps of searches for patterns.
    var searchSteps = 50_000_000
}

/// What is wrong with one part of a value.
package struct Problem: Error, Equatable, Sendable {
    /// Where the part is, as jq would name it: `.user.tags[2]`; empty for the value itself.
    package let path: String

    /// Lower case, without a full stop.
    package let message: String

    /// True if it could not be found out whether the part is as it should be.
    let isDoubt: Bool

    package init(path: String, message: String) {
        self.init(path: path, message: message, isDoubt: false)
    }

    init(path: String, message: String, isDoubt: Bool) {
        self.path = path
        self.message = message
        self.isDoubt = isDoubt
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

    init(pointer: Pointer, problem: String) {
        self.init(pointer: "\(pointer)", problem: problem)
    }
}

extension SchemaError: CustomStringConvertible {
    package var description: String { pointer.isEmpty ? problem : "'\(pointer)': \(problem)" }
}
