import Chunking
import JSON
import Testing

@testable import Documents

/// Documents that take more time or memory than their size lets expect.
@Suite struct LimitTests {
    private func passages(_ name: String, _ text: String, size: Int = 2000) throws -> [Passage] {
        var chunker = DocumentChunker(
            name: name, ChunkSettings(size: size, overlap: 0, hasContext: true))
        return try chunker.append(Array(text.utf8), isLast: true)
    }

    private func text(_ passages: [Passage]) -> String {
        passages.map { String(decoding: $0.content, as: UTF8.self) }.joined(separator: "\n")
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (
                "square",
                String(repeating: "|a", count: 9000) + "|\n"
                    + String(repeating: "|-", count: 9000) + "|\n"
                    + String(repeating: "|b\n", count: 9000)
            ),
            (
                "wide",
                String(repeating: "|", count: 40_000) + "\n"
                    + String(repeating: "|-", count: 20_000) + "\n"
                    + String(repeating: "|", count: 100)
            ),
            ("wide rows", "|a|b\n|-|-\n" + String(repeating: "|", count: 200_000) + "\n"),
            (
                "long",
                String(repeating: "|a", count: 200) + "|\n"
                    + String(repeating: "|-", count: 200) + "|\n"
                    + String(repeating: "|b\n", count: 100_000)
            ),
            ("headers", String(repeating: "|-\n|-|-\n", count: 60_000)),
            ("quotes", String(repeating: ">", count: 1_000_000)),
            ("lists", String(repeating: "* ", count: 500_000)),
            (
                "steps",
                (0..<60).map {
                    String(repeating: " ", count: 200 * $0)
                        + String(repeating: "* ", count: 100) + "\n"
                }.joined()
                    + String(repeating: "\n", count: 300_000)
            ),
            ("brackets", String(repeating: "[", count: 3_000_000)),
        ])
    func `Markdown takes time in proportion to its size`(kind: String, text: String) throws {
        let clock = ContinuousClock()
        var found: [Passage] = []
        // Minutes to hours without limits.
        let time = try clock.measure { found = try passages("a.md", text) }
        #expect(time < .seconds(60))
        #expect(found.map(\.range.count).reduce(0, +) > text.utf8.count / 8 || kind == "steps")
    }

    @Test func `a table of a usual size stays one`() throws {
        let row = String(repeating: "| cell ", count: 40) + "|\n"
        let table =
            "# T\n\n" + row + String(repeating: "|---", count: 40) + "|\n"
            + String(repeating: row, count: 200)
        let found = try passages("a.md", table)
        #expect(
            found.dropFirst().allSatisfy { text([$0]).split(separator: "\n")[1].hasPrefix("|---") })
    }

    @Test func `a long text is parsed in pieces that begin at blocks`() {
        let fence = "```\n\nx\n\n```\n\n"
        let text = Array(("# A\n\nb\n\n" + fence + "c\n\n- d\n\n  e\n\nf\n").utf8)
        let pieces = MarkdownPiece.pieces(of: text.span, from: 0, most: 16)
        #expect(
            pieces.map { String(decoding: text[$0.range], as: UTF8.self) }
                == ["# A\n\nb\n\n", fence + "c\n\n", "- d\n\n  e\n\nf\n"])
        let long = Array("a\n\n\(String(repeating: "[", count: 40))\nb".utf8)
        #expect(
            MarkdownPiece.pieces(of: long.span, from: 0, most: 16).map(\.isParsed)
                == [true, false, true])
    }

    @Test func `headings of a long text are found in each piece`() throws {
        let section = "# Heading\n\n" + String(repeating: "word ", count: 300) + "\n\n"
        let text = String(repeating: section, count: 1000)
        let found = try passages("a.md", text)
        #expect(found.count == 1000 && found.allSatisfy { $0.headings == ["Heading"] })
    }

    @Test func `an element with many attributes is refused before it takes time`() {
        let names = (0..<60_000).map { "a\($0)" }
        for page in [
            "<a \(names.joined(separator: " "))>", "<a \(names.joined(separator: "/"))>",
            "<a \(names.map { "\($0)=''" }.joined())>",
            names.map { "<body \($0)>" }.joined(),
        ] {
            #expect(throws: SkipReason.self) { try HTMLText(Array(page.utf8)) }
        }
        let many = String(repeating: "<p id=a class='b c' title=\"d / e\">x</p>\n", count: 2000)
        #expect(throws: Never.self) { try HTMLText(Array(many.utf8)) }
    }

    // MARK: What is repeated

    private let long = (0..<8000).map { "word\($0)" }.joined(separator: " ")

    @Test func `what each passage repeats is short, and its whole text is there once`() throws {
        for (name, document) in [
            ("a.md", "# \(long)\n\nText.\n"), ("a.md", "\(long)\n===\n\nText.\n"),
            ("a.md", "---\ntitle: \(long)\n---\n\nText.\n"),
            (
                "a.md",
                "---\ntags: [\(long.split(separator: " ").joined(separator: ","))]\n---\nText.\n"
            ),
            ("a.md", "---\nnote: \(long)\n---\n\nText.\n"),
            ("a.html", "<title>\(long)</title><h1>\(long) and</h1><p>Text."),
            ("a.eml", "Subject: \(long)\nFrom: a@b\n\nText.\n"),
            ("a.ipynb", #"{"metadata":{"title":"\#(long)"},"cells":[]}"#),
            ("a.jsonl", #"{"\#(long)":{"a":[{"b":1},{"c":2}]}}"#),
        ] {
            let found = try passages(name, document)
            let all = text(found)
            #expect(all.contains("word7999"), "\(name)")
            #expect(all.utf8.count < 3 * document.utf8.count)
            for passage in found {
                let headings = passage.headings.joined(separator: "")
                #expect((passage.title ?? "").unicodeScalars.count <= 300)
                #expect(headings.unicodeScalars.count <= 600)
                #expect(Value.object(passage.properties).description.utf8.count < 6000)
            }
        }
    }

    @Test func `a path of headings is short`() throws {
        let document = (1...6).map {
            String(repeating: "#", count: $0) + " " + long.prefix(190) + "\n\n"
        }.joined()
        let found = try passages("a.md", document + "Text.\n")
        #expect(found.last!.headings.count == 6)
        #expect(found.last!.headings.joined().unicodeScalars.count <= 606)
    }

    @Test func `a text is shortened between words, and not within a character`() {
        #expect("one two three".shortened(to: 20) == "one two three")
        #expect("one two three four".shortened(to: 16) == "one two three…")
        #expect("einundzwanzig".shortened(to: 6) == "einun…")
        #expect("ab👩‍👩‍👧‍👧cd".shortened(to: 6) == "ab…")
    }

    @Test(arguments: [
        "---\n\nThis is text between rules: not front matter\n\n---\n\nBody\n",
        "---\nNote: this is text between rules: not front matter.\n---\n\nBody\n",
        "---\nNote: text between rules\n---\n\nBody\n",
        "---\ntitle: A\ntitle: text between rules\n---\n\nBody\n",
        "---\ntitle: A\nTitle: text between rules\n---\n\nBody\n",
        "---\ntitle: A\ntags: [a, [text between rules]]\n---\n\nBody\n",
        "---\ntitle: A # text between rules\n---\n\nBody\n",
        "+++\ntitle = \"A\"\n# text between rules\n+++\n\nBody\n",
    ])
    func `no text of front matter is lost`(document: String) throws {
        #expect(text(try passages("a.md", document)).contains("text between rules"))
    }

    @Test func `front matter stays with the first heading`() throws {
        let found = try passages("a.md", "---\nauthor: Ann\n---\n# A\n\nText.\n\n## B\n\nMore.\n")
        #expect(found.map(\.title) == ["A"])
        #expect(found.map(\.headings) == [["A"]])
        #expect(text(found).hasPrefix("---\nauthor: Ann\n---\n# A"))
        let plain = try passages("a.md", "---\ntitle: T\ntags: [a]\n---\n# A\n\nText.\n")
        #expect(text(plain) == "# A\n\nText.")
    }
}
