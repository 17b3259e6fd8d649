import TestSupport
import Testing

@testable import JSONSchema

struct PatternTests {
    /// - Returns: Nil if the answer cannot be found.
    private func finds(_ pattern: String, _ text: String) throws -> Bool? {
        var (steps, searchSteps) = (500_000, 100_000_000)
        let pattern = try Pattern(pattern, steps: &steps)
        do throws(PatternError) {
            return try pattern.matches(text, steps: &searchSteps)
        } catch { return nil }
    }

    @Test(arguments: [
        ("", "anything", true), ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true),
        ("^a.c$", "abc", true), ("^a.c$", "a\nc", false), ("^a.c$", "a😀c", true),
        ("^(?:ab|cd)*$", "abcdab", true), ("^(?:ab|cd)*$", "abc", false),
        ("^(a|)b$", "b", true), ("^a{2}$", "aa", true), ("^a{2}$", "aaa", false),
        ("^a{2,}$", "aaaa", true), ("^a{1,2}?$", "aaa", false), ("^a{x}$", "a{x}", true),
        ("^{}$", "{}", true), ("^[]a]", "a", false), ("^[^]$", "]", true), ("[]", "a", false),
        ("^[a-c-e]+$", "a-e", true), ("^[\\w-]+$", "a-b", true), ("^[+-]$", "-", true),
        ("^[a-\\d]+$", "a-7", true), ("^[^\\d\\s]+$", "a b", false), ("^[\\D]$", "7", false),
        ("^[\\b]$", "\u{08}", true), ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoo", false),
        ("a\\Bb", "ab", true), ("^\\$\\{\\}\\/\\-$", "${}/-", true),
        ("^\\t\\n\\r\\f\\v\\0$", "\t\n\r\u{0C}\u{0B}\0", true),
        ("^\\x41\\u0042\\u{43}$", "ABC", true),
        ("^\\cJ$", "\n", true), ("^\\p{L}+$", "aéЖ字", true), ("^\\p{Lu}$", "a", false),
        ("^\\P{N}+$", "ab", true), ("^[\\p{Nd}_]+$", "1٣_", true), ("^é$", "e\u{0301}", false),
        ("^.$", "é", true), ("^(?=.*\\d)(?=.*[a-z]).{4,}$", "abc1", true),
        ("^(?=.*\\d)(?=.*[a-z]).{4,}$", "abcd", false), ("^(?!foo)\\w+$", "bar", true),
        ("^(?!foo)\\w+$", "foobar", false), ("(?<year>\\d{4})-(?P<month>\\d\\d)", "2026-07", true),
        ("^(a*)*$", "aaa", true), ("^(a*)+b$", "aaac", false), ("^()*$", "", true),
        ("\\Afoo\\z", "foo", true), ("$^", "", true), ("a|b|", "c", true),
        ("^[\\u4e00-\\u9fff]+$", "鍵交換", true), ("^\\s$", "\u{FEFF}", true),
        ("(?<=a)b", "ab", true), ("(?<=a)b", "cb", false), ("(?<!a)b", "ab", false),
        ("(?<!a)b", "b", true), ("(?<=^ab*)c", "abbbc", true), ("(?<=^ab*)c", "xabbbc", false),
        ("(?<=(?=ab)a.)c", "abc", true), ("(?<=(?<!x)ab)c", "xabc", false),
        ("(?<=a|bc)d", "bcd", true), ("(?<=\\bab)c", "abc", true),
        ("^\\ud83d\\ude00$", "😀", true), ("^[\\ud83d\\ude00-\\ud83d\\ude4f]$", "😃", true),
        ("^\\p{Letter}+$", "aé", true), ("^\\p{Lowercase_Letter}$", "A", false),
        ("^\\p{General_Category=Decimal_Number}$", "7", true), ("^\\p{gc=Lu}$", "A", true),
        ("^\\P{White_Space}$", " ", false), ("^\\p{ASCII}$", "é", false), ("^\\p{Any}$", "é", true),
        ("^[\\P{ASCII}]$", "é", true), ("^\\p{Emoji}$", "😀", true), ("^\\p{LC}+$", "aB", true),
    ])
    func `a pattern is found as ECMA-262 has it`(
        pattern: String, text: String, isFound: Bool
    ) throws {
        #expect(try finds(pattern, text) == isFound)
    }

    @Test(arguments: [
        "(", ")", "a)", "[", "[a", "[b-a]", "*", "a**", "+a", "?", "a{2,1}", "^*", "\\", "\\u12",
        "\\xg0", "\\u{110000}", "(?", "(?)", "(?<>a)", "(?<n", "\\p{L", "\\y", "[\\y]", "\\b+",
    ])
    func `what is no pattern is refused`(pattern: String) {
        #expect(throws: PatternError.malformed) { try finds(pattern, "") }
    }

    @Test(arguments: [
        "(a)\\1", "(?<n>a)\\k<n>", "(?i)a", "(?>a)", "a++",
        "\\p{Script=Greek}", "[\\ud800-\\udfff]", "a{1000000}", "(a{1000}){1000}",
        "(?:){2000000000}a{99999}",
        "((?=a{5000})b){5000}",
        String(repeating: "(", count: 1000) + String(repeating: ")", count: 1000),
    ])
    func `what cannot be found by reading once is not known`(pattern: String) throws {
        #expect(try finds(pattern, "aa") == nil)
    }

    @Test(arguments: [
        "^(a+)+$", "^(a|a)*$", "^(a*)*$", "^(a|aa)+$", "(.*)(.*)(.*)(.*)(.*)x",
        "^(([a-z])+.)+[A-Z]([a-z])+$", "^(?=(a+)+$)",
    ])
    func `no pattern takes more than its share of time`(pattern: String) throws {
        let text = String(repeating: "a", count: 20_000) + "!"
        var isFound: Bool?
        let time = try threadTime { isFound = try finds(pattern, text) }
        #expect(isFound != true)
        // Backtracking would not end in a lifetime.
        #expect(time < .seconds(20))
    }

    @Test(arguments: [
        ("(?:){2000000000}a{2}", true), ("^a{0,1500}$", true), ("^a{2,2500}$", true),
        ("^a{1500}$", false), ("^(\\p{L}{100}){100}$", false), ("^(a{0,100}){90}$", true),
        ("^(?:\\p{L}\\p{N}?){1,3000}$", true),
    ])
    func `what RE2 does not repeat as often is found all the same`(
        pattern: String, isFound: Bool
    ) throws {
        #expect(try finds(pattern, "aa") == isFound)
    }

    @Test func `both searches find the same`() throws {
        let parts = [
            "a", "b", "é", ".", "[^a]", "\\d", "\\s", "\\W", "^", "$", "\\b", "(a|b|)", "(?:ab?)+",
            "[a-c]{2}", "\\p{L}*", "[\\P{L}b]", "x?", "(|a)*", "[]", "[^]",
        ]
        var random = Numbers(state: 11)
        for _ in 0..<2000 {
            let pattern = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                parts.randomElement(using: &random)!
            }.joined()
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ["a", "b", "é", " ", "\n", "7", "字"].randomElement(using: &random)!
            }.joined()
            var parser = PatternParser(pattern)
            let expression = try parser.parse()
            _ = try #require(expression.inRE2)
            var search = PlaceSearch(text, steps: 1_000_000)
            let isFound = try search.finds(expression)
            #expect(try finds(pattern, text) == isFound, "/\(pattern)/ in '\(text)'")
        }
    }

    @Test func `a search that needs too many steps is given up`() throws {
        let text = String(repeating: "a", count: 1000)
        for pattern in ["(?=a*b)c", "a*b"] {
            var patternSteps = 1000
            let pattern = try Pattern(pattern, steps: &patternSteps)
            var steps = 900
            #expect(throws: PatternError.tooLarge) { try pattern.matches(text, steps: &steps) }
            steps = 100_000
            #expect(try !pattern.matches(text, steps: &steps))
            #expect(steps < 100_000)
        }
    }

    @Test func `patterns may be so large together and no larger`() throws {
        var steps = 1000
        _ = try Pattern("[a-z]{900}", steps: &steps)
        #expect(steps < 200)
        var searchSteps = 1000
        let late = try Pattern("[a-z]{200}", steps: &steps)
        #expect(throws: PatternError.tooLarge) { try late.matches("a", steps: &searchSteps) }
    }
}

/// Numbers that look random and are the same each time.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
