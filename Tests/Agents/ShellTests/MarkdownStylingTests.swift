import Shell
import Testing

@Suite struct MarkdownStylingTests {
    /// Returns the output, with the escape sequences as letters.
    private func shown(_ pieces: [String]) -> String {
        var markup = MarkdownStyling()
        let text = pieces.map { markup.feed($0) }.joined() + markup.finish()
        return text.replacing("\u{1b}[1m", with: "<b>").replacing("\u{1b}[22m", with: "</b>")
            .replacing("\u{1b}[36m", with: "<c>").replacing("\u{1b}[39m", with: "</c>")
    }

    private func bare(_ pieces: [String]) -> String {
        ["<b>", "</b>", "<c>", "</c>"].reduce(shown(pieces)) { $0.replacing($1, with: "") }
    }

    /// A text longer than the renderer holds back.
    private static let long = String(repeating: "long ", count: 100)
    private static let blanks = String(repeating: " ", count: 500)

    private static let cases = [
        ("plain text", "plain text"), ("a\n\nb\n", "a\n\nb\n"), ("# Title\nx", "<b># Title</b>\nx"),
        ("#hash\n####### x", "#hash\n####### x"), ("say `ls -l` now", "say <c>`ls -l`</c> now"),
        ("an open `tick\nx", "an open <c>`tick</c>\nx"),
        (
            "- one\n  * two\n12. three\n3) x",
            "<b>-</b> one\n<b>  *</b> two\n<b>12.</b> three\n<b>3)</b> x"
        ),
        ("-5 is\n1.5 is\n** bold **", "-5 is\n1.5 is\n** bold **"),
        ("- `x`", "<b>-</b> <c>`x`</c>"), ("## The `x`", "<b>## The <c>`x`</c></b>"),
        (
            "```swift\n# no title\n- no `item`\n```\n- item",
            "<c>```swift</c>\n<c># no title</c>\n<c>- no `item`</c>\n<c>```</c>\n<b>-</b> item"
        ),
        ("~~~\n```\n~~~\n# x", "<c>~~~</c>\n<c>```</c>\n<c>~~~</c>\n<b># x</b>"),
        (
            "````md\n```python\nx\n```\n````\n# x",
            "<c>````md</c>\n<c>```python</c>\n<c>x</c>\n<c>```</c>\n<c>````</c>\n<b># x</b>"
        ),
        (
            "```\n``` no end\n~~~\n  ```  \n# x",
            "<c>```</c>\n<c>``` no end</c>\n<c>~~~</c>\n<c>  ```  </c>\n<b># x</b>"
        ),
        ("    # comment\n   # title", "    # comment\n<b>   # title</b>"),
        (
            "1. do\n    ```sh\n    ls\n    ```\nx",
            "<b>1.</b> do\n<c>    ```sh</c>\n<c>    ls</c>\n<c>    ```</c>\nx"
        ),
        ("```", "<c>```</c>"), ("``", "<c>`</c><c>`</c>".replacing("</c><c>", with: "")),
        ("#", "#"),
        (
            "```\(long)\n# x\n```\n# x",
            "<c>```\(long)</c>\n<c># x</c>\n<c>```</c>\n<b># x</b>"
        ),
        ("```\(long)` x\n# x", "<c>```\(long)`</c> x\n<b># x</b>"),
        (
            "```\n```\(blanks)x\n# x\n```\(blanks)\n# x",
            "<c>```</c>\n<c>```\(blanks)x</c>\n<c># x</c>\n<c>```\(blanks)</c>\n<b># x</b>"
        ),
        ("\(blanks)- x", "\(blanks)- x"), ("-", "-"), ("1.", "1."), ("日本 `語`\n", "日本 <c>`語`</c>\n"),
        ("", ""), ("   ", "   "),
    ]

    @Test(arguments: cases)
    func `headings, code and lists are styled`(text: String, styled: String) {
        #expect(shown([text]) == styled)
    }

    @Test(arguments: cases)
    func `it does not matter in which pieces a text comes`(text: String, styled: String) {
        #expect(shown(text.map(String.init)) == styled)
    }

    @Test(arguments: cases)
    func `nothing is taken away or moved`(text: String, styled: String) {
        #expect(bare([text]) == text)
    }

    @Test(arguments: [
        ("It is ", "It is "), ("```\(long)", "\u{1b}[36m```\(long)"),
        ("- it", "\u{1b}[1m-\u{1b}[22m it"), ("#", ""), ("`", ""), ("1", ""),
    ])
    func `only what may be a mark is held back`(text: String, shown: String) {
        var markup = MarkdownStyling()
        #expect(markup.feed(text) == shown)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["```", "~~~", " ", "`", "~"])
    func `a line of any length takes no longer than as many short ones`(start: String) {
        let text = start + String(repeating: start == "```" ? "x" : start, count: 200_000)
        #expect(bare([text]) == text)
    }
}
