internal import JSON
internal import JSONSchema

/// The usable part of the JSON Schema of a tool's arguments.
///
/// Servers send `null` or unknown values for many keywords. Parts that cannot be understood do not
/// restrict the arguments, and the server checks them itself.
enum InputSchema {
    /// Returns a schema of an object, which the host can check arguments against.
    static func repaired(_ schema: Value) -> Value {
        guard case .object(let members)? = Repair.schema(schema) else { return anything }
        // Arguments are an object, whatever a server says.
        var whole = Members()
        if members["type"] != "object" { whole.append("type", "object") }
        for (key, value) in members where key != "type" || value == "object" {
            whole.append(key, value)
        }
        return withoutErrors(.object(whole))
    }

    private static let anything: Value = ["type": "object"]

    /// The number of mistakes after which the search for more ends.
    private static let mostErrors = 100

    /// Removes the parts that make a schema invalid.
    private static func withoutErrors(_ schema: Value) -> Value {
        var schema = schema
        for _ in 0..<mostErrors {
            do throws(SchemaError) {
                _ = try Schema(schema)
                return schema
            } catch {
                guard !error.pointer.isEmpty else { break }
                let steps = error.pointer.split(separator: "/", omittingEmptySubsequences: false)
                    .dropFirst().map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
                    .map { String($0) }
                schema = schema.removing(steps[...])
            }
        }
        return anything
    }
}

/// The repairs that do not depend on the meaning of a schema.
private enum Repair {
    private static let types: Set = [
        "string", "number", "integer", "boolean", "array", "object", "null",
    ]

    /// - Returns: Nil for a value that is not a schema.
    static func schema(_ schema: Value) -> Value? {
        if schema.bool != nil { return schema }
        guard let members = schema.object else { return nil }
        var repaired = Members()
        for (key, value) in members where repaired[key] == nil {
            if let value = self.value(members[key] ?? value, of: key, in: members) {
                repaired.append(key, value)
            }
        }
        // Draft 3 had `required: true` at the property itself.
        if members["required"]?.array == nil {
            let names = (members["properties"]?.object ?? [:])
                .filter { $0.value["required"]?.bool == true }.map { Value.string($0.key) }
            if !names.isEmpty { repaired.append("required", .array(names)) }
        }
        return .object(repaired)
    }

    private static func value(_ value: Value, of key: String, in members: Members) -> Value? {
        switch key {
        case "type": return type(value, isNullable: members["nullable"]?.bool == true)
        case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
            return value.object.map { .object(schemas($0)) }
        case "components":
            return ["schemas": .object(schemas(value["schemas"]?.object ?? [:]))]
        case "required":
            return value.array.map { .array($0.filter { $0.string != nil }) }
        case "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames",
            "additionalItems", "contains", "not", "if", "then", "else":
            return schema(value)
        case "items":
            return value.array.map { .array($0.map { schema($0) ?? true }) } ?? schema(value)
        case "allOf", "anyOf", "oneOf", "prefixItems":
            guard let list = value.array else { return nil }
            let schemas = list.compactMap(schema)
            // A schema that cannot be understood could have allowed anything.
            guard schemas.count == list.count || key == "allOf" else { return nil }
            return schemas.isEmpty ? nil : .array(schemas)
        case "enum":
            guard let list = value.array, !list.isEmpty else { return nil }
            let isNullable = members["nullable"]?.bool == true && !list.contains(.null)
            return .array(list + (isNullable ? [.null] : []))
        case "default", "const", "example", "examples": return value
        default: return value == .null ? nil : value
        }
    }

    private static func type(_ value: Value, isNullable: Bool) -> Value? {
        var names: [String] = []
        for name in value.array ?? [value] {
            // An unknown type may be that of any value.
            guard let name = name.string?.lowercased() ?? (name == .null ? "null" : nil),
                types.contains(name)
            else { return nil }
            if !names.contains(name) { names.append(name) }
        }
        if isNullable, !names.isEmpty, !names.contains("null") { names.append("null") }
        switch names.count {
        case 0: return nil
        case 1: return value == .null ? nil : .string(names[0])
        default: return .array(names.map { .string($0) })
        }
    }

    /// Returns the schemas, in which a property without a valid schema is still a property. Models'
    /// servers want an object where `true` would do.
    private static func schemas(_ members: Members) -> Members {
        Members(
            members.map { key, value in
                let schema = schema(value) ?? [:]
                return (key, schema == true ? [:] : schema)
            })
    }
}

extension Value {
    /// Returns the value without the part that a pointer's steps lead to.
    fileprivate func removing(_ steps: ArraySlice<String>) -> Value {
        guard let step = steps.first else { return self }
        let rest = steps.dropFirst()
        switch self {
        case .object(let members):
            return .object(
                Members(
                    members.compactMap { key, value in
                        guard key == step else { return (key, value) }
                        return rest.isEmpty ? nil : (key, value.removing(rest))
                    }))
        case .array(let elements):
            guard let index = Int(step), elements.indices.contains(index) else { return self }
            var elements = elements
            if rest.isEmpty {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].removing(rest)
            }
            return .array(elements)
        default: return self
        }
    }
}
