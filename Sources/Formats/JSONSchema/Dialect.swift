import JSON

/// The rules by which a schema's keywords are read, as its `$schema` says.
struct Dialect {
    /// True before draft 2019-09: keywords beside a `$ref` are ignored, and an `$id` may be an
    /// anchor.
    let isOld: Bool

    /// False if the metaschema leaves out the vocabulary for validation.
    let hasValidation: Bool

    private let idKeyword: String

    static let latest = Dialect(uri: "", metaschema: nil)

    private static let validation = "https://json-schema.org/draft/2020-12/vocab/validation"

    /// - Parameter metaschema: The document at the URI, if it is given.
    init(uri: String, metaschema: Value?) {
        isOld = ["/draft-03/", "/draft-04/", "/draft-06/", "/draft-07/"].contains(
            where: uri.contains)
        idKeyword = uri.contains("/draft-04/") || uri.contains("/draft-03/") ? "id" : "$id"
        let vocabulary = metaschema?["$vocabulary"]?.object
        hasValidation = vocabulary.map { $0[Self.validation] != nil } ?? true
    }

    /// Returns the URI reference by which a schema names itself.
    func id(of schema: Value) -> URIReference? {
        guard let text = schema[idKeyword]?.string, !text.hasPrefix("#"),
            !isOld || schema["$ref"] == nil
        else { return nil }
        return URIReference(text)
    }

    func anchors(of schema: Value) -> [(name: String, isDynamic: Bool)] {
        var anchors: [(name: String, isDynamic: Bool)] = []
        if isOld, let text = schema[idKeyword]?.string, text.hasPrefix("#") {
            anchors.append((String(text.dropFirst()), false))
        }
        if let name = schema["$dynamicAnchor"]?.string { anchors.append((name, true)) }
        if let name = schema["$anchor"]?.string { anchors.append((name, false)) }
        return anchors
    }

    /// The places of schemas in the value of a keyword.
    enum Shape {
        case none
        /// The value itself, or each of its elements.
        case schemas
        /// Each member of the value.
        case named
    }

    static func shape(of keyword: String) -> Shape {
        switch keyword {
        case "items", "prefixItems", "additionalItems", "unevaluatedItems", "contains", "not",
            "additionalProperties", "unevaluatedProperties", "propertyNames", "if", "then",
            "else", "allOf", "anyOf", "oneOf", "contentSchema":
            .schemas
        case "$defs", "definitions", "properties", "patternProperties", "dependentSchemas",
            "dependencies":
            .named
        default: .none
        }
    }
}
