import JSON

extension Compiler {
    /// Adds the demands that do not contain a schema.
    mutating func addSimple(_ keywords: Keywords, to rule: inout Rule) throws(SchemaError) {
        if let kinds = try kinds(keywords) { rule.demands.append(.kind(kinds)) }
        if let values = try keywords.array("enum") {
            rule.demands.append(.oneOf(Assertion.Values(values), isConstant: false))
        }
        if let value = keywords["const"] {
            rule.demands.append(.oneOf(Assertion.Values([value]), isConstant: true))
        }
        for demand in try numbers(keywords) { rule.demands.append(.number(demand)) }
        if let length = try keywords.count("minLength") {
            rule.demands.append(.string(.minimum(length)))
        }
        if let length = try keywords.count("maxLength") {
            rule.demands.append(.string(.maximum(length)))
        }
        if let pattern = try keywords.string("pattern") {
            let pattern = try self.pattern(pattern, at: keywords.pointer("pattern"))
            rule.demands.append(.string(.pattern(pattern)))
        }
        if let count = try keywords.count("minItems") {
            rule.demands.append(.array(.minimum(count)))
        }
        if let count = try keywords.count("maxItems") {
            rule.demands.append(.array(.maximum(count)))
        }
        if case .bool(true)? = keywords["uniqueItems"] { rule.demands.append(.array(.unique)) }
        if let count = try keywords.count("minProperties") {
            rule.demands.append(.object(.minimum(count)))
        }
        if let count = try keywords.count("maxProperties") {
            rule.demands.append(.object(.maximum(count)))
        }
        if let names = try keywords.strings("required"), !names.isEmpty {
            rule.demands.append(.object(.required(names)))
        }
        for keyword in ["dependentRequired", "dependencies"] {
            for (name, others) in try keywords.object(keyword) ?? [:] {
                // The other values in draft 7 are schemas.
                guard case .array(let others) = others else { continue }
                rule.demands.append(.object(.together(name, others.compactMap(\.string))))
            }
        }
    }

    private func kinds(_ keywords: Keywords) throws(SchemaError) -> [Kind]? {
        guard let type = keywords["type"] else { return nil }
        var kinds: [Kind] = []
        for name in type.array ?? [type] {
            guard let kind = name.string.flatMap(Kind.init) else {
                throw SchemaError(
                    pointer: keywords.pointer("type"),
                    problem: "expected string, number, integer, boolean, array, object or null, "
                        + "not \(name)")
            }
            kinds.append(kind)
        }
        return kinds
    }

    private func numbers(_ keywords: Keywords) throws(SchemaError) -> [NumberAssertion] {
        var demands: [NumberAssertion] = []
        let lower = try keywords.limit("minimum", "exclusiveMinimum")
        demands += lower.map { .minimum($0.number, isExclusive: $0.isExclusive) }
        let upper = try keywords.limit("maximum", "exclusiveMaximum")
        demands += upper.map { .maximum($0.number, isExclusive: $0.isExclusive) }
        if let number = try keywords.number("multipleOf") {
            guard !number.digits.isEmpty, !number.isNegative else {
                throw SchemaError(
                    pointer: keywords.pointer("multipleOf"), problem: "expected a number above 0")
            }
            demands.append(.multiple(of: number))
        }
        return demands
    }
}
