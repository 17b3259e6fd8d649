import JSON

/// Makes rules of a schema's JSON.
struct Compiler {
    private let root: Value

    /// Where each `$ref` of the rules made so far was found.
    private var pending: [(text: String, pointer: String)] = []

    /// What `$ref` may name besides places.
    private var names = ReferenceNames()

    /// Whether `$ref` is alone with what is beside it, as before draft 2019-09.
    private let isOld: Bool

    /// How many rules may still be made. Many references to nearly everything make many.
    private var left = 100_000

    init(_ root: Value) {
        self.root = root
        let draft = root["$schema"]?.string ?? ""
        isOld = ["/draft-03/", "/draft-04/", "/draft-06/", "/draft-07/"].contains(
            where: draft.contains)
    }

    /// - Parameter pointer: Where in the schema this one is.
    mutating func compile(_ schema: Value, at pointer: String) throws(SchemaError) -> Rule {
        left -= 1
        guard left > 0 else {
            throw SchemaError(pointer: pointer, problem: "the schema is too large")
        }
        switch schema {
        case .bool(true): return .anything
        case .bool(false): return .nothing
        case .object(var members):
            if isOld, let reference = members["$ref"] { members = ["$ref": reference] }
            var rule = Rule()
            let keywords = Keywords(members, at: pointer)
            try addSimple(keywords, to: &rule)
            try addLogic(keywords, to: &rule)
            try addArray(keywords, to: &rule)
            try addObject(keywords, to: &rule)
            // Last, as they are about what the others have left.
            if let rest = try one("unevaluatedItems", keywords) {
                rule.demands.append(.otherItems(rest))
            }
            if let rest = try one("unevaluatedProperties", keywords) {
                rule.demands.append(.otherMembers(rest))
            }
            return rule
        default:
            throw SchemaError(
                pointer: pointer, problem: "a schema is an object or a boolean, not \(schema.kind)")
        }
    }

    /// The rules that the `$ref`s of all rules made so far, and of these, stand for.
    mutating func compileReferences() throws(SchemaError) -> [String: Rule] {
        var rules: [String: Rule] = [:]
        while let (text, pointer) = pending.popLast() {
            if rules[text] != nil { continue }
            guard let (target, place) = target(of: text) else {
                throw SchemaError(
                    pointer: pointer, problem: "'\(text)' is nowhere in this schema")
            }
            // Known before it is made, as it may refer to itself.
            rules[text] = .anything
            rules[text] = try compile(target, at: place)
        }
        return rules
    }

    private mutating func target(of reference: String) -> (Value, pointer: String)? {
        // Most references are to places, for which names need not be looked for.
        if !reference.hasPrefix("#/") { names.find(in: root) }
        return root.target(ofReference: reference, &names)
    }

    private mutating func addLogic(
        _ keywords: Keywords, to rule: inout Rule
    ) throws(SchemaError) {
        for name in ["$ref", "$dynamicRef"] {
            guard let text = try keywords.string(name) else { continue }
            pending.append((text, keywords.pointer(name)))
            rule.demands.append(.reference(text))
        }
        if let rules = try list("allOf", keywords) { rule.demands.append(.all(rules)) }
        if let rules = try list("anyOf", keywords) { rule.demands.append(.any(rules)) }
        if let rules = try list("oneOf", keywords) { rule.demands.append(.exactlyOne(rules)) }
        if let other = try one("not", keywords) { rule.demands.append(.not(other)) }
        if let condition = try one("if", keywords) {
            rule.demands.append(
                .condition(
                    if: condition, then: try one("then", keywords) ?? .anything,
                    else: try one("else", keywords) ?? .anything))
        }
    }

    private mutating func addArray(
        _ keywords: Keywords, to rule: inout Rule
    ) throws(SchemaError) {
        var first = try list("prefixItems", keywords) ?? []
        var rest: Rule?
        if case .array? = keywords["items"] {
            // As draft 7 has it.
            first = try list("items", keywords) ?? []
            rest = try one("additionalItems", keywords)
        } else {
            rest = try one("items", keywords)
        }
        if !first.isEmpty || rest != nil {
            rule.demands.append(.array(.items(first: first, rest: rest)))
        }
        if let part = try one("contains", keywords) {
            rule.demands.append(
                .array(
                    .contains(
                        part, minimum: try keywords.count("minContains") ?? 1,
                        maximum: try keywords.count("maxContains"))))
        }
    }

    private mutating func addObject(
        _ keywords: Keywords, to rule: inout Rule
    ) throws(SchemaError) {
        var named: [Name: Rule] = [:]
        for (name, schema) in try keywords.object("properties") ?? [:] {
            named[Name(name)] = try compile(schema, at: keywords.pointer("properties", name))
        }
        var matching: [ObjectDemand.Matching] = []
        for (text, schema) in try keywords.object("patternProperties") ?? [:] {
            let pointer = keywords.pointer("patternProperties", text)
            let pattern = try pattern(text, at: pointer)
            let rule = try compile(schema, at: pointer)
            matching.append(ObjectDemand.Matching(pattern: pattern, rule: rule))
        }
        let rest = try one("additionalProperties", keywords)
        if !named.isEmpty || !matching.isEmpty || rest != nil {
            rule.demands.append(.object(.members(named: named, matching: matching, rest: rest)))
        }
        if let names = try one("propertyNames", keywords) {
            rule.demands.append(.object(.names(names)))
        }
        for keyword in ["dependentSchemas", "dependencies"] {
            for (name, schema) in try keywords.object(keyword) ?? [:] {
                if case .array = schema { continue }
                let dependent = try compile(schema, at: keywords.pointer(keyword, name))
                rule.demands.append(.object(.dependent(name, dependent)))
            }
        }
    }

    private mutating func one(_ name: String, _ keywords: Keywords) throws(SchemaError) -> Rule? {
        guard let schema = keywords[name] else { return nil }
        return try compile(schema, at: keywords.pointer(name))
    }

    private mutating func list(
        _ name: String, _ keywords: Keywords
    ) throws(SchemaError) -> [Rule]? {
        guard let schemas = try keywords.array(name) else { return nil }
        var rules: [Rule] = []
        for (index, schema) in schemas.enumerated() {
            rules.append(try compile(schema, at: keywords.pointer(name, "\(index)")))
        }
        return rules
    }
}
