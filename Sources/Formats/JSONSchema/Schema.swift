package import JSON

/// A JSON Schema, ready to check values against.
///
/// It supports the validation keywords of draft 2020-12, and those of draft 7 that have changed
/// since: `items` as a list, `additionalItems`, `dependencies`, and that the keywords beside a
/// `$ref` are ignored if `$schema` says so. A reference may point anywhere in the same schema and
/// in the given documents; nothing is fetched. `format` and unknown keywords are not checked, as
/// the draft says.
///
/// A schema and a value may come from anywhere: checking takes time in proportion to the product of
/// their sizes, whatever their contents, and ends after a fixed number of steps. A value does not
/// fit if that cannot be decided, for example because a pattern is too large or cannot be matched
/// by reading a text once.
package struct Schema: Sendable {
    /// The schema as it was given.
    package let source: Value

    private let rules: Rules

    /// - Parameter documents: The documents that references may name besides parts of the schema, by URI.
    /// - Throws: An error with the problem in the schema and its place.
    package init(
        _ source: Value, documents: [String: Value] = [:]
    ) throws(SchemaError) {
        var compiler = Compiler(source, documents: documents)
        rules = try compiler.compile()
        self.source = source
    }

    /// Reads a schema from its JSON.
    ///
    /// - Throws: An error with the problem in the schema and its place.
    package init(parsing json: [UInt8]) throws(SchemaError) {
        let source: Value
        do { source = try Value(parsing: json) } catch {
            throw SchemaError(pointer: "", problem: "not JSON: \(error)")
        }
        try self.init(source)
    }

    /// Reads a schema from its JSON.
    ///
    /// - Throws: An error with the problem in the schema and its place.
    package init(parsing json: String) throws(SchemaError) {
        try self.init(parsing: Array(json.utf8))
    }

    /// Returns the problems that make a value invalid, at most fifty. It is valid if there are
    /// none.
    package func problems(with value: Value) -> [Problem] {
        problems(with: value, within: Limits())
    }

    func problems(with value: Value, within limits: Limits) -> [Problem] {
        var validation = Validation(rules, within: limits)
        validation.check(value)
        return validation.problems
    }
}

/// The limits on the work to check one value, which is some seconds at most.
struct Limits {
    /// The number of rules to check, each at one place.
    var checks = 10_000_000

    /// The number of steps in searches for patterns.
    var searchSteps = 50_000_000
}

/// A problem with one part of a value.
package struct Problem: Error, Equatable, Sendable {
    /// The place of the part, as jq would write it: `.user.tags[2]`; empty for the value itself.
    package let path: String

    /// The message in lower case, without a full stop.
    package let message: String

    /// True if it could not be decided whether the part is valid.
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
    /// The place in the schema as an RFC 6901 pointer: `/properties/age/type`.
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
