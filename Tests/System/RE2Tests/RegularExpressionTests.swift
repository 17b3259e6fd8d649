import Testing

@testable import RE2

@Suite struct RegularExpressionTests {
    private func match(
        _ expression: RegularExpression, _ text: [UInt8], from start: Int = 0
    ) -> Range<Int>? {
        let match = expression.firstMatch(in: text.span, from: start)
        let isFound = expression.matches(text.span.extracting(start...))
        if start == 0 { #expect(isFound == (match != nil)) }
        return match
    }

    private func match(_ pattern: String, _ text: String) throws -> Range<Int>? {
        match(try RegularExpression(pattern), Array(text.utf8))
    }

    @Test func `a match is found where it is`() throws {
        let expression = try RegularExpression("b+")
        let text = Array("abba b".utf8)
        #expect(match(expression, text) == 1..<3)
        #expect(match(expression, text, from: 2) == 2..<3)
        #expect(match(expression, text, from: 3) == 5..<6)
        #expect(match(expression, text, from: 6) == nil)
        #expect(match(expression, Array("aaa".utf8)) == nil)
    }

    @Test func `what is before the offset is seen by assertions`() throws {
        let text = Array("ab\nb".utf8)
        #expect(match(try RegularExpression("^b"), text, from: 1) == nil)
        #expect(match(try RegularExpression("(?m)^b"), text, from: 1) == 3..<4)
        #expect(match(try RegularExpression("\\bb"), text, from: 1) == 3..<4)
    }

    @Test func `an empty text is a text`() throws {
        #expect(try match("", "") == 0..<0)
        #expect(try match("^$", "") == 0..<0)
        #expect(try match("a", "") == nil)
        #expect(match(try RegularExpression("x*"), [0x61], from: 1) == 1..<1)
    }

    @Test func `options are heeded`() throws {
        #expect(match(try RegularExpression("É", ignoresCase: true), Array("é".utf8)) == 0..<2)
        #expect(try match("É", "é") == nil)
        let literal = try RegularExpression("a.(", isLiteral: true)
        #expect(match(literal, Array("xa.(".utf8)) == 1..<4)
        #expect(try match("a[^b]c", "a\nc") == 0..<3)
        for pattern in ["a[^b]c", "a\\sc", "(?s)a.c", "a\nc"] {
            let expression = try RegularExpression(pattern, neverMatchesNewline: true)
            #expect(match(expression, Array("a\nc".utf8)) == nil, "\(pattern)")
        }
    }

    @Test func `bytes that are not UTF-8 are not characters`() throws {
        let text: [UInt8] = [0xFF, 0x61, 0xC3, 0x62, 0x61, 0x62, 0, 0x7A]
        #expect(match(try RegularExpression("a.?b"), text) == 4..<6)
        #expect(match(try RegularExpression("\\x00z"), text) == 6..<8)
    }

    @Test(arguments: [
        ("(a", "missing )", "(a"), ("[a", "missing ]", "[a"),
        ("a**", "bad repetition operator", "**"), ("(?=a)", "invalid perl operator", "(?="),
        ("a\\1", "invalid escape sequence", "\\1"),
        ("a{1001}", "invalid repetition size", "{1001}"),
    ])
    func `an error says what is wrong with which part`(
        pattern: String, problem: String, part: String
    ) {
        let error = #expect(throws: RegularExpressionError.self) {
            try RegularExpression(pattern)
        }
        #expect(error?.part == part)
        #expect(error?.description == "\(problem): '\(part)'")
    }

    @Test func `memory is bounded`() {
        #expect(throws: RegularExpressionError.self) {
            try RegularExpression("((\\pL{10}){10}){10}", memory: 1 << 16)
        }
    }

    @Test func `many threads may search with one expression`() async throws {
        let expression = try RegularExpression("(a|b)*a(a|b){5}c")
        await withTaskGroup(of: Range<Int>?.self) { group in
            for count in 0..<32 {
                group.addTask {
                    let text = Array((String(repeating: "ab", count: 500 + count) + "c").utf8)
                    return expression.firstMatch(in: text.span)
                }
            }
            var ends: Set<Int> = []
            for await match in group { ends.insert(match?.upperBound ?? 0) }
            #expect(ends == Set((0..<32).map { 1001 + 2 * $0 }))
        }
    }
}
