internal import JSON
internal import PluginFilterKit

/// The arguments of a tool as options of a command line, as far as its JSON Schema describes them.
struct ToolParameters {
    struct Parameter {
        let name: String
        let schema: Value
        /// JSON Schema's types, such as string, integer and array. If there are none, any value is
        /// allowed.
        let types: [String]
        let isRequired: Bool

        var isBoolean: Bool { types.contains("boolean") && !types.contains("string") }
        var isArray: Bool { types.contains("array") && !types.contains("string") }
    }

    let all: [Parameter]
    private let root: Value

    /// - Parameter schema: The schema of the arguments object.
    init(_ schema: Value) {
        root = schema
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        all = (schema["properties"]?.object ?? Members()).map { name, value in
            let whole = Self.followed(value, in: schema)
            return Parameter(
                name: name, schema: whole, types: Self.types(of: whole, in: schema),
                isRequired: required.contains(name))
        }
    }

    /// Returns the parameter that an option names, either exactly or with different separators:
    /// `--max-size` is `max_size`.
    func parameter(_ option: some StringProtocol) -> Parameter? {
        if let exact = all.first(where: { $0.name == option }) { return exact }
        let near = all.filter { Self.letters(of: $0.name) == Self.letters(of: option) }
        return near.count == 1 ? near[0] : nil
    }

    /// Returns the types of an array's elements.
    func elementTypes(of parameter: Parameter) -> [String] {
        guard let items = parameter.schema["items"] else { return [] }
        return Self.types(of: Self.followed(items, in: root), in: root)
    }

    private static func letters(of name: some StringProtocol) -> String {
        name.lowercased().filter { $0 != "-" && $0 != "_" }
    }

    /// Returns a schema, or the schema in the same document that it refers to.
    private static func followed(_ schema: Value, in root: Value) -> Value {
        var schema = schema
        for _ in 0..<10 {
            guard let reference = schema["$ref"]?.string, reference.hasPrefix("#/") else { break }
            var target: Value? = root
            for part in reference.dropFirst(2).split(
                separator: "/", omittingEmptySubsequences: false)
            {
                target = target?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
            }
            guard let target else { break }
            schema = target
        }
        return schema
    }

    private static func types(of schema: Value, in root: Value, depth: Int = 0) -> [String] {
        switch schema["type"] {
        case .string(let type)?: return [type]
        case .array(let types)?: return types.compactMap(\.string)
        default: break
        }
        if let values = schema["enum"]?.array ?? schema["const"].map({ [$0] }) {
            return values.allSatisfy { $0.string != nil } ? ["string"] : []
        }
        guard depth < 10 else { return [] }
        let branches = schema["anyOf"]?.array ?? schema["oneOf"]?.array ?? []
        return branches.flatMap { types(of: followed($0, in: root), in: root, depth: depth + 1) }
    }
}

/// An error for command line words that cannot be made into arguments.
struct ToolUsageError: Error, Equatable {
    let message: String
}

extension ToolParameters {
    /// Makes an arguments object from a JSON object and options; the options take precedence.
    func arguments(_ words: [String]) throws(ToolUsageError) -> Value {
        var members: [(String, Value)] = []
        func set(_ name: String, _ value: Value) {
            if let place = members.firstIndex(where: { $0.0 == name }) {
                members[place].1 = value
            } else {
                members.append((name, value))
            }
        }
        var given: [String: Value] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                for (name, value) in try object(word) { set(name, value) }
                continue
            }
            let (parameter, value) = try option(word, &rest)
            if let before = given[parameter.name] {
                guard case .array(let elements) = before, case .array(let more) = value else {
                    throw ToolUsageError(message: "--\(parameter.name) is given twice")
                }
                given[parameter.name] = .array(elements + more)
            } else {
                given[parameter.name] = value
            }
        }
        for parameter in all { if let value = given[parameter.name] { set(parameter.name, value) } }
        return .object(Members(members))
    }

    private func object(_ word: String) throws(ToolUsageError) -> Members {
        guard word.first == "{" else {
            let expected =
                all.isEmpty ? "a JSON object" : "a JSON object or options such as --\(all[0].name)"
            throw ToolUsageError(message: "'\(word)' is no argument; expected \(expected)")
        }
        do throws(JSONError) {
            guard case .object(let members) = try Value(parsing: Array(word.utf8)) else {
                return [:]
            }
            return members
        } catch {
            throw ToolUsageError(message: "'\(word)' is not JSON: \(error)")
        }
    }

    private func option(
        _ word: String, _ rest: inout ArraySlice<String>
    ) throws(ToolUsageError) -> (Parameter, Value) {
        let body = word.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = body[..<(equals ?? body.endIndex)]
        let attached = equals.map { String(body[$0...].dropFirst()) }
        if let parameter = parameter(name) {
            if let attached { return (parameter, try value(attached, parameter)) }
            if parameter.isBoolean {
                guard let next = rest.first, ["true", "false"].contains(next) else {
                    return (parameter, .bool(true))
                }
                rest.removeFirst()
                return (parameter, .bool(next == "true"))
            }
            guard let next = rest.popFirst() else {
                throw ToolUsageError(message: "--\(parameter.name) needs a value")
            }
            return (parameter, try value(next, parameter))
        }
        if attached == nil, name.hasPrefix("no-"), let parameter = parameter(name.dropFirst(3)),
            parameter.isBoolean
        {
            return (parameter, .bool(false))
        }
        let known = all.map { "--\($0.name)" }.joined(separator: ", ")
        throw ToolUsageError(
            message: "unknown option '--\(name)'; "
                + (known.isEmpty ? "the tool takes none" : "the tool has \(known)")
                + " (options of hector-tool go before the tool's name)")
    }

    private func value(_ text: String, _ parameter: Parameter) throws(ToolUsageError) -> Value {
        if parameter.isArray {
            if text.first == "[", let value = try? Value(parsing: Array(text.utf8)) { return value }
            return .array([try scalar(text, elementTypes(of: parameter), parameter.name)])
        }
        return try scalar(text, parameter.types, parameter.name)
    }

    /// Returns a text as a value of the first of the types that it fits.
    private func scalar(
        _ text: String, _ types: [String], _ name: String
    ) throws(ToolUsageError) -> Value {
        let json = try? Value(parsing: Array(text.utf8))
        guard !types.isEmpty else { return json ?? .string(text) }
        for type in types where type != "string" {
            switch (type, json) {
            case ("integer", .number?) where json?.int != nil, ("number", .number?),
                ("boolean", .bool?), ("null", .null?), ("object", .object?), ("array", .array?):
                return json ?? .null
            default: continue
            }
        }
        if types.contains("string") { return .string(text) }
        let expected = types.map { Self.nouns[$0] ?? $0 }.joined(separator: " or ")
        throw ToolUsageError(message: "--\(name) needs \(expected), not '\(text)'")
    }

    private static let nouns = [
        "integer": "an integer", "number": "a number", "boolean": "true or false",
        "object": "a JSON object", "array": "a JSON array", "null": "null",
    ]
}
