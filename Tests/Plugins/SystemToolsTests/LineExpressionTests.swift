import Foundation
import TestSupport
import Testing

@testable import SystemTools

@Suite struct LineExpressionTests {
    private func isFound(
        _ pattern: String, _ line: String, ignoresCase: Bool = false
    ) throws -> Bool {
        let expression = try LineExpression(pattern, ignoresCase: ignoresCase)
        let found = expression.firstLine(in: line.utf8.span, from: 0)
        // The same line between others, and as Windows ends it.
        for (before, after) in [("", "\n#"), ("#\n", ""), ("#\n", "\n#\n"), ("#\r\n", "\r\n#")] {
            let lines = Array((before + line + after).utf8)
            let range = before.utf8.count..<before.utf8.count + line.utf8.count
            var (start, isInLines) = (0, false)
            while let found = expression.firstLine(in: lines.span, from: start) {
                if found == range { isInLines = true }
                guard let end = lines[found.upperBound...].firstIndex(of: newline) else { break }
                start = end + 1
            }
            #expect(isInLines == (found != nil), "/\(pattern)/ in '\(before)\(line)\(after)'")
        }
        return found != nil
    }

    @Test(
        arguments: [
            ("abc", "xabcx", true), ("abc", "abx", false), ("", "", true),
            ("a.c", "a\u{e9}c", true), ("a.c", "ac", false), ("^abc$", "abc", true),
            ("^b", "ab", false), ("b$", "ba", false), ("^$", "", true), ("^$", "x", false),
            ("a|b|cd", "xcdx", true), ("(a|b)c", "bc", true), ("ab*c", "ac", true),
            ("ab+c", "ac", false), ("ab?c", "abbc", false), ("a{2,3}b", "ab", false),
            ("^a{2,3}b", "aaab", true), ("^a{2,3}b", "aaaab", false), ("^a{2}$", "aa", true),
            ("^a{2,}$", "aaaaa", true), ("^a{,2}$", "aaa", false),
            ("interface{}", "interface{}", true), ("{", "{", true), ("a{b", "a{b", true),
            ("[abc]", "c", true), ("[^abc]", "abc", false), ("[a-c]x", "bx", true),
            ("[]a]", "]", true), ("[^]a]", "]a", false), ("[a-]", "-", true), ("[\\d-]", "-", true),
            ("[[:alpha:]]+[[:digit:]]", "ab1", true), ("[^[:space:]]", " ", false),
            ("[$\\]]x", "]x", true), ("[[:alpha:]$]$", "$", true), ("[\\b]", "\u{08}", true),
            ("\\d+", "a12", true), ("\\D", "12", false), ("\\w", "_", true), ("\\W", "a_9", false),
            ("\\s", "a\tb", true), ("\\S", " \t", false), ("a\\.b", "axb", false),
            ("\\\\", "\\", true), ("\\$", "$", true), ("\\$", "x", false), ("\\_\\é", "_é", true),
            ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false),
            ("\\Bcat", "concat", true), ("\\<let\\>", "(let)", true),
            ("\\<let\\>", "outlet", false), ("\\bx", "x", true), ("x\\b$", "x", true),
            ("\\x41\\x{1F600}", "A\u{1F600}", true), ("\\u00e9", "\u{e9}", true),
            ("[\\u00e9]\\u{e9}\\e", "\u{e9}\u{e9}\u{1B}", true),
            ("[\u{e4}-\u{fc}]", "\u{e9}", true), ("[\u{e4}-\u{fc}]", "e", false),
            ("[^\u{e9}]", "\u{e9}", false), ("^.$", "\u{1F600}", true),
            ("^..$", "\u{1F600}", false), ("^.$", "ab", false), ("a.$", "a", false),
            ("(?:ab)+c", "ababc", true), ("(?P<name>a)b", "ab", true), ("(?<name>a)b", "ab", true),
            ("(?i)abc", "xABC", true), ("a(?i:b)c", "aBc", true), ("a(?i:b)c", "aBC", false),
            ("(?s)a.*c", "abc", true), ("(?im)^b$", "B", true), ("(?-m:^b$)", "b", true),
            ("(?su:a)b", "ab", true), ("a(?i-s)b", "aB", true), ("a(?-s:)b", "ab", true),
            ("\\Qa.(\\E$", "a.(", true), ("\\Q$", "$", true),
            ("a.*?b", "axxb", true), ("(a*)*b", "aab", true), ("(|a)+$", "aaa", true),
            ("x*", "", true), ("(^a|b$)", "ab", true), ("a\\z", "a", true), ("a\\Z", "ab", false),
            ("\\Aa", "ba", false), ("\\pL\\p{Greek}", "aω", true),
        ] as [(String, String, Bool)])
    func `finds or does not`(pattern: String, line: String, expected: Bool) throws {
        #expect(try isFound(pattern, line) == expected)
    }

    @Test(
        arguments: [
            ("stra\u{df}e", "STRA\u{df}E", true), ("\u{c4}pfel", "\u{e4}PFEL", true),
            ("[a-f]", "E", true), ("[^a]", "A", false), ("\\x41", "a", true), ("a", "b", false),
        ] as [(String, String, Bool)])
    func `upper and lower case may be alike`(
        pattern: String, line: String, expected: Bool
    ) throws {
        #expect(try isFound(pattern, line, ignoresCase: true) == expected)
    }

    @Test(arguments: [
        "a\nb", "a\\nb", "a\\sb", "a[^x]b", "(?s)a.b", "(?s:a.*b)", "a\\x0Ab", "a\\x{A}b",
        "a\\r?$.b",
        "b\\s+\\w", "[\\s]a", "(?m)a$\\n^b",
    ])
    func `a match is within one line`(pattern: String) throws {
        let lines = Array("a\nb\n\na\r\nb".utf8)
        let line = try LineExpression(pattern).firstLine(in: lines.span, from: 0)
        #expect(line == nil)
    }

    @Test(arguments: [
        ("(a", "missing )"), ("a)", "unexpected )"), ("[a", "missing ]"),
        ("ab\\", "trailing \\"), ("*a", "no argument for repetition operator: '*'"),
        ("(a)\\1", "references to groups are not supported: '\\1'"),
        ("(?=a)", "looking ahead or behind is not supported"),
        ("a(?!b)", "looking ahead or behind"), ("(?<!a)b", "looking ahead or behind"),
        ("(?<=a)b", "looking ahead or behind"), ("a++", "bad repetition operator: '++'"),
        ("\\y", "invalid escape sequence: '\\y'"), ("a{2,1}", "invalid repetition size"),
        ("a{1001}", "invalid repetition size: '{1001}'"),
        ("[b-a]", "invalid character class range"),
        ("[[:no:]]", "invalid character class range"), ("(?z)", "invalid perl operator"),
        ("\\x{110000}", "invalid escape sequence"), ("\\u00", "invalid escape sequence"),
        ("(a{1000}){1000}", "invalid repetition size"), ("(\\pL{500}){2}", "too large"),
    ])
    func `refuses`(pattern: String, problem: String) throws {
        let error = #expect(throws: LineExpressionError.self) { try LineExpression(pattern) }
        #expect(error?.problem.contains(problem) == true, "\(error!)")
    }

    @Test(
        arguments: [
            ("^a", "a"), ("^a|^b", "a|b"), ("^(a|b)$", "(a|b)(?:\\r?(?m:$))"), ("(?i)^a", "(?i)a"),
            ("^\\s*\\w[^x]", "[\\t\\f\\r ]*\\w[^\\nx]"), ("^[]-]", "[\\]-]"),
            ("^[^-\\s]", "[^\\n\\-\\s]"),
            ("^", ""), ("^^a", "^a"), ("a", nil), ("^a|b", nil), ("^a|", nil), ("(^a)", nil),
            ("^*a", nil), ("", nil), ("^[\\s\\S]", nil), ("^a\\nb", nil), ("^a[[:space:]]", nil),
            ("^\\pZ", nil), ("^\\x0a", nil), ("^[\\t-\\r]", nil), ("\\^a", nil), ("(?:^a)|^b", nil),
        ] as [(String, String?)])
    func `expressions that begin with the line are known`(
        pattern: String, afterNewline: String?
    ) throws {
        let syntax = LineSyntax(pattern)
        #expect(syntax.patternAfterNewline == afterNewline.map { "(?m)\\n(?:\($0))" })
        _ = try LineExpression(pattern)
    }

    @Test func `the beginning of lines is found the fast way and the slow way`() throws {
        var random = SplitMix64(seed: 99)
        for _ in 0..<1000 {
            let pattern = "^" + random.pattern(depth: 1)
            let text = (0..<5).map { _ in random.text() }.joined(separator: "\n")
            let (fast, slow) = (try LineExpression(pattern), try LineExpression("(?:\(pattern))"))
            var (start, found, others) = (0, 0..<0, 0..<0)
            repeat {
                found = fast.firstLine(in: text.utf8.span, from: start) ?? 0..<0
                others = slow.firstLine(in: text.utf8.span, from: start) ?? 0..<0
                #expect(found == others, "/\(pattern)/ in '\(text)'")
                start = found.upperBound + 1
            } while start <= text.utf8.count && found == others && found != 0..<0
        }
    }

    @Test func `agrees with ICU on random expressions`() throws {
        var random = SplitMix64(seed: 20_261)
        for _ in 0..<3000 {
            // ICU takes for ever, or gives up, where repetitions are within each other, and ends a
            // loop over nothing too early.
            let pattern = random.pattern(depth: 1)
            let other = try NSRegularExpression(pattern: pattern)
            let expression = try LineExpression(pattern)
            for _ in 0..<8 {
                let text = random.text()
                let range = NSRange(text.startIndex..., in: text)
                let expected = other.firstMatch(in: text, range: range) != nil
                let line = expression.firstLine(in: text.utf8.span, from: 0)
                #expect((line != nil) == expected, "/\(pattern)/ in '\(text)'")
            }
        }
    }

    @Test(
        arguments: [
            ("o", [0..<3, 8..<11, 13..<16]), ("^", [0..<3, 4..<7, 8..<11, 12..<12, 13..<16]),
            ("^$", [12..<12]), ("x", []), ("e$", [0..<3, 8..<11]), ("t", [4..<7]),
        ] as [(String, [Range<Int>])])
    func `lines are found one after the other`(pattern: String, expected: [Range<Int>]) throws {
        let lines = Array("one\ntwi\noce\n\nfor".utf8)
        let expression = try LineExpression(pattern)
        var found: [Range<Int>] = []
        var start = 0
        while start <= lines.count, let line = expression.firstLine(in: lines.span, from: start) {
            found.append(line)
            start = line.upperBound + 1
        }
        #expect(found == expected)
    }

    @Test func `bytes that are not UTF-8 do no harm`() throws {
        let expression = try LineExpression("a.?b")
        let text: [UInt8] = [0xFF, 0x61, 0xC3, 0x62, 0x61, 0x62, 0xE2]
        let all = expression.firstLine(in: text.span, from: 0)
        #expect(all == 0..<7)
        let beginning = expression.firstLine(in: text.span.extracting(..<4), from: 0)
        #expect(beginning == nil)
    }

    @Test func `a large expression gets less text at once`() throws {
        #expect(try LineExpression("foo.*bar").longestLine == 1 << 20)
        let large = try LineExpression("(a|b)*a(a|b){900}c")
        #expect((16 * 1024..<200 * 1024).contains(large.longestLine))
    }
}

@Suite struct IncludeGlobTests {
    @Test(
        arguments: [
            ("*.swift", "Sources/a.swift", true), ("*.swift", "a.swift.bak", false),
            ("*.{c,h}", "x/y.h", true), ("*.{c,h}", "x/y.cc", false), ("a?c", "abc", true),
            ("a?c", "a\u{e9}c", true), ("src/*.c", "src/a.c", true),
            ("src/*.c", "src/b/a.c", false),
            ("src/*.c", "a.c", false), ("src/**/*.c", "src/a.c", true),
            ("src/**/*.c", "src/b/c/a.c", true), ("src/**.c", "src/b/a.c", true),
            ("**/test/*", "a/test/b", true), ("**/test/*", "test/b", true),
            ("[ab].txt", "b.txt", true), ("[!ab].txt", "b.txt", false),
            ("[^ab].txt", "c.txt", true),
            ("a+b(c)", "a+b(c)", true), ("a\\*b", "a*b", true), ("a\\*b", "axb", false),
            ("/src/*", "src/a", true), ("src/**", "src/a/b", true), ("*", ".hidden", true),
            ("[", "[", true), ("{a", "a", true), ("{src,test}/*.{c,h}", "test/a.h", true),
        ] as [(String, String, Bool)])
    func `files that a search is about`(pattern: String, path: String, expected: Bool) throws {
        #expect(try IncludeGlob(pattern).matches(path: path) == expected)
    }
}

extension SplitMix64 {
    mutating func text() -> String {
        String(
            (0..<Int.random(in: 0...9, using: &self)).map { _ in
                "abc \u{2013}".randomElement(using: &self)!
            })
    }

    /// A regular expression that ICU reads as we do.
    mutating func pattern(depth: Int, isWithin: Bool = false) -> String {
        (0..<Int.random(in: 1...3, using: &self)).map { _ in
            let atoms = [
                "a", "b", "c", ".", "[ab]", "[^a]", "\u{2013}", "\\b", "^", "$", "\\w", "\\s",
            ]
            var atom = atoms.randomElement(using: &self)!
            // What is a place may not be repeated in ICU.
            let isPlace = ["\\b", "^", "$"].contains(atom)
            if depth > 0, Int.random(in: 0..<3, using: &self) == 0 {
                let branches = (0..<Int.random(in: 1...3, using: &self)).map { _ in
                    pattern(depth: depth - 1, isWithin: true)
                }
                atom = "(\(branches.joined(separator: "|")))"
            } else if isPlace {
                return isWithin ? "a" : atom
            }
            if isWithin { return atom }
            return atom + ["", "", "*", "+", "?", "{0,2}", "{2}", "*?"].randomElement(using: &self)!
        }.joined()
    }
}
