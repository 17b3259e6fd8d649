import JSON

/// One comparison of a value with rules.
struct Validation {
    private(set) var problems: [Problem] = []
    private let references: [String: Rule]

    /// Where in the value the part is that is being checked; 0 is the whole.
    private var place = 0

    /// The places that some part was checked at.
    private var places: [Step: Int] = [:]

    /// What came of each reference at each place, so that a schema that refers to a few of its
    /// parts again and again takes no more time than one that does not.
    private var outcomes: [Question: Outcome] = [:]

    /// Rules within which a rule is checked.
    private var depth = 0

    /// A step into the value.
    private struct Step: Hashable {
        let place: Int
        /// Of the item or the member; its complement for a member's name.
        let index: Int
    }

    private struct Question: Hashable {
        let reference: String
        let place: Int
    }

    private enum Outcome {
        /// It is being found out.
        case open
        case found(problems: [Problem], seen: Seen)
    }

    /// More mistakes than this are not told.
    private static let most = 50

    /// More rules within each other would not fit on a thread's stack.
    private static let deepest = 2000

    init(_ references: [String: Rule]) { self.references = references }

    /// The parts of a value that some keyword has looked at.
    struct Seen {
        var members: Set<Name> = []
        var items: Set<Int> = []

        mutating func add(_ other: Seen) {
            members.formUnion(other.members)
            items.formUnion(other.items)
        }
    }

    mutating func report(_ message: @autoclosure () -> String, at path: Path) {
        if problems.count < Self.most {
            problems.append(Problem(path: "\(path)", message: message()))
        }
    }

    /// - Returns: Which parts of the value the rule was about.
    mutating func check(_ value: Value, _ rule: Rule, at path: Path) -> Seen {
        var seen = Seen()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            report("the schema is nested too deeply", at: path)
            return seen
        }
        for demand in rule.demands { check(value, demand, at: path, &seen) }
        return seen
    }

    /// Checks a part of the value that is being checked.
    ///
    /// - Parameter index: Which of its items or members it is; its complement for the name of
    ///   a member.
    mutating func check(part: Value, _ index: Int, _ rule: Rule, at path: Path) {
        let before = place
        if !references.isEmpty {
            let step = Step(place: place, index: index)
            place = places[step] ?? places.count + 1
            places[step] = place
        }
        _ = check(part, rule, at: path)
        place = before
    }

    /// What would be told of a part.
    mutating func trial(part: Value, _ index: Int, _ rule: Rule, at path: Path) -> [Problem] {
        let before = problems
        problems = []
        check(part: part, index, rule, at: path)
        let found = problems
        problems = before
        return found
    }

    private mutating func follow(_ reference: String, _ value: Value, at path: Path) -> Seen {
        let question = Question(reference: reference, place: place)
        switch outcomes[question] {
        case .open?:
            report("the schema refers to itself without end at '\(reference)'", at: path)
            return Seen()
        case .found(let problems, let seen)?:
            tell(problems)
            return seen
        case nil:
            outcomes[question] = .open
            let (problems, seen) = trial(value, references[reference] ?? .anything, at: path)
            outcomes[question] = .found(problems: problems, seen: seen)
            tell(problems)
            return seen
        }
    }

    private mutating func tell(_ problems: [Problem]) {
        self.problems += problems.prefix(Self.most - self.problems.count)
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
        case .reference(let text): seen.add(follow(text, value, at: path))
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
                check(part: item, index, rule, at: .element(path, index))
            }
        case .otherMembers(let rule):
            guard case .object(let members) = value else { return }
            for (index, (name, member)) in members.enumerated()
            where seen.members.insert(Name(name)).inserted {
                checkOther(member, index, name, rule, at: path)
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
