import JSON

/// One comparison of a value with rules.
struct Validation {
    private(set) var problems: [Problem] = []
    private let references: [String: Rule]

    /// References followed since the last step into the value.
    private var followed = 0

    /// More mistakes than this are not told.
    private static let most = 50

    /// A chain of references as long as this goes round in a circle.
    private static let longestChain = 100

    init(_ references: [String: Rule]) { self.references = references }

    /// The parts of a value that some keyword has looked at.
    struct Seen {
        var members: Set<String> = []
        var items: Set<Int> = []

        mutating func add(_ other: Seen) {
            members.formUnion(other.members)
            items.formUnion(other.items)
        }
    }

    mutating func report(_ message: String, at path: Path) {
        if problems.count < Self.most {
            problems.append(Problem(path: "\(path)", message: message))
        }
    }

    /// - Returns: Which parts of the value the rule was about.
    mutating func check(_ value: Value, _ rule: Rule, at path: Path) -> Seen {
        var seen = Seen()
        for demand in rule.demands { check(value, demand, at: path, &seen) }
        return seen
    }

    /// Checks a part of the value that is being checked.
    mutating func check(part: Value, _ rule: Rule, at path: Path) {
        let before = followed
        followed = 0
        _ = check(part, rule, at: path)
        followed = before
    }

    private mutating func check(
        _ value: Value, _ demand: Demand, at path: Path, _ seen: inout Seen
    ) {
        switch demand {
        case .nothing: report("nothing is allowed here", at: path)
        case .kind(let kinds):
            if !kinds.contains(where: { $0.includes(value) }) {
                let expected = kinds.map(\.phrase).joined(separator: " or ")
                report("expected \(expected), not \(value.shown)", at: path)
            }
        case .oneOf(let values, let isConstant):
            let canonical = value.canonical
            if !values.contains(where: { $0.canonical == canonical }) {
                let shown = values.prefix(20).map { $0.value.excerpt }.joined(separator: ", ")
                let expected =
                    isConstant ? shown : "one of \(shown)\(values.count > 20 ? ", …" : "")"
                report("expected \(expected), not \(value.excerpt)", at: path)
            }
        case .number(let demand): check(value, demand, at: path)
        case .string(let demand): check(value, demand, at: path)
        case .array(let demand):
            if case .array(let items) = value { check(items, demand, at: path, &seen) }
        case .object(let demand):
            if case .object(let members) = value { check(members, demand, value, at: path, &seen) }
        case .reference(let text):
            followed += 1
            defer { followed -= 1 }
            guard followed < Self.longestChain else {
                report("the schema refers to itself without end at '\(text)'", at: path)
                return
            }
            seen.add(check(value, references[text] ?? .anything, at: path))
        case .all(let rules):
            for rule in rules { seen.add(check(value, rule, at: path)) }
        case .any(let rules): checkAny(value, rules, at: path, &seen)
        case .exactlyOne(let rules): checkExactlyOne(value, rules, at: path, &seen)
        case .not(let rule):
            if trial(value, rule, at: path).problems.isEmpty {
                report("is what the schema forbids with 'not'", at: path)
            }
        case .condition(let condition, let then, let otherwise):
            let (problems, parts) = trial(value, condition, at: path)
            if problems.isEmpty { seen.add(parts) }
            seen.add(check(value, problems.isEmpty ? then : otherwise, at: path))
        case .otherItems(let rule):
            guard case .array(let items) = value else { return }
            for (index, item) in items.enumerated() where seen.items.insert(index).inserted {
                check(part: item, rule, at: .element(path, index))
            }
        case .otherMembers(let rule):
            guard case .object(let members) = value else { return }
            for (name, member) in members where seen.members.insert(name).inserted {
                checkOther(member, name, rule, at: path)
            }
        }
    }

    /// Checks without telling.
    mutating func trial(
        _ value: Value, _ rule: Rule, at path: Path
    ) -> (problems: [Problem], seen: Seen) {
        let before = problems
        problems = []
        let seen = check(value, rule, at: path)
        let found = problems
        problems = before
        return (found, seen)
    }

    private mutating func checkAny(
        _ value: Value, _ rules: [Rule], at path: Path, _ seen: inout Seen
    ) {
        let trials = rules.map { trial(value, $0, at: path) }
        let fitting = trials.filter(\.problems.isEmpty)
        for trial in fitting { seen.add(trial.seen) }
        if fitting.isEmpty { reportNone(trials.map(\.problems), at: path) }
    }

    private mutating func checkExactlyOne(
        _ value: Value, _ rules: [Rule], at path: Path, _ seen: inout Seen
    ) {
        let trials = rules.map { trial(value, $0, at: path) }
        let fitting = trials.indices.filter { trials[$0].problems.isEmpty }
        switch fitting.count {
        case 0: reportNone(trials.map(\.problems), at: path)
        case 1: seen.add(trials[fitting[0]].seen)
        default:
            let numbers = fitting.map { "\($0 + 1)" }.joined(separator: " and ")
            report("fits alternatives \(numbers), expected exactly one", at: path)
        }
    }

    /// Tells what is wrong with the alternative that is nearest to fitting.
    private mutating func reportNone(_ trials: [[Problem]], at path: Path) {
        // A mistake deeper inside tells that the way there was right.
        let nearest = trials.min { left, right in
            let (a, b) = (
                left.map(\.path.utf8.count).max() ?? 0, right.map(\.path.utf8.count).max() ?? 0
            )
            return a == b ? left.count < right.count : a > b
        }
        let problem = nearest?.first.map { "; the nearest: \($0)" } ?? ""
        report("fits none of \(trials.count) alternatives\(problem)", at: path)
    }
}

extension Value {
    /// What to call a value in a message: a number as it is, all else by its kind.
    fileprivate var shown: String {
        if case .number = self { excerpt } else { kind }
    }

    /// The beginning of the value's JSON.
    fileprivate var excerpt: String {
        let text = description
        return text.utf8.count <= 60 ? text : text.prefix(57) + "…"
    }
}
