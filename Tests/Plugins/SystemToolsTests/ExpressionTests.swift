import Foundation
import Synchronization
import Testing

@testable import SystemTools

@Suite struct ExpressionTests {
    private func isFound(
        _ pattern: String, _ text: String, ignoresCase: Bool = false
    ) throws -> Bool {
        var expression = try Expression(pattern, ignoresCase: ignoresCase)
        return try expression.isFound(in: text)
    }

    @Test(
        arguments: [
            ("abc", "xabcx", true), ("abc", "abx", false), ("", "", true),
            ("a.c", "a\u{e9}c", true),
            ("a.c", "ac", false), ("^abc$", "abc", true), ("^b", "ab", false), ("b$", "ba", false),
            ("^$", "", true), ("^$", "x", false), ("a|b|cd", "xcdx", true), ("(a|b)c", "bc", true),
            ("ab*c", "ac", true), ("ab+c", "ac", false), ("ab?c", "abbc", false),
            ("a{2,3}b", "ab", false), ("^a{2,3}b", "aaab", true), ("^a{2,3}b", "aaaab", false),
            ("^a{2}$", "aa", true), ("^a{2,}$", "aaaaa", true), ("^a{,2}$", "aaa", false),
            ("interface{}", "interface{}", true), ("{", "{", true), ("a{b", "a{b", true),
            ("[abc]", "c", true), ("[^abc]", "abc", false), ("[a-c]x", "bx", true),
            ("[]a]", "]", true), ("[^]a]", "]a", false), ("[a-]", "-", true), ("[\\d-]", "-", true),
            ("[[:alpha:]]+[[:digit:]]", "ab1", true), ("[^[:space:]]", " ", false),
            ("\\d+", "a12", true), ("\\D", "12", false), ("\\w", "_", true), ("\\W", "a_9", false),
            ("\\s", "a\tb", true), ("\\S", " \t", false), ("a\\.b", "axb", false),
            ("\\\\", "\\", true),
            ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false),
            ("\\Bcat", "concat", true),
            ("\\<let\\>", "(let)", true), ("\\<let\\>", "outlet", false), ("\\bx", "x", true),
            ("x\\b$", "x", true), ("\\B", "b\u{2013}a", false), ("\\B", "\u{2013}", true),
            ("\\x41\\x{1F600}", "A\u{1F600}", true),
            ("\\u00e9", "\u{e9}", true),
            ("[\u{e4}-\u{fc}]", "\u{e9}", true), ("[\u{e4}-\u{fc}]", "e", false),
            ("[^\u{e9}]", "\u{e9}", false), ("^.$", "\u{1F600}", true),
            ("^..$", "\u{1F600}", false),
            ("(?:ab)+c", "ababc", true), ("(?P<name>a)b", "ab", true), ("(?<name>a)b", "ab", true),
            ("(?i)abc", "xABC", true), ("a(?i:b)c", "aBc", true), ("a(?i:b)c", "aBC", false),
            ("a.*?b", "axxb", true), ("(a*)*b", "aab", true), ("(|a)+$", "aaa", true),
            ("x*", "", true), ("(^a|b$)", "ab", true), ("a\\z", "a", true), ("\\Aa", "ba", false),
        ] as [(String, String, Bool)])
    func `finds or does not`(pattern: String, text: String, expected: Bool) throws {
        #expect(try isFound(pattern, text) == expected)
    }

    @Test(
        arguments: [
            ("stra\u{df}e", "STRA\u{df}E", true), ("\u{c4}pfel", "\u{e4}PFEL", true),
            ("[a-f]", "E", true),
            ("[^a]", "A", false), ("\\x41", "a", true), ("a", "b", false),
        ] as [(String, String, Bool)])
    func `upper and lower case may be alike`(
        pattern: String, text: String, expected: Bool
    ) throws {
        #expect(try isFound(pattern, text, ignoresCase: true) == expected)
    }

    @Test(arguments: [
        ("(a", 1, "a '(' is not closed"), ("a)", 2, "a ')' closes nothing"),
        ("[a", 1, "a '[' is not closed"), ("a**b\\", 5, "nothing follows"),
        ("*a", 1, "'*' repeats nothing"), ("a|+", 3, "'+' repeats nothing"),
        ("(a)\\1", 5, "references to groups"), ("(?=a)", 3, "looking ahead or behind"),
        ("(?<!a)b", 3, "looking ahead or behind"), ("a++", 3, "possessive"),
        ("\\pL", 2, "Unicode properties"), ("\\y", 2, "an unknown escape '\\y'"),
        ("a{2,1}", 2, "the wrong way round"), ("a{1001}", 2, "more than 1000"),
        ("[b-a]", 5, "a range"), ("[[:no:]]", 4, "an unknown class"), ("(?z)", 3, "unknown flag"),
        ("\\x{110000}", 4, "the number of a character"),
        ("(a{1000}){1000}", 1, "too large"), ("((){1000}){1000}", 1, "too large"),
        (String(repeating: "(", count: 200), 101, "too many '('"),
    ])
    func `refuses`(pattern: String, position: Int, problem: String) throws {
        let error = #expect(throws: ExpressionError.self) { try Expression(pattern) }
        #expect(
            error?.position == position && error?.problem.contains(problem) == true, "\(error!)")
    }

    @Test func `agrees with ICU on random expressions`() throws {
        var random = SplitMix(state: 20_261)
        for _ in 0..<3000 {
            // ICU runs forever or gives up where repetitions are nested, and ends a loop over an
            // empty match too early.
            let pattern = random.pattern(depth: 1, repeatsWithin: false)
            let other = try NSRegularExpression(pattern: pattern)
            var expression = try Expression(pattern)
            for _ in 0..<8 {
                let text = random.text()
                let range = NSRange(text.startIndex..., in: text)
                let expected = other.firstMatch(in: text, range: range) != nil
                #expect(try expression.isFound(in: text) == expected, "/\(pattern)/ in '\(text)'")
            }
        }
    }

    @Test func `agrees with what the syntax means`() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<1500 {
            let pattern = random.pattern(depth: 3, repeatsWithin: true)
            let syntax = try ExpressionParser.parse(pattern, ignoresCase: false)
            var expression = try Expression(pattern)
            for _ in 0..<5 {
                let text = random.text()
                let scalars = Array(text.unicodeScalars)
                let starts = Set(0...scalars.count)
                let expected = !ends(of: syntax, from: starts, in: scalars).isEmpty
                #expect(try expression.isFound(in: text) == expected, "/\(pattern)/ in '\(text)'")
            }
        }
    }

    /// Returns the places where a match can end that begins at one of the given places: the
    /// definition, taken literally.
    private func ends(
        of syntax: Syntax, from starts: Set<Int>, in text: [Unicode.Scalar]
    ) -> Set<Int> {
        func isWord(_ place: Int) -> Bool {
            text.indices.contains(place) && text[place].isASCII
                && (text[place].properties.isAlphabetic || text[place] == "_")
        }
        switch syntax {
        case .scalar(let set):
            return Set(
                starts.filter { place in
                    place < text.count && set.ranges.contains { $0.contains(text[place].value) }
                }.map { $0 + 1 })
        case .sequence(let parts):
            return parts.reduce(starts) { ends(of: $1, from: $0, in: text) }
        case .choice(let branches):
            return branches.reduce([]) { $0.union(ends(of: $1, from: starts, in: text)) }
        case .repeated(let part, let least, let most):
            var places = starts
            for _ in 0..<least { places = ends(of: part, from: places, in: text) }
            // After as many rounds as there are places, no new ones appear.
            for _ in 0..<(most.map { $0 - least } ?? text.count + 1) {
                places.formUnion(ends(of: part, from: places, in: text))
            }
            return places
        case .assertion(let assertion):
            return starts.filter { place in
                switch assertion {
                case .start: place == 0
                case .end: place == text.count
                case .wordBoundary: isWord(place - 1) != isWord(place)
                case .noWordBoundary: isWord(place - 1) == isWord(place)
                case .wordStart: !isWord(place - 1) && isWord(place)
                case .wordEnd: isWord(place - 1) && !isWord(place)
                }
            }
        }
    }

    @Test(arguments: [
        "(a*)*c", "(a|a|b)*c", "(a+)+$b", "^(a?){50}a{50}b", "(.*)(.*)(.*)(.*)x", "a.*b.*c.*d",
        "(a|b)*a(a|b){20}c",
    ])
    func `takes time in the length of the text only`(pattern: String) throws {
        var random = SplitMix(state: 7)
        let text = (0..<30_000).map { _ in UInt8(ascii: Bool.random(using: &random) ? "a" : "b") }
        // It asks after every 256 computed cells, each of which looks at every step once.
        let counter = Counter()
        var expression = try Expression(pattern) { counter.add() }
        #expect(try !expression.isFound(in: text, 0..<text.count))
        #expect(counter.count <= text.count / 256 + 1)
    }

    @Test func `a search can be stopped`() throws {
        var random = SplitMix(state: 7)
        let text = (0..<30_000).map { _ in UInt8(ascii: Bool.random(using: &random) ? "a" : "b") }
        var expression = try Expression("(a|b)*a(a|b){20}c") { true }
        #expect(throws: Expression.Stopped.self) {
            try expression.isFound(in: text, 0..<text.count)
        }
    }

    @Test func `bytes that are no UTF-8 do no harm`() throws {
        var expression = try Expression("a.?b")
        let text: [UInt8] = [0xFF, 0x61, 0xC3, 0x62, 0x61, 0x62, 0xE2]
        #expect(try expression.isFound(in: text, 0..<7))
        #expect(try !expression.isFound(in: text, 0..<4))
    }

    @Test(
        arguments: [
            0...0x10FFFF, 0x7F...0x80, 0x400...0x10000, 0xD000...0xE000, 0xD800...0xDFFF,
            0x10FFFE...0x10FFFF, 0x3A...0x3FFF,
        ] as [ClosedRange<UInt32>])
    func `a range of scalars is exactly its UTF-8`(range: ClosedRange<UInt32>) {
        let sequences = ByteSequence.all(of: range)
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 1) {
            let isNear = value < 0x5000 || (0xCF00...0xE100).contains(value) || value % 251 == 0
            guard isNear || value > 0x10FF00, let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            let isIn = sequences.contains { sequence in
                sequence.ranges.count == bytes.count
                    && zip(sequence.ranges, bytes).allSatisfy { $0.contains($1) }
            }
            if isIn != range.contains(value) { Issue.record("\(value)") }
        }
    }

    @Test(
        arguments: [
            ("*.swift", "Sources/a.swift", true), ("*.swift", "a.swift.bak", false),
            ("*.{c,h}", "x/y.h", true), ("*.{c,h}", "x/y.cc", false), ("a?c", "abc", true),
            ("src/*.c", "src/a.c", true), ("src/*.c", "src/b/a.c", false),
            ("src/*.c", "a.c", false),
            ("src/**/*.c", "src/a.c", true), ("src/**/*.c", "src/b/c/a.c", true),
            ("**/test/*", "a/test/b", true), ("**/test/*", "test/b", true),
            ("[ab].txt", "b.txt", true),
            ("[!ab].txt", "b.txt", false), ("[^ab].txt", "c.txt", true), ("a+b(c)", "a+b(c)", true),
            ("a\\*b", "a*b", true), ("a\\*b", "axb", false), ("/src/*", "src/a", true),
            ("src/**", "src/a/b", true),
            ("*", ".hidden", true), ("[", "[", true), ("{a", "a", true),
        ] as [(String, String, Bool)])
    func `globs`(pattern: String, path: String, expected: Bool) throws {
        var glob = try Glob(pattern)
        #expect(glob.matches(path: path) == expected)
    }
}

/// A counter of calls that never asks to stop.
private final class Counter: Sendable {
    private let asked = Mutex(0)

    var count: Int { asked.withLock { $0 } }

    func add() -> Bool {
        asked.withLock { $0 += 1 }
        return false
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func text() -> String {
        String(
            (0..<Int.random(in: 0...9, using: &self)).map { _ in
                "abc \u{2013}".randomElement(using: &self)!
            })
    }

    /// Makes a regular expression that ICU reads as we do.
    mutating func pattern(depth: Int, repeatsWithin: Bool, isWithin: Bool = false) -> String {
        (0..<Int.random(in: 1...3, using: &self)).map { _ in
            let atoms = [
                "a", "b", "c", ".", "[ab]", "[^a]", "\u{2013}", "\\b", "\\B", "^", "$", "\\w",
                "\\s",
            ]
            var atom = atoms.randomElement(using: &self)!
            // ICU does not allow a repeated assertion.
            let isPlace = ["\\b", "\\B", "^", "$"].contains(atom)
            if depth > 0, Int.random(in: 0..<3, using: &self) == 0 {
                let branches = (0..<Int.random(in: 1...3, using: &self)).map { _ in
                    pattern(depth: depth - 1, repeatsWithin: repeatsWithin, isWithin: true)
                }
                atom = "(\(branches.joined(separator: "|")))"
            } else if isPlace {
                return isWithin && !repeatsWithin ? "a" : atom
            }
            if isWithin, !repeatsWithin { return atom }
            return atom + ["", "", "*", "+", "?", "{0,2}", "{2}", "*?"].randomElement(using: &self)!
        }.joined()
    }
}
