import JSON

/// The schemas of schemas, as far as schemas refer to them. The argument of a tool may be a schema.
enum Metaschema {
    /// - Parameter uri: A URI without a fragment.
    static func document(_ uri: String) -> Value? {
        switch uri {
        case "https://json-schema.org/draft/2020-12/schema": latest
        case "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema":
            draft7
        default: nil
        }
    }

    private static let latest: Value = [
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://json-schema.org/draft/2020-12/schema",
        "$dynamicAnchor": "meta",
        "type": ["object", "boolean"],
        "properties": .object(
            Members(
                names(["$id"], ["type": "string", "pattern": "^[^#]*#?$"])
                    + names(["$schema", "$ref", "$dynamicRef"], ["type": "string"])
                    + names(
                        ["$anchor", "$dynamicAnchor"],
                        ["type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"])
                    + names(
                        ["$vocabulary"],
                        ["type": "object", "additionalProperties": ["type": "boolean"]])
                    + names(["$comment"], ["type": "string"])
                    + common(schema: ["$dynamicRef": "#meta"])
                    + names(
                        ["items", "unevaluatedItems", "unevaluatedProperties", "contentSchema"],
                        ["$dynamicRef": "#meta"])
                    + names(["prefixItems"], list(["$dynamicRef": "#meta"]))
                    + names(
                        ["$defs", "dependentSchemas"], object(of: ["$dynamicRef": "#meta"]))
                    + names(
                        ["dependencies"],
                        object(of: ["anyOf": [["$dynamicRef": "#meta"], strings]]))
                    + names(["minContains", "maxContains"], count)
                    + names(["dependentRequired"], object(of: strings))
                    + names(["deprecated"], ["type": "boolean"]))),
    ]

    private static let draft7: Value = [
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "http://json-schema.org/draft-07/schema#",
        "type": ["object", "boolean"],
        "properties": .object(
            Members(
                names(["$id", "$schema", "$ref", "$comment"], ["type": "string"])
                    + common(schema: ["$ref": "#"])
                    + names(["additionalItems"], ["$ref": "#"])
                    + names(["items"], ["anyOf": [["$ref": "#"], list(["$ref": "#"])]])
                    + names(
                        ["dependencies"], object(of: ["anyOf": [["$ref": "#"], strings]])))),
    ]

    /// Returns the keywords that both drafts have.
    private static func common(schema: Value) -> [(String, Value)] {
        let kinds = ["array", "boolean", "integer", "null", "number", "object", "string"]
        let kind: Value = ["enum": .array(kinds.map { .string($0) })]
        return names(
            [
                "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not",
            ], schema)
            + names(["allOf", "anyOf", "oneOf"], list(schema))
            + names(["definitions", "properties"], object(of: schema))
            + names(
                ["patternProperties"],
                [
                    "type": "object", "additionalProperties": schema,
                    "propertyNames": ["format": "regex"],
                ])
            + names(
                ["type"],
                [
                    "anyOf": [
                        kind,
                        ["type": "array", "items": kind, "minItems": 1, "uniqueItems": true],
                    ]
                ])
            + names(["const", "default"], true)
            + names(["enum", "examples"], ["type": "array"])
            + names(["multipleOf"], ["type": "number", "exclusiveMinimum": 0])
            + names(
                ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"],
                ["type": "number"])
            + names(
                [
                    "maxLength", "minLength", "maxItems", "minItems", "maxProperties",
                    "minProperties",
                ], count)
            + names(["uniqueItems", "readOnly", "writeOnly"], ["type": "boolean"])
            + names(["required"], strings)
            + names(
                [
                    "title", "description", "format", "pattern", "contentEncoding",
                    "contentMediaType",
                ], ["type": "string"])
    }

    private static func names(_ names: [String], _ schema: Value) -> [(String, Value)] {
        names.map { ($0, schema) }
    }

    private static func list(_ schema: Value) -> Value {
        ["type": "array", "minItems": 1, "items": schema]
    }

    private static func object(of schema: Value) -> Value {
        ["type": "object", "additionalProperties": schema]
    }

    private static let count: Value = ["type": "integer", "minimum": 0]
    private static let strings: Value = [
        "type": "array", "items": ["type": "string"], "uniqueItems": true,
    ]
}
