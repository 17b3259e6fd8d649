import JSON

extension Validation {
    mutating func check(_ value: Value, _ demand: NumberAssertion, at path: Path) {
        guard case .number(let spelling) = value else { return }
        let number = Number(spelling)
        switch demand {
        case .minimum(let limit, let isExclusive):
            if number < limit || (isExclusive && number == limit) {
                let expected = isExclusive ? "more than \(limit)" : "at least \(limit)"
                report("expected \(expected), not \(spelling)", at: path)
            }
        case .maximum(let limit, let isExclusive):
            if limit < number || (isExclusive && number == limit) {
                let expected = isExclusive ? "less than \(limit)" : "at most \(limit)"
                report("expected \(expected), not \(spelling)", at: path)
            }
        case .multiple(let divisor):
            if !number.isMultiple(of: divisor) {
                report("expected a multiple of \(divisor), not \(spelling)", at: path)
            }
        }
    }

    mutating func check(_ value: Value, _ demand: StringAssertion, at path: Path) {
        guard case .string(let string) = value else { return }
        switch demand {
        case .minimum(let length):
            let actual = string.unicodeScalars.count
            if actual < length {
                report("expected at least \(length) characters, not \(actual)", at: path)
            }
        case .maximum(let length):
            let actual = string.unicodeScalars.count
            if actual > length {
                report("expected at most \(length) characters, not \(actual)", at: path)
            }
        case .pattern(let pattern):
            do throws(PatternError) {
                if try !pattern.matches(string, steps: &left.searchSteps) {
                    report("expected a string that matches '\(pattern.text)'", at: path)
                }
            } catch {
                report("the pattern '\(pattern.text)' \(error)", at: path, isDoubt: true)
            }
        }
    }

    mutating func check(
        _ items: [Value], _ demand: ArrayAssertion, at path: Path, _ seen: inout Seen
    ) {
        switch demand {
        case .minimum(let count):
            if items.count < count {
                report("expected at least \(count) items, not \(items.count)", at: path)
            }
        case .maximum(let count):
            if items.count > count {
                report("expected at most \(count) items, not \(items.count)", at: path)
            }
        case .unique:
            var places: [[UInt8]: Int] = [:]
            for (index, item) in items.enumerated() {
                if let earlier = places.updateValue(index, forKey: item.canonical) {
                    report("items \(earlier) and \(index) are equal", at: path)
                    return
                }
            }
        case .items(let first, let rest):
            for (index, item) in items.enumerated() {
                guard let rule = index < first.count ? first[index] : rest else { return }
                if notesSeen { seen.items.insert(index) }
                check(part: item, index, rule, at: .element(path, index))
            }
        case .contains(let rule, let minimum, let maximum):
            checkContained(items, rule, minimum, maximum, at: path, &seen)
        }
    }

    private mutating func checkContained(
        _ items: [Value], _ rule: Rule, _ minimum: Int, _ maximum: Int?, at path: Path,
        _ seen: inout Seen
    ) {
        var fitting = 0
        var doubts: [Problem] = []
        for (index, item) in items.enumerated() {
            switch Outlook(trial(part: item, index, rule, at: .element(path, index))) {
            case .fits:
                fitting += 1
                if notesSeen { seen.items.insert(index) }
            case .fails: continue
            case .doubt(let problem): doubts.append(problem)
            }
        }
        if let maximum, fitting > maximum {
            report("expected at most \(maximum) items of a kind, but \(fitting) fit", at: path)
        } else if fitting + doubts.count < minimum {
            report("expected at least \(minimum) items of a kind, but \(fitting) fit", at: path)
        } else if let doubt = doubts.first, notesSeen || fitting < minimum || maximum != nil {
            // The undecided ones determine the result.
            report(doubt)
        }
    }

    mutating func check(
        _ members: Members, _ demand: ObjectAssertion, _ value: Value, at path: Path,
        _ seen: inout Seen
    ) {
        switch demand {
        case .minimum(let count):
            if members.count < count {
                report("expected at least \(count) members, not \(members.count)", at: path)
            }
        case .maximum(let count):
            if members.count > count {
                report("expected at most \(count) members, not \(members.count)", at: path)
            }
        case .required(let names):
            let present = Set(members.map { Name($0.key) })
            for name in names where !present.contains(Name(name)) {
                report("member '\(name)' is missing", at: path)
            }
        case .together(let name, let others):
            guard members[name] != nil else { return }
            for other in others where members[other] == nil {
                report("member '\(other)' is missing, which '\(name)' needs", at: path)
            }
        case .dependent(let name, let rule):
            if members[name] != nil { seen.add(check(value, rule, at: path)) }
        case .names(let rule): checkNames(members, rule, at: path)
        case .members(let named, let matching, let rest):
            for (index, (name, member)) in members.enumerated() {
                var isKnown = false
                if let rule = named[Name(name)] {
                    isKnown = true
                    check(part: member, index, rule, at: .member(path, name))
                }
                for matching in matching where mayMatch(matching.pattern, name, at: path) {
                    isKnown = true
                    check(part: member, index, matching.rule, at: .member(path, name))
                }
                if !isKnown, let rest {
                    isKnown = true
                    checkOther(member, index, name, rest, at: path, allowed: named)
                }
                if isKnown, notesSeen { seen.members.insert(Name(name)) }
            }
        }
    }

    private mutating func checkNames(_ members: Members, _ rule: Rule, at path: Path) {
        for (index, member) in members.enumerated() {
            let problems = trial(part: .string(member.key), ~index, rule, at: .root)
            if let problem = problems.first(where: { !$0.isDoubt }) ?? problems.first {
                report(
                    "'\(member.key)' is not a good name here: \(problem.message)", at: path,
                    isDoubt: problem.isDoubt)
            }
        }
    }

    /// Returns true, and reports a problem, if it cannot be decided whether a name matches. Such a
    /// name does not count as one without a match.
    private mutating func mayMatch(_ pattern: Pattern, _ name: String, at path: Path) -> Bool {
        do throws(PatternError) { return try pattern.matches(name, steps: &left.searchSteps) } catch
        {
            report(
                "the pattern '\(pattern.text)' \(error)", at: .member(path, name), isDoubt: true)
            return true
        }
    }

    /// Checks a member that the schema does not name.
    mutating func checkOther(
        _ member: Value, _ index: Int, _ name: String, _ rule: Rule, at path: Path,
        allowed: [Name: Rule] = [:]
    ) {
        guard case .nothing? = rule.demands.first else {
            check(part: member, index, rule, at: .member(path, name))
            return
        }
        report("member '\(name)' is not allowed\(Self.hint(allowed))", at: path)
    }

    private static func hint(_ allowed: [Name: Rule]) -> String {
        if allowed.isEmpty { return "" }
        let names = allowed.keys.map(\.text).sorted().prefix(mostAllowed)
        let more = allowed.count > names.count ? ", …" : ""
        return " (allowed: \(names.joined(separator: ", "))\(more))"
    }

    /// The most names that are listed.
    private static let mostAllowed = 50
}
