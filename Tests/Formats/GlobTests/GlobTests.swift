import Testing

@testable import Glob

@Suite struct GlobTests {
    private func matches(_ pattern: String, _ path: String, _ dialect: Glob.Dialect) -> Bool {
        Glob(Array(pattern.utf8), dialect).matches(Array(path.utf8)[...])
    }

    @Test(
        arguments: [
            ("*.c", "a.c", true, true), ("*.c", "d/a.c", false, false), ("a?c", "abc", true, true),
            ("a?c", "a/c", false, false), ("a/**/b", "a/b", true, true),
            ("a/**/b", "a/1/2/b", true, true), ("**/a", "a", true, true),
            ("a/**", "a/b/c", true, true), ("a/**", "a", false, false),
            ("[a-c]1", "b1", true, true), ("[!a-c]1", "b1", false, false),
            ("[]x]", "]", true, true), ("[[:digit:]]", "7", true, true), ("a\\*", "a*", true, true),
            ("a\\*", "ab", false, false), ("*a*b*c", "xaybzc", true, true), ("", "", true, true),
            ("*", "", true, true), ("a[/]b", "a/b", false, false),
            // Where they differ.
            ("a**b", "a/b", false, true), ("d/**.c", "d/e/a.c", false, true),
            ("?", "\u{e9}", false, true), ("??", "\u{e9}", true, false),
            ("[\u{e4}-\u{fc}]", "\u{e9}", false, true), ("[^a]", "\u{1F600}", false, true),
            ("[", "[", false, true), ("a\\", "a\\", false, true), ("a[b", "a[b", false, true),
        ] as [(String, String, Bool, Bool)])
    func `matches in git's dialect and in that of characters`(
        pattern: String, path: String, isOneOfGit: Bool, isOneOfCharacters: Bool
    ) {
        #expect(matches(pattern, path, .git) == isOneOfGit)
        #expect(matches(pattern, path, .characters) == isOneOfCharacters)
    }

    @Test func `a byte that is not UTF-8 is a character of its own`() {
        let path: [UInt8] = [0x61, 0xFF, 0xC3, 0x62]
        #expect(Glob(Array("a??b".utf8), .characters).matches(path[...]))
        #expect(Glob([0x61, 0xFF, 0x2A], .characters).matches(path[...]))
        #expect(!Glob(Array("a[a-\u{FFFF}]?b".utf8), .characters).matches(path[...]))
    }

    @Test(arguments: [Glob.Dialect.git, .characters])
    func `no pattern takes more than its share of time`(dialect: Glob.Dialect) {
        // Ways through these that fail one after the other would be more than can be counted.
        let path = String(repeating: "a/", count: 60) + "b"
        let patterns = [
            String(repeating: "**/", count: 40) + "x", String(repeating: "*a", count: 40) + "x",
            String(repeating: "**/*a", count: 30) + "/x", String(repeating: "**a", count: 40) + "x",
        ]
        for pattern in patterns {
            #expect(!matches(pattern, path, dialect))
            #expect(!matches(pattern, String(repeating: "a", count: 3000), dialect))
        }
    }

    @Test(
        arguments: [
            ("*.c", ["*.c"]), ("*.{c,h}", ["*.c", "*.h"]),
            ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
            ("{a,{b,c}d}e", ["ae", "bde", "cde"]), ("{a", ["a"]), ("a}", ["a}"]), ("a,b", ["a,b"]),
            ("{}", [""]), ("{a,}", ["a", ""]), ("\\{a,b}", ["\\{a,b}"]), ("[{]a,b}", ["[{]a,b}"]),
            ("{a\\,b}", ["a\\,b"]), ("{a,b", ["a", "b"]),
        ] as [(String, [String])])
    func `braces stand for several patterns`(pattern: String, expected: [String]) throws {
        let patterns = try #require(Glob.expandingBraces(of: Array(pattern.utf8)))
        #expect(patterns.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func `too many alternatives are refused`() {
        let pattern = Array(String(repeating: "{a,b}", count: 60).utf8)
        #expect(Glob.expandingBraces(of: pattern) == nil)
    }

    @Test func `a range that is the wrong way round is found`() {
        for (pattern, isSound) in [("[a-z]", true), ("x[z-a]", false), ("\\[z-a]", true)] {
            #expect(Glob(Array(pattern.utf8), .characters).isSound == isSound)
        }
    }
}
