import Documents
import Testing

@testable import Chunking

/// Cuts a document that comes in blocks of so many bytes.
private func chunks(
    _ name: String, _ text: String, size: Int, overlap: Int = 0, blocksOf block: Int = .max
) throws -> [Passage] {
    var chunker = DocumentChunker(
        name: name, ChunkSettings(size: size, overlap: overlap, hasContext: true))
    var found: [Passage] = []
    var rest = Array(text.utf8)[...]
    repeat {
        let piece = Array(rest.prefix(block))
        rest = rest.dropFirst(block)
        found += try chunker.append(piece, isLast: rest.isEmpty)
    } while !rest.isEmpty
    return found
}

private func texts(_ markdown: String, size: Int, overlap: Int = 0) throws -> [String] {
    try chunks("a.md", markdown, size: size, overlap: overlap).map {
        String(decoding: $0.content, as: UTF8.self)
    }
}

@Suite struct StructuredChunkerTests {
    @Test(arguments: [
        ("", 10, []),
        (" \n\n", 10, []),
        // Headings stay with what follows them.
        ("Text of one.\n# Two\n\nText of two.", 24, ["Text of one.", "# Two\n\nText of two."]),
        ("Aaaaaaaa.\n# H\n## I\nBbbb bbb", 18, ["Aaaaaaaa.", "# H\n## I\nBbbb bbb"]),
        ("Aaaaaaaa.\n\nB\n=\n\nCc c.", 14, ["Aaaaaaaa.", "B\n=\n\nCc c."]),
        // A section that fits stays whole, though more would fit before it.
        ("# A\n\naa\n\n# B\n\nbbbb\n\nbbbb", 20, ["# A\n\naa", "# B\n\nbbbb\n\nbbbb"]),
        // Sections before paragraphs, higher ones before lower ones.
        (
            "# A\n\naaaa\n\n# B\n\nbb\n\n## C\n\ncccc\n\ncccc", 24,
            ["# A\n\naaaa\n\n# B\n\nbb", "## C\n\ncccc\n\ncccc"]
        ),
        // What looks like a heading in a fence is none.
        ("a\n\n```\n# b\n\nc\n```\n\nd d", 18, ["a\n\n```\n# b\n\nc\n```", "d d"]),
        ("aaaa.\n\n```\nb\nb\n\nb\n```\n", 16, ["aaaa.", "```\nb\nb\n\nb\n```"]),
        ("~~~ x\na\n\n```\n\nb\n~~~\nccc", 20, ["~~~ x\na\n\n```\n\nb\n~~~", "ccc"]),
        // A fence in a list is whole, too.
        (
            "- aa\n- b\n\n  ```\n  c\n\n  d\n  ```\n- e", 26,
            ["- aa", "- b\n\n  ```\n  c\n\n  d\n  ```", "- e"]
        ),
        // A fence that does not fit goes on with its first line.
        (
            "```sh\naaaa\nbbbb\ncccc\ndddd\n```", 17,
            ["```sh\naaaa\nbbbb", "```sh\ncccc\ndddd", "```sh\n```"]
        ),
        // Rows of a table go on with its header.
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n", 40,
            ["| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| a | b |\n|---|---|\n| 5 | 6 |"]
        ),
        ("- one two\n- three four\n- five", 21, ["- one two", "- three four\n- five"]),
        ("One two. Three four. Five six.", 21, ["One two. Three four.", "Five six."]),
        ("aaaabbbbccccdddd", 8, ["aaaabbbb", "ccccdddd"]),
        ("e\u{301}e\u{301}e\u{301}", 3, ["e\u{301}", "e\u{301}", "e\u{301}"]),
        ("# A\r\n\r\naa\r\n\r\n# B\r\n\r\nbb bb", 14, ["# A\r\n\r\naa", "# B\r\n\r\nbb bb"]),
    ])
    func `Markdown is cut by its parts`(text: String, size: Int, expected: [String]) throws {
        #expect(try texts(text, size: size) == expected)
    }

    @Test func `a part is shared with the next only in prose`() throws {
        let prose = "One two three. Four five six. Seven eight."
        #expect(
            try texts(prose, size: 30, overlap: 16)
                == ["One two three. Four five six.", "Four five six. Seven eight."])
        #expect(
            try texts("# A\n\nOne two. Three.\n\n# B\n\nFour five.", size: 22, overlap: 10)
                == ["# A\n\nOne two. Three.", "# B\n\nFour five."])
        #expect(
            try texts("One two three.\n\n```\nfour\nfive\n```", size: 20, overlap: 10)
                == ["One two three.", "```\nfour\nfive\n```"])
    }

    @Test func `a chunk knows its headings`() throws {
        let text = "# A\n\n## B\n\nbbbb bbbb\n\n### C *d* `e`\n\ncccc cccc\n\n## D\n\ndddd dddd\n"
        let found = try chunks("a.md", text, size: 24)
        #expect(found.map(\.headings) == [["A", "B"], ["A", "B", "C d e"], ["A", "D"]])
        #expect(found.allSatisfy { $0.title == "A" })
    }

    @Test func `a page is cut by its parts`() throws {
        let page = """
            <title>T</title><h1>A</h1><p>One two.</p><table><tr><th>x<th>y<tr><td>1<td>2
            <tr><td>3<td>4</table><h2>B</h2><pre>\n a\n\n b</pre><ul><li>c c</li><li>d d</li></ul>
            """
        let found = try chunks("a.html", page, size: 16)
        #expect(
            found.map { String(decoding: $0.content, as: UTF8.self) } == [
                "T\n\nA\n\nOne two.", "x | y\n1 | 2", "x | y\n3 | 4", "B\n\n a\n\n b\n\n- c c",
                "- d d",
            ])
        #expect(found.map(\.headings) == [["A"], ["A"], ["A"], ["A", "B"], ["A", "B"]])
    }

    @Test(arguments: [5, 17, 40, 200])
    func `texts made at random lose nothing and keep to their size`(most: Int) throws {
        let pieces = [
            "# H\n", "\n", "\n\n", "word ", "Ends. ", "```\n", "~~~\n", "- item\n", "  more\n",
            "1. one\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n", "> quote\n", "    code\n", "e\u{301}", "鍵。",
            "\r\n",
            "Setext\n===\n", "<div>\n", "long long long long line\n",
        ]
        var state: UInt64 = 7
        func random(_ limit: Int) -> Int {
            state = state &* 6364136223846793005 &+ 1442695040888963407
            return Int(state >> 33) % limit
        }
        for _ in 0..<300 {
            var text: [UInt8] = []
            for _ in 0..<random(60) { text += pieces[random(pieces.count)].utf8 }
            if FrontMatter(text) != nil { continue }
            let size = 1 + random(most)
            let overlap = random(size)
            var chunker = DocumentChunker(
                name: "a.md", ChunkSettings(size: size, overlap: overlap, hasContext: true))
            var covered = 0
            for passage in try chunker.append(text, isLast: true) {
                #expect(passage.content.span.characters(in: 0..<passage.content.count) <= size)
                #expect(passage.content.suffix(passage.range.count) == text[passage.range])
                #expect(
                    text[min(covered, passage.range.lowerBound)..<passage.range.lowerBound]
                        .allSatisfy { $0 <= 0x20 })
                #expect(passage.range.upperBound > covered)
                covered = passage.range.upperBound
            }
            #expect(text[covered...].allSatisfy { $0 <= 0x20 })
        }
    }

    @Test func `code is cut before definitions, with their comments`() throws {
        let code = """
            import a

            // About one.
            func one() {
                let x = 1

                return x
            }
            // About two.
            func two() {
                return 2
            }
            """
        let found = try chunks("a.swift", code, size: 80)
        #expect(
            found.map { String(decoding: $0.content, as: UTF8.self).split(separator: "\n")[0] }
                == ["import a", "// About two."])
        // Only Markdown has Markdown's headings.
        #expect(try chunks("a.py", "# a\nx = 1\n", size: 80).allSatisfy { $0.headings.isEmpty })
    }

    @Test func `rows of a table stay whole, and begin with their header`() throws {
        let table = "n,t\r\n1,\"a\r\nb\"\r\n2,\"say \"\"x\"\", y\"\r\n3,c\r\n"
        let found = try chunks("a.csv", table, size: 16)
        #expect(
            found.map { String(decoding: $0.content, as: UTF8.self) }
                == ["n,t\r\n1,\"a\r\nb\"", "n,t\r\n2,\"say", "n,t\r\n\"\"x\"\", y\"", "n,t\r\n3,c"])
        #expect(found.map(\.range) == [0..<13, 15..<21, 22..<31, 33..<36])
    }

    @Test(arguments: [
        ("a.csv", ";"), ("a.csv", "\t"), ("a.csv", "|"), ("a.csv", ","), ("a.tsv", "\t"),
        ("a.csv", ", "), ("a.csv", "; "),
    ])
    func `quotes are the same for each separator`(name: String, separator: String) throws {
        let row = "1\(separator)\"one,\ntwo; three\""
        let table = "number\(separator)text\n\(row)\n" + row + "\n"
        for block in [Int.max, 1] {
            let found = try chunks(name, table, size: 45, blocksOf: block)
            #expect(
                found.map { String(decoding: $0.content, as: UTF8.self) }
                    == Array(repeating: "number\(separator)text\n\(row)", count: 2))
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "n,t\n1,\"", "n,t\n1,\"x", "n,t\n\"", "\"", "n,t\n1,\"\n", "n,t\n1,\"x\ny",
            "n,t\n1,\"é",
        ])
    func `a quote that is open at the end is the end of its row`(table: String) throws {
        for block in [Int.max, 1] {
            let found = try chunks("a.csv", table, size: 45, blocksOf: block)
            let lines = table.split(separator: "\n")
            #expect(
                found.map { String(decoding: $0.content, as: UTF8.self) }
                    == [lines.joined(separator: "\n")])
        }
    }

    @Test(arguments: ["a.txt", "a.md"])
    func `a flag is not cut in a long row of them`(name: String) throws {
        let flag = "🇩🇪"
        for overlap in [0, 3] {
            for before in ["", "a", "x "] {
                var chunker = DocumentChunker(
                    name: name, ChunkSettings(size: 45, overlap: overlap, hasContext: true))
                let text = before + String(repeating: flag, count: 500)
                for passage in try chunker.append(Array(text.utf8), isLast: true) {
                    let content = String(decoding: passage.content, as: UTF8.self)
                    #expect(content.allSatisfy { String($0) == flag || before.contains($0) })
                }
            }
        }
    }

    @Test(arguments: ["a.eml", "a.ipynb", "a.mbox", "a.md", "a.html", "a.csv", "a.jsonl"])
    func `an empty file has no passages`(name: String) throws {
        for text in ["", " \n\n"] {
            #expect(try chunks(name, text, size: 80).isEmpty)
        }
    }

    @Test func `Thai is cut between words`() throws {
        let found = try chunks("a.txt", "ควรเปลี่ยนกุญแจทุกเดือน", size: 14)
        #expect(
            found.map { String(decoding: $0.content, as: UTF8.self) } == ["ควรเปลี่ยน", "กุญแจทุกเดือน"])
    }

    @Test func `a line without an end takes no more time for each byte`() throws {
        for piece in ["a", "a ", "鍵。", "[", "ก"] {
            let text = Array(String(repeating: piece, count: 300_000).utf8)
            for name in ["a.txt", "a.md", "a.py", "a.csv", "a.jsonl", "a.html"] {
                var chunker = DocumentChunker(
                    name: name, ChunkSettings(size: 2000, overlap: 200, hasContext: true))
                let found = try chunker.append(text, isLast: true)
                #expect(found.count >= text.count / 8000, "\(name) \(piece)")
            }
        }
    }
}
