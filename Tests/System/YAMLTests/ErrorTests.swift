import Testing
import YAML

@Suite struct ErrorTests {
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a', first on line 1"),
        ("{a: 1, 'a': 2}", 1, 8, "duplicate key 'a', first on line 1"),
        ("a: *b", 1, 4, "no anchor '&b' before this alias"),
        ("a: &b [*b]", 1, 8, "'*b' is inside what it stands for"),
        ("&a {k: {<<: *a}}", 1, 13, "'*a' is inside what it stands for"),
        ("<<: x", 1, 5, "'<<' merges a mapping or a list of mappings, this is a string"),
        ("<<: {}\n<<: {}", 2, 5, "a second '<<', expected one with a list of mappings"),
        ("[a]: b", 1, 1, "a key is a list, expected a scalar"),
        ("a: !secret x", 1, 4, "unknown tag '!secret' for a scalar"),
        ("a: !!set {b}", 1, 4, "unknown tag 'tag:yaml.org,2002:set' for a mapping"),
        ("a: !!int x", 1, 4, "'x' is not what its tag 'tag:yaml.org,2002:int' says"),
        ("a:\n\t- b", 2, 1, "found a tab, expected spaces to indent with"),
        (
            "a: [1, 2\nb: 3", 2, 2,
            "did not find expected ',' or ']' while parsing a flow sequence that begins on line 1"
        ),
        ("a: {b: ${C}}", 1, 9, "quote a text with '${' between braces or brackets"),
        ("a: {b: [1,\n  x${C}]}", 2, 5, "quote a text with '${' between braces or brackets"),
        ("a: 'x", 1, 6, "found unexpected end of stream"),
        ("a: b: c", 1, 5, "mapping values are not allowed in this context"),
        ("a: @x", 1, 4, "found character that cannot start any token"),
        ("a: \u{1}", 1, 4, "control characters are not allowed"),
    ])
    func `a mistake is reported where it is`(
        text: String, line: Int, column: Int, problem: String
    ) throws {
        let error = try #require(throws: YAMLError.self) {
            try Source(text, file: "f").documents()
        }
        #expect(error.mark == Mark(line: line, column: column))
        #expect(error.problem == problem)
    }

    @Test(
        arguments: [
            ([0x61, 0x3a, 0x0a, 0xc3, 0x28], 2, 2, "invalid trailing UTF-8 octet"),
            ([0x61, 0x80], 1, 2, "invalid leading UTF-8 octet"),
            ([0xed, 0xa0, 0x80], 1, 1, "invalid Unicode character"),
            ([0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00, 0x00, 0xd8], 2, 1, "invalid UTF-16"),
            ([0xff, 0xfe, 0x61, 0x00, 0x62], 1, 2, "invalid UTF-16"),
            ([0x61, 0x00, 0x3a, 0x00], 1, 2, "control characters are not allowed"),
        ] as [([UInt8], Int, Int, String)])
    func `bytes that are no text are reported where they are`(
        bytes: [UInt8], line: Int, column: Int, problem: String
    ) throws {
        let error = try #require(throws: YAMLError.self) {
            try Source(bytes, file: "f").documents()
        }
        #expect(error.mark == Mark(line: line, column: column))
        #expect(error.problem == problem)
    }

    @Test(arguments: [
        ("a: 1\n  b: &", 4, "f:2:4: p\n      b: &\n       ^"),
        ("x\n\ta\tb", 4, "f:2:4: p\n     a b\n       ^"),
        ("x\n日本 x", 4, "f:2:4: p\n    日本 x\n         ^"),
        ("x\ne\u{301}\u{7f}x", 4, "f:2:4: p\n    e\u{301}\u{fffd}x\n      ^"),
        ("x\nab", 3, "f:2:3: p\n    ab\n      ^"),
        ("x\r\nab\r\n", 1, "f:2:1: p\n    ab\n    ^"),
        ("x\n", 1, "f:2:1: p"),
        (
            "x\n" + String(repeating: "a", count: 100) + "!" + String(repeating: "b", count: 100),
            101,
            "f:2:101: p\n    …" + String(repeating: "a", count: 38) + "!"
                + String(repeating: "b", count: 37) + "…\n" + String(repeating: " ", count: 43)
                + "^"
        ),
    ])
    func `the caret stands under the column`(text: String, column: Int, shown: String) throws {
        let source = try Source(text, file: "f")
        #expect("\(source.error("p", at: Mark(line: 2, column: column)))" == shown)
    }

    @Test func `small mistakes are gathered, up to one that ends the text`() throws {
        let source = try Source("a: 1\na: 2\nb: !x y\nc: [}", file: "f")
        var problems: [YAMLError] = []
        let last = #expect(throws: YAMLError.self) {
            try source.documents(gathering: &problems)
        }
        #expect(problems.map(\.mark.line) == [2, 3])
        #expect(last?.mark.line == 4)
    }
}
