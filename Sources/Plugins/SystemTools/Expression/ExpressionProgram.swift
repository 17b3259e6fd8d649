/// A regular expression as steps over bytes, of which any number is under way at a time.
struct ExpressionProgram: Equatable, Sendable {
    enum Step: Equatable, Sendable {
        case byte(ClosedRange<UInt8>, next: Int)
        case fork(Int, Int)
        case assertion(Assertion, next: Int)
        case found
    }

    private(set) var steps: [Step] = [.found]
    private(set) var start = 0

    /// What one byte more costs at worst grows with it.
    private static let mostSteps = 20_000

    private static let tooLarge = ExpressionError(
        position: 1, problem: "its repetitions make it too large, beginning")

    /// How often a part of the syntax has been added.
    private var parts = 0

    init(_ syntax: Syntax) throws(ExpressionError) { start = try add(syntax, next: 0) }

    /// - Returns: The first step of what goes on at `next` once it has matched.
    private mutating func add(_ syntax: Syntax, next: Int) throws(ExpressionError) -> Int {
        // Nothing, repeated a thousand times a thousand times, takes no step but for ever.
        parts += 1
        guard parts < Self.mostSteps else { throw Self.tooLarge }
        switch syntax {
        case .scalar(let set): return try add(set, next: next)
        case .assertion(let assertion): return try add(.assertion(assertion, next: next))
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() { next = try add(part, next: next) }
            return next
        case .choice(let branches):
            var first = try add(branches[branches.count - 1], next: next)
            for branch in branches.dropLast().reversed() {
                first = try add(.fork(try add(branch, next: next), first))
            }
            return first
        case .repeated(let part, let least, let most):
            var first = next
            if let most {
                for _ in least..<most {
                    first = try add(.fork(try add(part, next: first), next))
                }
            } else {
                first = try add(.found)
                steps[first] = .fork(try add(part, next: first), next)
            }
            for _ in 0..<least { first = try add(part, next: first) }
            return first
        }
    }

    private mutating func add(_ set: ScalarSet, next: Int) throws(ExpressionError) -> Int {
        var first: Int?
        for bytes in set.ranges.flatMap(ByteSequence.all(of:)).reversed() {
            var step = next
            for range in bytes.ranges.reversed() { step = try add(.byte(range, next: step)) }
            if let other = first { step = try add(.fork(step, other)) }
            first = step
        }
        if let first { return first }
        // An empty set: no text has this byte.
        return try add(.byte(255...255, next: next))
    }

    private mutating func add(_ step: Step) throws(ExpressionError) -> Int {
        guard steps.count < Self.mostSteps else { throw Self.tooLarge }
        steps.append(step)
        return steps.count - 1
    }
}
