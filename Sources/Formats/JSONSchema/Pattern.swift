/// A regular expression as ECMA-262 has it, searched for in a text in time proportional to the
/// sizes of both: a tool's schema may come from anywhere, and must not be able to stop us.
struct Pattern: Sendable {
    let text: String

    private let program: Result<[Instruction], PatternError>

    /// More steps than this are too large for one pattern; `[a-z]{1,64}` takes about 128.
    private static let most = 20_000

    /// - Parameter steps: How many may still be made, less those of this pattern afterwards.
    /// - Throws: `.malformed` if it is not a regular expression.
    init(_ text: String, steps: inout Int) throws(PatternError) {
        self.text = text
        var left = min(steps, Self.most)
        let allowed = left
        do throws(PatternError) {
            var parser = PatternParser(text)
            program = .success(try Instruction.program(for: parser.parse(), steps: &left))
        } catch .malformed {
            throw .malformed
        } catch {
            program = .failure(error)
        }
        steps -= allowed - left
    }

    /// Returns whether the pattern is found anywhere in a text.
    ///
    /// - Parameter steps: How many the search may take, less those it took afterwards.
    /// - Throws: `.unsupported` and `.tooLarge` if that cannot be found out.
    func matches(_ text: String, steps: inout Int) throws(PatternError) -> Bool {
        var search = PatternSearch(Array(text.unicodeScalars), steps: steps)
        defer { steps = search.steps }
        let found = try search.finds(program.get(), from: 0, isAnchored: false)
        guard let found else { throw .tooLarge }
        return found
    }
}

/// A reason why a text is not a pattern, or cannot be used as one.
enum PatternError: Error, Equatable {
    /// It is not a regular expression.
    case malformed

    /// It, or the search for it, takes too many steps.
    case tooLarge

    /// It needs more than to read a text once: a reference to a group, say.
    case unsupported(String)
}

extension PatternError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed: "is not a regular expression"
        case .tooLarge: "takes too long to search for"
        case .unsupported(let part): "has \(part), which is not supported"
        }
    }
}

/// A part of a regular expression.
indirect enum Expression: Sendable {
    case sequence([Expression])
    case either([Expression])
    case scalar(ScalarSet)
    /// - Parameter most: nil is without end.
    case repeated(Expression, least: Int, most: Int?)
    case start
    case end
    case wordEdge(isOne: Bool)
    /// A condition: what comes next begins with that, or does not; or what is behind ends with it.
    case look(Expression, isBehind: Bool, isOne: Bool)
}

/// A step of the machine that a pattern is made into.
enum Instruction: Sendable {
    case scalar(ScalarSet)
    /// Goes on in two places.
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case wordEdge(isOne: Bool)
    case look([Instruction], isBehind: Bool, isOne: Bool)
    case found

    /// - Parameter steps: How many there may be, less those that there are afterwards.
    static func program(
        for expression: Expression, steps: inout Int
    ) throws(PatternError) -> [Instruction] {
        var builder = ProgramBuilder(left: steps)
        defer { steps = builder.left }
        return try builder.program(for: expression)
    }
}

/// Makes a program of an expression.
private struct ProgramBuilder {
    /// The number of steps that may still be added.
    private(set) var left: Int

    /// True within a look behind, whose text is read from its end.
    private var isBackwards = false

    init(left: Int) { self.left = left }

    mutating func program(for expression: Expression) throws(PatternError) -> [Instruction] {
        var program: [Instruction] = []
        try append(expression, to: &program)
        try add(.found, to: &program)
        return program
    }

    private mutating func add(
        _ instruction: Instruction, to program: inout [Instruction]
    ) throws(PatternError) {
        left -= 1
        guard left > 0 else { throw .tooLarge }
        program.append(instruction)
    }

    private mutating func append(
        _ expression: Expression, to program: inout [Instruction]
    ) throws(PatternError) {
        switch expression {
        case .sequence(let parts):
            for part in isBackwards ? parts.reversed() : parts { try append(part, to: &program) }
        case .either(let parts): try append(alternatives: parts, to: &program)
        case .repeated(let part, let least, let most):
            try append(part, least, most, to: &program)
        case .scalar(let set): try add(.scalar(set), to: &program)
        case .start: try add(.start, to: &program)
        case .end: try add(.end, to: &program)
        case .wordEdge(let isOne): try add(.wordEdge(isOne: isOne), to: &program)
        case .look(let part, let isBehind, let isOne):
            let wasBackwards = isBackwards
            isBackwards = isBehind
            defer { isBackwards = wasBackwards }
            let part = try self.program(for: part)
            try add(.look(part, isBehind: isBehind, isOne: isOne), to: &program)
        }
    }

    private mutating func append(
        alternatives parts: [Expression], to program: inout [Instruction]
    ) throws(PatternError) {
        var ends: [Int] = []
        for part in parts.dropLast() {
            let split = program.count
            try add(.split(split + 1, 0), to: &program)
            try append(part, to: &program)
            ends.append(program.count)
            try add(.jump(0), to: &program)
            program[split] = .split(split + 1, program.count)
        }
        if let last = parts.last { try append(last, to: &program) }
        for end in ends { program[end] = .jump(program.count) }
    }

    private mutating func append(
        _ part: Expression, _ least: Int, _ most: Int?, to program: inout [Instruction]
    ) throws(PatternError) {
        for _ in 0..<least {
            let start = program.count
            try append(part, to: &program)
            // Nothing is the same however often it is there.
            if program.count == start { break }
        }
        var splits: [Int] = []
        for _ in 0..<(most.map { $0 - least } ?? 1) {
            splits.append(program.count)
            try add(.split(program.count + 1, 0), to: &program)
            try append(part, to: &program)
        }
        if most == nil { try add(.jump(splits[0]), to: &program) }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
