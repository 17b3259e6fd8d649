package import JSON

extension Value {
    /// True if OpenAI can hold a model to the schema: each object in it allows only its own members
    /// and requires all of them, and it contains only known keywords.
    package var isStrictSchema: Bool {
        self["type"]?.string == "object" && isStrict
    }

    private var isStrict: Bool {
        guard let schema = object else { return false }
        return schema.allSatisfy { name, value in
            switch name {
            case "properties", "$defs", "definitions":
                value.object?.allSatisfy { $0.value.isStrict } ?? false
            case "items": value.isStrict
            case "anyOf": value.array?.allSatisfy(\.isStrict) ?? false
            default: Self.understood.contains(name)
            }
        } && isClosed
    }

    private var isClosed: Bool {
        guard self["properties"] != nil || isObjectType else { return true }
        let required = Set((self["required"]?.array ?? []).compactMap(\.string))
        let names = (self["properties"]?.object ?? [:]).map(\.key)
        return self["additionalProperties"] == false && required == Set(names)
    }

    private var isObjectType: Bool {
        self["type"]?.string == "object" || self["type"]?.array?.contains("object") == true
    }

    private static let understood: Set = [
        "$ref", "additionalProperties", "const", "description", "enum", "required", "title", "type",
    ]
}
