import HashEmbedding

/// A piece of a passage that an answer may quote.
struct Sentence {
    /// The index of the passage among all passages.
    let passage: Int

    /// The text to quote: code has its fences.
    var text: String

    let isCode: Bool

    /// The number of times that each stem occurs in it.
    let stems: [UInt64: Int]

    /// The stems of its surroundings: its headings, its paragraph, its source's name.
    var surroundings: Set<UInt64> = []

    /// The length in words.
    let length: Int

    /// The stem of the first word that says what the sentence is about.
    let subject: UInt64?

    let isQuestion: Bool

    init(_ text: String, terms: [Terms.Term], passage: Int, isCode: Bool = false) {
        self.text = text
        self.passage = passage
        self.isCode = isCode
        var stems: [UInt64: Int] = [:]
        for term in terms { stems[term.stem, default: 0] += term.count }
        self.stems = stems
        length = terms.reduce(0) { $0 + $1.count }
        subject = terms.first { $0.kind != .function }?.stem
        isQuestion = !isCode && (text.last == "?" || text.last == "\u{FF1F}")
    }
}

/// The sentences of all passages, in their order, with an index of their words.
struct Sentences {
    private(set) var all: [Sentence] = []

    /// The words of each stem, as UTF-8.
    private(set) var words: [UInt64: Set<[UInt8]>] = [:]

    init(_ passages: [Passage]) {
        for (number, passage) in passages.enumerated() { read(passage, number) }
    }

    private mutating func read(_ passage: Passage, _ number: Int) {
        let name = stems(passage.source ?? "")
        var headings: [(level: Int, stems: Set<UInt64>)] = []
        // These are of a sentence that announces the next ones: "There are three:".
        var announcement: (stems: Set<UInt64>, sentence: Int)?
        // These are of a question that stands before its answer.
        var asked: Set<UInt64> = []
        for block in BlockReader.blocks(of: passage.text) {
            let above = headings.reduce(name) { $0.union($1.stems) }.union(asked)
            switch block.kind {
            case .heading(let level):
                headings.removeAll { $0.level >= level }
                headings.append((level, stems(block.text)))
                announcement = nil
                asked = []
            case .code(let language):
                let code = "```\(language)\n\(block.text)\n```"
                let isShort = block.text.count { $0 == "\n" } < Self.longestExample
                if let sentence = announcement?.sentence, isShort {
                    all[sentence].text += "\n\n\(code)\n"
                } else {
                    var sentence = Sentence(
                        code, terms: note(block.text), passage: number, isCode: true)
                    sentence.surroundings = above.union(announcement?.stems ?? [])
                    all.append(sentence)
                }
                announcement = nil
            case .paragraph, .item, .row:
                let first = all.count
                for text in block.kind == .row ? [block.text] : sentences(of: block.text) {
                    let terms = note(text)
                    if !terms.isEmpty { all.append(Sentence(text, terms: terms, passage: number)) }
                }
                let block = block.kind
                var beside = above
                if block != .paragraph { beside.formUnion(announcement?.stems ?? []) }
                for index in first..<all.count { beside.formUnion(all[index].stems.keys) }
                for index in first..<all.count { all[index].surroundings = beside }
                guard let last = all.indices.last, last >= first else { continue }
                if all[last].text.last == ":" {
                    announcement = (Set(all[last].stems.keys), last)
                } else if block == .paragraph {
                    announcement = nil
                }
                asked = all[last].isQuestion ? Set(all[last].stems.keys) : []
            }
        }
    }

    /// The number of lines beyond which code is not quoted with the sentence before it.
    private static let longestExample = 12

    private mutating func note(_ text: String) -> [Terms.Term] {
        let terms = Terms(text).terms
        for term in terms where !term.word.isEmpty {
            words[term.stem, default: []].insert(term.word)
        }
        return terms
    }

    /// The number of characters of a heading that count for the text below it; real headings are
    /// shorter.
    private static let longestHeading = 600

    private func stems(_ text: String) -> Set<UInt64> {
        let text = String(text.prefix(Self.longestHeading))
        return Set(Terms(text).terms.filter { $0.kind != .function }.map(\.stem))
    }
}
