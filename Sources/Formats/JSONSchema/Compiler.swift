import JSON

/// A compiler that turns the JSON of a schema into rules.
struct Compiler {
    private var resources: Resources

    /// The numbers of the references' targets.
    private var numbers: [Target: Int] = [:]

    /// The rules that references stand for, by number.
    private var references: [Rule] = []
    private var pointers: [Pointer] = []

    /// The targets for which a rule has not been made yet.
    private var pending: [(number: Int, place: Resources.Place)] = []

    /// The numbers of the names in a `$dynamicRef`.
    private var dynamicNames: [String: Int] = [:]

    private var isAboutUnseen = false

    /// The patterns by their text, as many schemas repeat the same pattern.
    private var patterns: [String: Pattern] = [:]

    /// The number of rules that may still be made. Many references to large parts make many rules.
    private var left = 100_000

    /// The number of steps that all patterns may still have.
    private var patternSteps = 500_000

    private struct Target: Hashable {
        let document: Int
        let pointer: Pointer
    }

    /// - Parameter documents: The documents that references may name, by URI.
    init(_ root: Value, documents: [String: Value]) {
        resources = Resources(root, given: documents)
    }

    mutating func compile() throws(SchemaError) -> Rules {
        let place = resources.root
        var root = try compile(place.value, at: place.pointer, in: place.resource)
        root.resource = place.resource
        var dynamicAnchors: [[Int: Int]] = []
        repeat {
            while let (number, place) = pending.popLast() {
                references[number] = try compile(
                    place.value, at: place.pointer, in: place.resource)
                references[number].resource = place.resource
            }
            dynamicAnchors = numberDynamicAnchors()
        } while !pending.isEmpty
        return Rules(
            root: root, references: references, pointers: pointers,
            dynamicAnchors: dynamicAnchors, isAboutUnseen: isAboutUnseen)
    }

    /// Makes targets of all anchors to which a `$dynamicRef` may lead.
    private mutating func numberDynamicAnchors() -> [[Int: Int]] {
        guard !dynamicNames.isEmpty else { return [] }
        resources.searchAll()
        var numbers: [[Int: Int]] = Array(repeating: [:], count: dynamicNames.count)
        for (index, resource) in resources.list.enumerated() {
            for name in resource.dynamicAnchors {
                guard let number = dynamicNames[name], let place = resource.anchors[name] else {
                    continue
                }
                numbers[number][index] = self.number(of: place)
            }
        }
        return numbers
    }

    private mutating func number(of place: Resources.Place) -> Int {
        let target = Target(document: place.document, pointer: place.pointer)
        if let known = numbers[target] { return known }
        let number = references.count
        numbers[target] = number
        references.append(.anything)
        pointers.append(place.pointer)
        pending.append((number, place))
        return number
    }

    /// - Parameters:
    ///   - pointer: The place of this schema in its document.
    ///   - outer: The resource that contains it.
    private mutating func compile(
        _ schema: Value, at pointer: Pointer, in outer: Int
    ) throws(SchemaError) -> Rule {
        left -= 1
        guard left > 0 else {
            throw SchemaError(pointer: pointer, problem: "the schema is too large")
        }
        switch schema {
        case .bool(true): return .anything
        case .bool(false): return .nothing
        case .object(var members):
            let resource = resources.resource(of: schema, at: pointer, in: outer)
            let dialect = resources.list[resource].dialect
            if dialect.isOld, let reference = members["$ref"] { members = ["$ref": reference] }
            var rule = Rule()
            if resource != outer { rule.resource = resource }
            let keywords = Keywords(members, at: pointer, in: resource)
            if dialect.hasValidation { try addSimple(keywords, to: &rule) }
            try addLogic(keywords, to: &rule)
            try addArray(keywords, to: &rule)
            try addObject(keywords, to: &rule)
            // These come last, as they apply to what the others have left.
            if let rest = try one("unevaluatedItems", keywords) {
                rule.demands.append(.otherItems(rest))
                isAboutUnseen = true
            }
            if let rest = try one("unevaluatedProperties", keywords) {
                rule.demands.append(.otherMembers(rest))
                isAboutUnseen = true
            }
            return rule
        default:
            throw SchemaError(
                pointer: pointer, problem: "a schema is an object or a boolean, not \(schema.kind)")
        }
    }

    private mutating func target(
        _ keyword: String, _ text: String, _ keywords: Keywords
    ) throws(SchemaError) -> Resources.Place {
        guard let place = resources.target(of: text, in: keywords.resource) else {
            throw SchemaError(
                pointer: keywords.pointer(keyword), problem: "'\(text)' is nowhere in this schema")
        }
        return place
    }

    /// Reads a regular expression.
    ///
    /// - Parameter pointer: Its place in the schema.
    mutating func pattern(_ text: String, at pointer: Pointer) throws(SchemaError) -> Pattern {
        if let known = patterns[text] { return known }
        do {
            let pattern = try Pattern(text, steps: &patternSteps)
            patterns[text] = pattern
            return pattern
        } catch {
            throw SchemaError(pointer: pointer, problem: "'\(text)' is no regular expression")
        }
    }

    private mutating func addLogic(
        _ keywords: Keywords, to rule: inout Rule
    ) throws(SchemaError) {
        if let text = try keywords.string("$ref") {
            let place = try target("$ref", text, keywords)
            rule.demands.append(.reference(number(of: place)))
        }
        if let text = try keywords.string("$dynamicRef") {
            let place = try target("$dynamicRef", text, keywords)
            let otherwise = number(of: place)
            let fragment = URIReference(text).fragment?.withoutPercentEncoding ?? ""
            // Only an anchor that is dynamic itself leads to others.
            if resources.list[place.resource].dynamicAnchors.contains(fragment) {
                let name = dynamicNames[fragment] ?? dynamicNames.count
                dynamicNames[fragment] = name
                rule.demands.append(.dynamicReference(name: name, fallback: otherwise))
            } else {
                rule.demands.append(.reference(otherwise))
            }
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
            // This is the form of draft 7.
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
            named[Name(name)] = try compile(
                schema, at: keywords.pointer("properties", name), in: keywords.resource)
        }
        var matching: [ObjectAssertion.Matching] = []
        for (text, schema) in try keywords.object("patternProperties") ?? [:] {
            let pointer = keywords.pointer("patternProperties", text)
            let pattern = try pattern(text, at: pointer)
            let rule = try compile(schema, at: pointer, in: keywords.resource)
            matching.append(ObjectAssertion.Matching(pattern: pattern, rule: rule))
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
                let dependent = try compile(
                    schema, at: keywords.pointer(keyword, name), in: keywords.resource)
                rule.demands.append(.object(.dependent(name, dependent)))
            }
        }
    }

    private mutating func one(_ name: String, _ keywords: Keywords) throws(SchemaError) -> Rule? {
        guard let schema = keywords[name] else { return nil }
        return try compile(schema, at: keywords.pointer(name), in: keywords.resource)
    }

    private mutating func list(
        _ name: String, _ keywords: Keywords
    ) throws(SchemaError) -> [Rule]? {
        guard let schemas = try keywords.array(name) else { return nil }
        var rules: [Rule] = []
        for (index, schema) in schemas.enumerated() {
            rules.append(
                try compile(
                    schema, at: keywords.pointer(name, "\(index)"), in: keywords.resource))
        }
        return rules
    }
}
