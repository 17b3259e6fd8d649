import Testing
import Text

@testable import Chunking

private func chunks(
    _ text: some Sequence<UInt8>, size: Int, overlap: Int = 0, block: Int = .max
) -> [Chunk] {
    var chunker = Chunker(size: size, overlap: overlap)
    var chunks: [Chunk] = []
    var rest = Array(text)[...]
    while !rest.isEmpty {
        chunker.append(rest.prefix(block))
        rest = rest.dropFirst(block)
        while let chunk = chunker.next() { chunks.append(chunk) }
    }
    chunker.finish()
    while let chunk = chunker.next() { chunks.append(chunk) }
    return chunks
}

private func texts(_ text: String, size: Int, overlap: Int = 0) -> [String] {
    chunks(text.utf8, size: size, overlap: overlap).map {
        String(decoding: $0.bytes, as: UTF8.self)
    }
}

@Suite struct ChunkerTests {
    @Test(arguments: [
        ("", 10, []),
        (" \n\t\r\n ", 10, []),
        ("short", 10, ["short"]),
        ("exactly 10", 10, ["exactly 10"]),
        // Paragraphs come before sentences, sentences before lines, lines before words.
        ("One. Two.\n\nThree. Four.", 20, ["One. Two.", "Three. Four."]),
        ("Aaaa bbbb. Cccc\ndddd eeee", 20, ["Aaaa bbbb.", "Cccc\ndddd eeee"]),
        ("aaaa bbbb cccc\ndddd eeee", 20, ["aaaa bbbb cccc", "dddd eeee"]),
        ("aaaa bbbb cccc dddd eeee", 20, ["aaaa bbbb cccc dddd", "eeee"]),
        ("aaaabbbbccccddddeeee", 8, ["aaaabbbb", "ccccdddd", "eeee"]),
        // A break in the first half would leave a tiny piece.
        ("a\n\nbbbbbbbbb ccccccccc ddd", 20, ["a\n\nbbbbbbbbb", "ccccccccc ddd"]),
        // Not the end of a sentence.
        ("Some fruit, e.g. apples and pears.", 22, ["Some fruit, e.g.", "apples and pears."]),
        ("See 3.14159 (twice.) Then go on.", 26, ["See 3.14159 (twice.)", "Then go on."]),
        // Line ends of Windows.
        ("One two.\r\n\r\nThree four.", 16, ["One two.", "Three four."]),
        ("aaaa\r\nbbbb", 5, ["aaaa", "bbbb"]),
        // The indentation of a line is kept, blank lines around chunks are not.
        ("\n\n  if x {\n\n\n    y\n  }\n", 12, ["  if x {", "    y\n  }"]),
        ("tab\tseparated\tvalues", 14, ["tab\tseparated", "values"]),
        // Only Markdown has Markdown's headings.
        ("# No heading\nAaaa.\n\n#bbb\n# ccc\ndd", 24, ["# No heading\nAaaa.", "#bbb\n# ccc\ndd"]),
        // Scripts without spaces.
        ("我住在城市。你住在山上。", 8, ["我住在城市。", "你住在山上。"]),
        ("他说：「走吧。」我们走了。", 10, ["他说：「走吧。」", "我们走了。"]),
        ("สวัสดีชาวโลก", 6, ["สวัสดี", "ชาวโลก"]),
    ])
    func `cuts at the best break`(text: String, size: Int, expected: [String]) {
        #expect(texts(text, size: size) == expected)
    }

    @Test(arguments: [
        ("e\u{301}e\u{301}e\u{301}", 3, ["e\u{301}", "e\u{301}", "e\u{301}"]),
        ("ab\r\ncd", 3, ["ab", "cd"]),
        ("👩‍👩‍👧👩‍👩‍👧", 6, ["👩‍👩‍👧", "👩‍👩‍👧"]),
        ("🇩🇪🇫🇷🇮🇹", 3, ["🇩🇪", "🇫🇷", "🇮🇹"]),
    ])
    func `does not part a letter from its marks`(text: String, size: Int, expected: [String]) {
        #expect(texts(text, size: size) == expected)
    }

    @Test func `cuts a cluster that is longer than a chunk`() {
        let text = "e" + String(repeating: "\u{301}", count: 1000)
        let parts = chunks(text.utf8, size: 100)
        #expect(parts.count >= 11 && parts.count < 30)
        #expect(parts.flatMap(\.bytes) == Array(text.utf8))
    }

    @Test(arguments: [
        (
            "One two three. Four five six. Seven eight.", 30, 16,
            ["One two three. Four five six.", "Four five six. Seven eight."]
        ),
        ("aaa bbb ccc ddd eee fff", 12, 4, ["aaa bbb ccc", "ccc ddd eee", "eee fff"]),
        ("aaaaaaaaaa", 4, 2, ["aaaa", "aaaa", "aaaa", "aaaa"]),
    ])
    func `shares the end of a chunk with the next`(
        text: String, size: Int, overlap: Int, expected: [String]
    ) {
        #expect(texts(text, size: size, overlap: overlap) == expected)
    }

    @Test(arguments: [(1, 0), (2, 1), (7, 3), (10, 9), (64, 16), (200, 0), (1000, 999)])
    func `keeps to its size and loses nothing`(size: Int, overlap: Int) {
        let text = Array(sample.utf8)
        let characters = Array(sample.unicodeScalars)
        var covered = 0
        for chunk in chunks(text, size: size, overlap: overlap) {
            let string = String(decoding: chunk.bytes, as: UTF8.self)
            #expect(Array(text[chunk.range]) == chunk.bytes)
            #expect((1...size).contains(string.unicodeScalars.count))
            let scalars = characters[chunk.characterOffset...].prefix(string.unicodeScalars.count)
            #expect(scalars.elementsEqual(string.unicodeScalars))
            if covered < chunk.offset {
                #expect(text[covered..<chunk.offset].allSatisfy { $0 <= 0x20 })
            }
            #expect(chunk.range.upperBound > covered)
            covered = chunk.range.upperBound
        }
        #expect(text[covered...].allSatisfy { $0 <= 0x20 })
    }

    @Test func `keeps to its size and loses nothing of texts made at random`() {
        let pieces = [
            " ", "\n", "\n\n", "\r\n", "    ", ". ", "# ", "a", "word", "e\u{301}", "鍵", "。", "👩‍👧",
        ]
        var state: UInt64 = 3
        func random(_ limit: Int) -> Int {
            state = state &* 6364136223846793005 &+ 1442695040888963407
            return Int(state >> 33) % limit
        }
        for _ in 0..<500 {
            var text: [UInt8] = []
            let kinds = 1 + random(pieces.count)
            for _ in 0..<random(200) { text += pieces[random(kinds)].utf8 }
            if random(4) == 0 { text = text.map { random(20) == 0 ? UInt8(random(256)) : $0 } }
            let size = 1 + random(40)
            let overlap = random(size)
            var covered = 0
            for chunk in chunks(text, size: size, overlap: overlap, block: 1 + random(100)) {
                #expect(Array(text[chunk.range]) == chunk.bytes)
                #expect(text.span.characters(in: chunk.range) <= size)
                #expect(text[min(covered, chunk.offset)..<chunk.offset].allSatisfy { $0 <= 0x20 })
                #expect(text.span.characters(in: 0..<chunk.offset) == chunk.characterOffset)
                #expect(chunk.range.upperBound > covered)
                covered = chunk.range.upperBound
            }
            #expect(text[covered...].allSatisfy { $0 <= 0x20 })
        }
    }

    @Test(arguments: [1, 3, 64, 1000])
    func `gives the same chunks however the text arrives`(block: Int) {
        let whole = chunks(sample.utf8, size: 50, overlap: 10)
        #expect(chunks(sample.utf8, size: 50, overlap: 10, block: block) == whole)
    }

    @Test func `gives a chunk before the text has ended`() {
        var chunker = Chunker(size: 10, overlap: 0)
        chunker.append(String(repeating: "word and ", count: 20).utf8)
        #expect(chunker.next()?.bytes == Array("word and".utf8))
    }

    @Test func `counts a broken sequence as one character`() {
        let text: [UInt8] = [0x61, 0xFF, 0x62, 0xE2, 0x82, 0x63, 0x80, 0x80, 0x64]
        let parts = chunks(text, size: 2)
        #expect(
            parts.map(\.bytes) == [
                [0x61, 0xFF], [0x62, 0xE2, 0x82], [0x63, 0x80], [0x80, 0x64],
            ])
        #expect(parts.map(\.characterOffset) == [0, 2, 4, 6])
    }

    @Test func `agrees with the standard library on what is not UTF-8`() {
        var state: UInt64 = 1
        for _ in 0..<2000 {
            let text = (0..<12).map { _ -> UInt8 in
                state = state &* 6364136223846793005 &+ 1442695040888963407
                return [0x20, 0x61, 0x80, 0xA0, 0xC3, 0xE2, 0xED, 0xF0, 0xF4, 0x9F, 0xBF, 0xFF][
                    Int(state >> 60) % 12]
            }
            let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
            #expect(text.span.characters(in: 0..<text.count) == scalars.count, "\(text)")
            var position = text.count
            for scalar in scalars.reversed() {
                position = text.span.characterStart(before: position)
                #expect(text.span.scalar(at: position) == scalar.value, "\(text)")
            }
        }
    }

    /// Prose, a list, code, other scripts, long words and long white space.
    private var sample: String {
        """
        # Keys\r\n\r\nRotate a key each month. "Old keys stay valid." They do (for a day).

          * one item; another
          * naïve café — e\u{301}tude


        \(String(repeating: "x", count: 300))\t\(String(repeating: " ", count: 300))
        ## 鍵
        鍵を毎月交換してください。古い鍵は、一日だけ有効です！終わり。สวัสดีชาวโลก 👩‍👩‍👧🇩🇪
        func f() {\n    return 3.14  // done\n}\n
        """
    }
}
