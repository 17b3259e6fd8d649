import HashEmbedding

/// A piece of a passage that an answer may quote.
struct Sentence {
    /// The passage's place among all.
    let passage: Int

    /// As it is quoted: code with its fences.
    var text: String

    let isCode: Bool

    /// How often each stem is in it.
    let stems: [UInt64: Int]

    /// Stems of what it stands under or beside: its headings, its paragraph, its source's name.
    var surroundings: Set<UInt64> = []

    /// In words.
    let length: Int

    /// The first word that is about something.
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

/// The sentences of all passages, in their order, with the words that are in them.
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
        // Of a sentence that announces what comes next: "There are three:".
        var announcement: (stems: Set<UInt64>, sentence: Int)?
        // Of a question that stands before its answer.
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

    /// In lines: code that is longer is not quoted with the sentence before it.
    private static let longestExample = 12

    private mutating func note(_ text: String) -> [Terms.Term] {
        let terms = Terms(text).terms
        for term in terms where !term.word.isEmpty {
            words[term.stem, default: []].insert(term.word)
        }
        return terms
    }

    /// A heading is shorter; what is not is no reason to look at all of it below each.
    private static let longestHeading = 600

    private func stems(_ text: String) -> Set<UInt64> {
        let text = String(text.prefix(Self.longestHeading))
        return Set(Terms(text).terms.filter { $0.kind != .function }.map(\.stem))
    }
}
