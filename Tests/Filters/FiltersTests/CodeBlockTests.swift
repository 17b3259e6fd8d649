import GenerateFilter
import Testing

@Suite struct CodeBlockTests {
    @Test(
        arguments: [
            ("", nil), ("text", nil), ("```\na\n```", "a"), ("```swift\na\nb\n```\nmore", "a\nb"),
            ("x\n   ```\n  a\n   ```", "  a"), ("```\nnever closed", nil), ("```\n```", ""),
            ("````\n```\na\n```\n````", "```\na\n```"), ("~~~\na\n```\n~~~", "a\n```"),
            ("``` inline ```\n```\na\n```", "a"), ("```\na\n```` \n", "a"),
            ("```\na\n``` b\n```", "a\n``` b"),
            ("```\nä\n```\n```\nsecond\n```", "ä"),
        ] as [(String, String?)])
    func `the first closed block counts`(text: String, code: String?) {
        #expect(CodeBlock.first(in: text) == code)
    }

    @Test func `a million lines take no longer than they must`() {
        let lines = String(repeating: "line\n", count: 1_000_000)
        #expect(CodeBlock.first(in: "```\n\(lines)```")?.utf8.count == lines.utf8.count - 1)
    }
}
