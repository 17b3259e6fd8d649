/// A regular expression as ECMA-262 has it, searched for in a text in time proportional to the
/// sizes of both: a tool's schema comes from who knows where, and must not be able to stop us.
struct Pattern: Sendable {
    let text: String

    /// nil if what it asks for cannot be found out in such time.
    private let program: [Instruction]?

    /// - Throws: `.malformed` if it is no regular expression.
    init(_ text: String) throws(PatternError) {
        self.text = text
        do throws(PatternError) {
            var parser = PatternParser(text)
            program = try Instruction.program(for: parser.parse())
        } catch .beyond {
            program = nil
        }
    }

    /// Whether it is found anywhere in a text; nil if that is not known.
    func matches(_ text: String) -> Bool? {
        guard let program else { return nil }
        var search = PatternSearch(Array(text.unicodeScalars))
        return search.finds(program, from: 0, isAnchored: false)
    }
}

/// What keeps a text from being a pattern.
enum PatternError: Error {
    /// It is no regular expression.
    case malformed

    /// It needs more than to be read once: a reference to a group, say, or a script's name.
    case beyond
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
    /// What comes next does, or does not, begin with that.
    case ahead(Expression, isOne: Bool)
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
    case ahead([Instruction], isOne: Bool)
    case found

    static func program(for expression: Expression) throws(PatternError) -> [Instruction] {
        var builder = ProgramBuilder()
        return try builder.program(for: expression)
    }
}

/// Makes a program of an expression.
private struct ProgramBuilder {
    /// How many steps may still be added; `[a-z]{1,64}` takes about 128.
    private var left = 20_000

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
        guard left > 0 else { throw .beyond }
        program.append(instruction)
    }

    private mutating func append(
        _ expression: Expression, to program: inout [Instruction]
    ) throws(PatternError) {
        switch expression {
        case .sequence(let parts): for part in parts { try append(part, to: &program) }
        case .either(let parts): try append(alternatives: parts, to: &program)
        case .repeated(let part, let least, let most):
            try append(part, least, most, to: &program)
        case .scalar(let set): try add(.scalar(set), to: &program)
        case .start: try add(.start, to: &program)
        case .end: try add(.end, to: &program)
        case .wordEdge(let isOne): try add(.wordEdge(isOne: isOne), to: &program)
        case .ahead(let part, let isOne):
            try add(.ahead(self.program(for: part), isOne: isOne), to: &program)
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
