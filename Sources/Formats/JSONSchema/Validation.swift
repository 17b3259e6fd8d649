import JSON

/// One comparison of a value with rules.
struct Validation {
    private(set) var problems: [Problem] = []
    private let rules: Rules

    /// The number of the part that is being checked; 0 for the whole value.
    private var place = 0

    /// The numbers of the places that have been checked.
    private var places: [Step: Int] = [:]

    /// The outcome of each reference at each place, so that a schema that refers to a few of its
    /// parts again and again does not take more time than one that does not.
    private var outcomes: [Question: Outcome] = [:]

    /// The number of rules around the one that is being checked.
    private var depth = 0

    /// The work that may still be done.
    var left: Limits

    /// The anchors that a `$dynamicRef` leads to from here, as an index into `scopes`.
    private var scope = 0

    /// The number of the anchor for each name in a `$dynamicRef`: the one in the outermost resource
    /// that has it, of those entered on the way.
    private var scopes: [[Int?]]
    private var scopeNumbers: [[Int?]: Int] = [:]

    /// A step into the value.
    private struct Step: Hashable {
        let place: Int
        /// The index of the item or the member, or the complement of the index for the name of a
        /// member.
        let index: Int
    }

    private struct Question: Hashable {
        let reference: Int
        let place: Int
        let scope: Int
    }

    private enum Outcome {
        /// The check has not finished.
        case open
        case found(problems: [Problem], seen: Seen)
    }

    /// The most mistakes that are reported.
    private static let most = 50

    /// The deepest nesting of rules. More would not fit on the stack of a thread.
    private static let deepest = 2000

    /// The most outcomes that are kept.
    private static let mostOutcomes = 1_000_000

    private static let mostScopes = 1000

    init(_ rules: Rules, within limits: Limits) {
        self.rules = rules
        left = limits
        scopes = [Array(repeating: nil, count: rules.dynamicAnchors.count)]
    }

    mutating func check(_ value: Value) {
        _ = check(value, rules.root, at: .root)
    }

    /// True if the parts that some keyword has evaluated are noted.
    var notesSeen: Bool { rules.isAboutUnseen }

    /// The parts of a value that some keyword has evaluated.
    struct Seen {
        var members: Set<Name> = []
        var items: Set<Int> = []

        mutating func add(_ other: Seen) {
            members.formUnion(other.members)
            items.formUnion(other.items)
        }
    }

    mutating func report(
        _ message: @autoclosure () -> String, at path: Path, isDoubt: Bool = false
    ) {
        if problems.count < Self.most {
            problems.append(Problem(path: "\(path)", message: message(), isDoubt: isDoubt))
        }
    }

    /// - Returns: The parts of the value that the rule has evaluated.
    mutating func check(_ value: Value, _ rule: Rule, at path: Path) -> Seen {
        var seen = Seen()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            report("the schema is nested too deeply", at: path, isDoubt: true)
            return seen
        }
        left.checks -= 1
        guard left.checks > 0 else {
            report("the schema takes too long to check", at: path, isDoubt: true)
            return seen
        }
        let outer = scope
        if let resource = rule.resource, !rules.dynamicAnchors.isEmpty {
            guard enter(resource) else {
                report("the schema refers to itself in too many ways", at: path, isDoubt: true)
                return seen
            }
        }
        for demand in rule.demands { check(value, demand, at: path, &seen) }
        scope = outer
        return seen
    }

    /// Changes the scope to the one within a resource.
    ///
    /// - Returns: False if there are too many scopes.
    private mutating func enter(_ resource: Int) -> Bool {
        var anchors = scopes[scope]
        for (name, numbers) in rules.dynamicAnchors.enumerated() where anchors[name] == nil {
            anchors[name] = numbers[resource]
        }
        if anchors == scopes[scope] { return true }
        if let known = scopeNumbers[anchors] {
            scope = known
            return true
        }
        guard scopes.count < Self.mostScopes else { return false }
        scope = scopes.count
        scopes.append(anchors)
        scopeNumbers[anchors] = scope
        return true
    }

    /// Checks a part of the value that is being checked.
    ///
    /// - Parameter index: The index of the item or member, or the complement of the index for the
    ///   name of a member.
    mutating func check(part: Value, _ index: Int, _ rule: Rule, at path: Path) {
        let before = place
        if !rules.references.isEmpty {
            let step = Step(place: place, index: index)
            place = places[step] ?? places.count + 1
            places[step] = place
        }
        _ = check(part, rule, at: path)
        place = before
    }

    /// Returns the problems that a check of a part would report.
    mutating func trial(part: Value, _ index: Int, _ rule: Rule, at path: Path) -> [Problem] {
        let before = problems
        problems = []
        check(part: part, index, rule, at: path)
        let found = problems
        problems = before
        return found
    }

    private mutating func follow(_ reference: Int, _ value: Value, at path: Path) -> Seen {
        let question = Question(reference: reference, place: place, scope: scope)
        switch outcomes[question] {
        case .open?:
            let pointer = rules.pointers[reference]
            report(
                "the schema refers to itself without end at '#\(pointer)'", at: path,
                isDoubt: true)
            return Seen()
        case .found(let problems, let seen)?:
            tell(problems)
            return seen
        case nil:
            outcomes[question] = .open
            let (problems, seen) = trial(value, rules.references[reference], at: path)
            let isKept = outcomes.count < Self.mostOutcomes
            outcomes[question] = isKept ? .found(problems: problems, seen: seen) : nil
            tell(problems)
            return seen
        }
    }

    mutating func report(_ problem: Problem) { tell([problem]) }

    private mutating func tell(_ problems: [Problem]) {
        self.problems += problems.prefix(Self.most - self.problems.count)
    }

    private mutating func check(
        _ value: Value, _ demand: Assertion, at path: Path, _ seen: inout Seen
    ) {
        switch demand {
        case .nothing: report("nothing is allowed here", at: path)
        case .kind(let kinds): checkKind(value, kinds, at: path)
        case .oneOf(let values, let isConstant): checkEqual(value, values, isConstant, at: path)
        case .number(let demand): check(value, demand, at: path)
        case .string(let demand): check(value, demand, at: path)
        case .array(let demand):
            if case .array(let items) = value { check(items, demand, at: path, &seen) }
        case .object(let demand):
            if case .object(let members) = value { check(members, demand, value, at: path, &seen) }
        case .reference(let number): seen.add(follow(number, value, at: path))
        case .dynamicReference(let name, let otherwise):
            seen.add(follow(scopes[scope][name] ?? otherwise, value, at: path))
        case .all(let rules):
            for rule in rules { seen.add(check(value, rule, at: path)) }
        case .any(let rules): checkAny(value, rules, at: path, &seen)
        case .exactlyOne(let rules): checkExactlyOne(value, rules, at: path, &seen)
        case .not(let rule): checkNot(value, rule, at: path)
        case .condition(let condition, let then, let otherwise):
            let branch = branch(value, condition, at: path, &seen)
            if let branch { seen.add(check(value, branch ? then : otherwise, at: path)) }
        case .otherItems(let rule):
            if case .array(let items) = value { checkOther(items, rule, at: path, &seen) }
        case .otherMembers(let rule):
            if case .object(let members) = value { checkOther(members, rule, at: path, &seen) }
        }
    }

    private mutating func checkKind(_ value: Value, _ kinds: [Kind], at path: Path) {
        if !kinds.contains(where: { $0.includes(value) }) {
            let expected = kinds.map(\.phrase).joined(separator: " or ")
            report("expected \(expected), not \(value.shown)", at: path)
        }
    }

    private mutating func checkEqual(
        _ value: Value, _ values: Assertion.Values, _ isConstant: Bool, at path: Path
    ) {
        if !values.contains(value) {
            let all = values.values
            let shown = all.prefix(20).map { $0.excerpt }.joined(separator: ", ")
            let expected = isConstant ? shown : "one of \(shown)\(all.count > 20 ? ", …" : "")"
            report("expected \(expected), not \(value.excerpt)", at: path)
        }
    }

    private mutating func checkNot(_ value: Value, _ rule: Rule, at path: Path) {
        switch Outlook(trial(value, rule, at: path).problems) {
        case .fits: report("is what the schema forbids with 'not'", at: path)
        case .fails: break
        case .doubt(let problem): report(problem)
        }
    }

    /// Returns true if a condition holds, and nil if that cannot be decided, which is reported.
    private mutating func branch(
        _ value: Value, _ condition: Rule, at path: Path, _ seen: inout Seen
    ) -> Bool? {
        let (problems, parts) = trial(value, condition, at: path)
        switch Outlook(problems) {
        case .fits:
            seen.add(parts)
            return true
        case .fails: return false
        case .doubt(let problem):
            report(problem)
            return nil
        }
    }

    private mutating func checkOther(
        _ items: [Value], _ rule: Rule, at path: Path, _ seen: inout Seen
    ) {
        for (index, item) in items.enumerated() where seen.items.insert(index).inserted {
            check(part: item, index, rule, at: .element(path, index))
        }
    }

    private mutating func checkOther(
        _ members: Members, _ rule: Rule, at path: Path, _ seen: inout Seen
    ) {
        for (index, (name, member)) in members.enumerated()
        where seen.members.insert(Name(name)).inserted {
            checkOther(member, index, name, rule, at: path)
        }
    }

    /// Checks without reporting the problems.
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
        case 1:
            seen.add(trials[fitting[0]].seen)
            for trial in trials {
                if case .doubt(let problem) = Outlook(trial.problems) { report(problem) }
            }
        default:
            let numbers = fitting.map { "\($0 + 1)" }.joined(separator: " and ")
            report("fits alternatives \(numbers), expected exactly one", at: path)
        }
    }

    /// Reports the problems of the alternative that comes nearest to fitting.
    private mutating func reportNone(_ trials: [[Problem]], at path: Path) {
        let isDoubt = trials.contains { Outlook($0).isDoubt }
        // A mistake deeper inside shows that the way there was right; a doubt has to be resolved
        // first.
        let nearest =
            trials.first { Outlook($0).isDoubt }
            ?? trials.min { left, right in
                let (a, b) = (
                    left.map(\.path.utf8.count).max() ?? 0, right.map(\.path.utf8.count).max() ?? 0
                )
                return a == b ? left.count < right.count : a > b
            }
        let problem = nearest?.first.map { "; the nearest: \($0)" } ?? ""
        report(
            "fits none of \(trials.count) alternatives\(problem)", at: path, isDoubt: isDoubt)
    }
}

/// The outcome of a trial.
enum Outlook {
    case fits
    case fails
    /// The result is undecided, for this reason.
    case doubt(Problem)

    init(_ problems: [Problem]) {
        // One certain mistake decides it.
        guard let first = problems.first else {
            self = .fits
            return
        }
        self = problems.allSatisfy(\.isDoubt) ? .doubt(first) : .fails
    }

    var isDoubt: Bool { if case .doubt = self { true } else { false } }
}

extension Value {
    /// The name of a value in a message: a number as it is, any other value by its kind.
    fileprivate var shown: String {
        if case .number = self { excerpt } else { kind }
    }

    /// The beginning of the value's JSON.
    fileprivate var excerpt: String {
        let text = description
        return text.utf8.count <= 60 ? text : text.prefix(57) + "…"
    }
}
