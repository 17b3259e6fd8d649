/// A regular expression that is looked for in lines, in time that grows with their length only.
///
/// An automaton of sets of steps is made as the text needs it, and forgotten when it grows too
/// large, so no expression and no text make it slow beyond the size of the expression.
package struct Expression: Sendable {
    private let program: ExpressionProgram

    /// The class of each byte: those of one class are alike to all steps.
    private let classes: [UInt8]

    /// A byte of each class.
    private let examples: [UInt8]

    /// Whether what came before makes a difference.
    private let seesStart, seesWords: Bool

    // The automaton: a row for each state, a column for each class and one for the end.
    private var states: [State] = []
    private var numbers: [State: Int] = [:]
    private var table: [Int32] = []
    private var computed = 0
    private var cells = 0

    // For which closure a step was seen last.
    private var seen: [Int]
    private var closure = 0

    /// Asked now and then whether to go on.
    private let isOver: @Sendable () -> Bool

    /// What came before a byte.
    private enum Before: Sendable { case start, word, other }

    private struct State: Hashable {
        /// In order.
        let steps: [Int32]
        let before: Before
    }

    /// The search took too long.
    package struct Stopped: Error {}

    private static let unknown: Int32 = -1
    private static let found: Int32 = -2
    private static let never: Int32 = -3

    /// How many cells the table and the sets of steps may have.
    private static let mostCells = 1 << 20

    /// - Parameter isOver: Asked now and then whether to give up.
    package init(
        _ text: String, ignoresCase: Bool = false,
        isOver: @escaping @Sendable () -> Bool = { false }
    ) throws(ExpressionError) {
        program = try ExpressionProgram(
            try ExpressionParser.parse(text, ignoresCase: ignoresCase))
        self.isOver = isOver
        seen = Array(repeating: 0, count: program.steps.count)
        var starts = Set<UInt8>()
        var seesStart = false
        var seesWords = false
        for step in program.steps {
            switch step {
            case .byte(let range, _):
                starts.insert(range.lowerBound)
                if range.upperBound < 255 { starts.insert(range.upperBound + 1) }
            case .assertion(.start, _): seesStart = true
            case .assertion(.end, _): break
            case .assertion: seesWords = true
            case .fork, .found: break
            }
        }
        if seesWords {
            for byte in 1...UInt8.max where isWord(byte) != isWord(byte - 1) { starts.insert(byte) }
            starts.formUnion([firstContinuation, lastContinuation + 1])
        }
        var classes: [UInt8] = []
        var examples: [UInt8] = [0]
        for byte in UInt8.min...UInt8.max {
            if byte > 0, starts.contains(byte) { examples.append(byte) }
            classes.append(UInt8(examples.count - 1))
        }
        self.classes = classes
        self.examples = examples
        self.seesStart = seesStart
        self.seesWords = seesWords
        forget()
    }

    /// Whether it is found in a line, which is a part of `bytes` without its end.
    package mutating func isFound(
        in bytes: [UInt8], _ line: Range<Int>
    ) throws(Stopped) -> Bool {
        let width = examples.count + 1
        var state = 0
        for position in line {
            let column = Int(classes[Int(bytes[position])])
            var next = table[state * width + column]
            if next == Self.unknown { next = try follow(state, column) }
            if next < 0 { return next == Self.found }
            state = Int(next)
        }
        let end = table[state * width + examples.count]
        return try (end == Self.unknown ? follow(state, examples.count) : end) == Self.found
    }

    package mutating func isFound(in line: String) throws(Stopped) -> Bool {
        let bytes = Array(line.utf8)
        return try isFound(in: bytes, 0..<bytes.count)
    }

    /// Computes a cell of the table.
    private mutating func follow(_ number: Int, _ column: Int) throws(Stopped) -> Int32 {
        computed += 1
        if computed.isMultiple(of: 256), isOver() { throw Stopped() }
        let state = states[number]
        let byte = column < examples.count ? examples[column] : nil
        guard let steps = reached(from: state, by: byte) else {
            return set(number, column, Self.found)
        }
        guard byte != nil, !steps.isEmpty else { return set(number, column, Self.never) }
        let before: Before = seesWords && byte.map(isWord) == true ? .word : .other
        let next = State(steps: steps, before: before)
        if let known = numbers[next] { return set(number, column, Int32(known)) }
        if cells > Self.mostCells {
            forget()
            return Int32(add(next))
        }
        return set(number, column, Int32(add(next)))
    }

    private mutating func set(_ number: Int, _ column: Int, _ value: Int32) -> Int32 {
        table[number * (examples.count + 1) + column] = value
        return value
    }

    /// The steps that are under way after a byte, one that begins there included.
    ///
    /// - Parameter byte: nil at the end.
    /// - Returns: nil if it has been found before that byte.
    private mutating func reached(from state: State, by byte: UInt8?) -> [Int32]? {
        closure += 1
        var next: [Int32] = []
        var pending = state.steps.map(Int.init)
        while let number = pending.popLast() {
            if seen[number] == closure { continue }
            seen[number] = closure
            switch program.steps[number] {
            case .found: return nil
            case .fork(let one, let other): pending += [one, other]
            case .assertion(let assertion, let step):
                if holds(assertion, state.before, byte) { pending.append(step) }
            case .byte(let range, let step):
                if let byte, range.contains(byte) { next.append(Int32(step)) }
            }
        }
        // A match may begin at every byte, unless it begins with the line.
        if case .assertion(.start, _) = program.steps[program.start] {
        } else {
            next.append(Int32(program.start))
        }
        next.sort()
        var last: Int32 = -1
        next.removeAll { step in
            defer { last = step }
            return step == last
        }
        return next
    }

    private func holds(_ assertion: Assertion, _ before: Before, _ byte: UInt8?) -> Bool {
        let isWordBefore = before == .word
        let isWordAfter = byte.map(isWord) == true
        return switch assertion {
        case .start: before == .start
        case .end: byte == nil
        case .wordBoundary: isWordBefore != isWordAfter
        case .noWordBoundary: isWordBefore == isWordAfter && !isWithinCharacter(byte)
        case .wordStart: !isWordBefore && isWordAfter
        case .wordEnd: isWordBefore && !isWordAfter
        }
    }

    private mutating func add(_ state: State) -> Int {
        states.append(state)
        numbers[state] = states.count - 1
        table += repeatElement(Self.unknown, count: examples.count + 1)
        cells += state.steps.count + examples.count + 1
        return states.count - 1
    }

    /// Begins the automaton anew.
    private mutating func forget() {
        states = []
        numbers = [:]
        table = []
        cells = 0
        _ = add(
            State(steps: [Int32(program.start)], before: seesStart || seesWords ? .start : .other))
    }
}

// Bytes of UTF-8 that go on with a character.
private let firstContinuation: UInt8 = 0x80
private let lastContinuation: UInt8 = 0xBF

private func isWithinCharacter(_ byte: UInt8?) -> Bool {
    byte.map { firstContinuation <= $0 && $0 <= lastContinuation } == true
}

/// As `\w`: of ASCII.
private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
        true
    default: false
    }
}
