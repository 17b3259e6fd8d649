import TextAnalysis

@testable import VectorStore

/// Numbers that are the same in each run.
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ mixed >> 31
    }
}

/// Texts of made-up terms, of which the first are common and the last are rare.
struct RandomTexts {
    /// For each slot the frequencies of its terms; empty for a record without text.
    let documents: [[Int: UInt32]]

    init(_ count: Int, terms: Int, _ numbers: inout Numbers) {
        documents = (0..<count).map { _ in
            if Int.random(in: 0..<20, using: &numbers) == 0 { return [:] }
            var document: [Int: UInt32] = [:]
            for _ in 0..<Int.random(in: 1...40, using: &numbers) {
                let share = Double.random(in: 0..<1, using: &numbers)
                let times = Int.random(in: 0..<50, using: &numbers) == 0 ? 400 : 1
                document[Int(share * share * share * Double(terms)), default: 0] += UInt32(times)
            }
            return document
        }
    }

    static func hash(_ term: Int) -> UInt64 { UInt64(term + 1) &* 0x9E37_79B9_7F4A_7C15 }

    static func analyzed(_ document: [Int: UInt32]) -> AnalyzedText {
        AnalyzedText(
            terms: document.map { .init(hash: hash($0.key), frequency: $0.value) },
            length: document.values.reduce(0, +))
    }

    /// Texts as the log has them.
    static func texts(_ documents: [[Int: UInt32]]) throws -> ForwardTexts? {
        var writer = ByteWriter()
        ForwardTexts.append(documents.map { ForwardText(analyzed($0)) }, to: &writer)
        return writer.bytes.isEmpty ? nil : try ForwardTexts(Section(writer.bytes))
    }

    /// The bytes of an index.
    static func bytes(_ documents: [[Int: UInt32]]) throws -> [UInt8] {
        var parts: [TextInversion.Part] = []
        if let texts = try texts(documents) {
            parts.append((texts, (0..<documents.count).map { UInt32($0) }))
        }
        var sink = MemorySink()
        try TextInversion(parts, slots: documents.count).write(to: &sink)
        return sink.bytes
    }

    func index() throws -> TextIndex {
        try TextIndex(Section(bytes()))
    }

    func bytes() throws -> [UInt8] { try Self.bytes(documents) }

    /// Returns words of which each has two groups of letters, if there are enough terms.
    static func question(_ terms: [Int]) -> [QuestionWord] {
        stride(from: 0, to: terms.count, by: 3).map { place in
            QuestionWord(
                term(terms[place], 1, .word),
                groups: terms[place...].prefix(3).dropFirst().map { term($0, 0.6, .group) })
        }
    }

    private static func term(
        _ term: Int, _ weight: Double, _ kind: QuestionTerm.Kind
    ) -> QuestionTerm {
        QuestionTerm(hash: hash(term), spelling: "\(term)", weight: weight, kind: kind)
    }
}

extension TextIndex {
    /// All that the index has, term by term.
    func contents() throws -> [UInt64: [UInt32: UInt32]] {
        var contents: [UInt64: [UInt32: UInt32]] = [:]
        var entries = try entries()
        while let (term, entry) = try entries.next() {
            let reader = try PostingReader(self, entry)
            while reader.slot != PostingReader.end {
                contents[term, default: [:]][reader.slot] = reader.frequency
                try reader.advance()
            }
        }
        return contents
    }
}

extension Segment {
    /// Makes a segment of texts and vectors without records.
    static func inMemory(_ texts: RandomTexts, _ vectors: [[Float]]) throws -> Segment {
        let layout = CodeLayout(dimension: vectors.first?.count ?? 4)
        var ids = IDTableBuilder()
        var blocks = CodeBlocks(layout)
        for (slot, vector) in vectors.enumerated() {
            BorrowedBytes.with(Array("\(slot)".utf8)) { ids.add($0) }
            let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            blocks.append(Codes(vector, length: length))
        }
        var idBytes = MemorySink()
        try ids.write(to: &idBytes)
        let places = [UInt8](repeating: 0, count: vectors.count * Place.size)
        return try Segment(
            layout, places: Section(places), ids: Section(idBytes.bytes),
            codes: Section(blocks.take()), text: SegmentText(TextIndex(Section(texts.bytes()))),
            metadata: .empty)
    }
}
