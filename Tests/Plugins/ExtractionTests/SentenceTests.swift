import Testing

@testable import Extraction

@Suite struct SentenceTests {
    @Test(arguments: [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See e.g. the page. It is long.", ["See e.g. the page.", "It is long."]),
        ("Dr. Ada B. Smith wrote it.", ["Dr. Ada B. Smith wrote it."]),
        (
            "Version 3.5 of README.md is new. Use it.",
            ["Version 3.5 of README.md is new.", "Use it."]
        ),
        ("It reads. hector-embed writes.", ["It reads.", "hector-embed writes."]),
        (#"He said "Stop." Then he left."#, [#"He said "Stop.""#, "Then he left."]),
        (#""Really?" he asked."#, [#""Really?" he asked."#]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ("Run `a. b` now. Then stop.", ["Run `a. b` now.", "Then stop."]),
        ("鍵を交換する。毎月だ！「はい。」と言う", ["鍵を交換する。", "毎月だ！", "「はい。」", "と言う"]),
        ("Ключ меняют. Раз в месяц.", ["Ключ меняют.", "Раз в месяц."]),
        ("هل هو جديد؟ نعم.", ["هل هو جديد؟", "نعم."]),
        ("यह नया है। हाँ।", ["यह नया है।", "हाँ।"]),
        ("", []), (" . ", ["."]),
    ])
    func `a paragraph is cut`(paragraph: String, expected: [String]) {
        #expect(sentences(of: paragraph) == expected)
    }

    @Test func `a text too long for a sentence is cut between words`() {
        let pieces = sentences(of: Array(repeating: "word", count: 1000).joined(separator: " "))
        #expect(pieces.count > 5 && pieces.allSatisfy { $0.utf8.count <= 600 })
        #expect(pieces.joined(separator: " ").split(separator: " ").count == 1000)
    }
}

@Suite struct BlockTests {
    @Test(arguments: [
        ("one\ntwo", [Block(kind: .paragraph, text: "one two")]),
        (
            "one\r\n\r\ntwo",
            [Block(kind: .paragraph, text: "one"), Block(kind: .paragraph, text: "two")]
        ),
        (
            "## A *b* ##\ntext",
            [Block(kind: .heading(level: 2), text: "A *b*"), Block(kind: .paragraph, text: "text")]
        ),
        (
            "Title\n=====\ntext",
            [Block(kind: .heading(level: 1), text: "Title"), Block(kind: .paragraph, text: "text")]
        ),
        (
            "==> notes/a b.md <==\ntext",
            [
                Block(kind: .heading(level: 1), text: "notes/a b.md"),
                Block(kind: .paragraph, text: "text"),
            ]
        ),
        ("==> <==", [Block(kind: .paragraph, text: "==> <==")]),
        ("#hash", [Block(kind: .paragraph, text: "#hash")]),
        (
            "- one\n  more\n- two\n3. three",
            [
                Block(kind: .item, text: "one more"), Block(kind: .item, text: "two"),
                Block(kind: .item, text: "three"),
            ]
        ),
        (
            "```sh\n# no heading\n```\nafter",
            [
                Block(kind: .code(language: "sh"), text: "# no heading"),
                Block(kind: .paragraph, text: "after"),
            ]
        ),
        ("~~~\nunclosed", [Block(kind: .code(language: ""), text: "unclosed")]),
        ("> quoted\n> text", [Block(kind: .paragraph, text: "quoted text")]),
        (
            "| a | b |\n|---|:-:|\n| 1 | 2 |",
            [
                Block(kind: .row, text: "| a | b |\n|---|:-:|"),
                Block(kind: .row, text: "| 1 | 2 |"),
            ]
        ),
        (
            "a\n\n---\n\nb",
            [Block(kind: .paragraph, text: "a"), Block(kind: .paragraph, text: "b")]
        ),
        (
            "<p align=\"center\"><img src=\"a.png\"></p>\ntext",
            [Block(kind: .paragraph, text: "text")]
        ),
        (
            "a.txt\nb.txt\nc.txt",
            [
                Block(kind: .item, text: "a.txt"), Block(kind: .item, text: "b.txt"),
                Block(kind: .item, text: "c.txt"),
            ]
        ),
        (
            "a.swift:12: let x = 1\nb.swift:3: let y = 2",
            [
                Block(kind: .paragraph, text: "a.swift:12: let x = 1"),
                Block(kind: .paragraph, text: "b.swift:3: let y = 2"),
            ]
        ),
        (
            "NAME\n       ls - list\n\nOPTIONS\n       -a, --all\n              show  all\n       -b     show b",
            [
                Block(kind: .heading(level: 2), text: "NAME"),
                Block(kind: .paragraph, text: "ls - list"),
                Block(kind: .heading(level: 2), text: "OPTIONS"),
                Block(kind: .item, text: "show all", tag: "-a, --all"),
                Block(kind: .item, text: "show b", tag: "-b"),
            ]
        ),
        (
            "the life-\ncycle of all that is kept in a de\u{2010}\nvice of the kind that was told of above, and more",
            [
                Block(
                    kind: .paragraph,
                    text:
                        "the life-cycle of all that is kept in a device of the kind that was told of above, and more"
                )
            ]
        ),
        ("鍵を\n交換", [Block(kind: .paragraph, text: "鍵を交換")]),
        ("", []), ("``` ```", [Block(kind: .paragraph, text: "``` ```")]),
    ])
    func `Markdown is read`(text: String, expected: [Block]) {
        #expect(BlockReader.blocks(of: text) == expected)
    }
}
