import TextAnalysis

/// The sentences of all passages, in their order, with the text around each.
struct Sentences {
    /// The text around the sentences of a block, by the indices of its parts among all contexts.
    struct Surroundings {
        /// The term that the block explains, and the sentence that announces it.
        var tags: [Int] = []

        var headings: [Int] = []

        /// The name of the source.
        var source: Int

        /// The sentences of the block.
        var sentences = 0..<0
    }

    private(set) var all: [Sentence] = []
    private(set) var blocks: [Surroundings] = []

    /// The terms of headings, of names, and of other texts that belong to the sentences near them.
    private(set) var contexts: [[AnalyzedText.Term]] = []

    let analyzer: Analyzer

    init(_ passages: [Passage], _ analyzer: Analyzer) {
        self.analyzer = analyzer
        for (number, passage) in passages.enumerated() { read(passage, number) }
    }

    private mutating func read(_ passage: Passage, _ number: Int) {
        let source = context(passage.source ?? "")
        var headings: [(level: Int, context: Int)] = []
        // A sentence that announces the next ones: "There are three:".
        var announcement: (context: Int, sentence: Int)?
        // A question that stands before its answer.
        var asked: Int?
        var head: (text: String, context: Int)?
        let read = BlockReader.blocks(of: passage.text)
        for (index, block) in read.enumerated() {
            if block.kind != .row { head = nil }
            var around = Surroundings(source: source)
            around.headings = headings.map(\.context) + (asked.map { [$0] } ?? [])
            if block.kind != .paragraph, let announcement { around.tags = [announcement.context] }
            let first = all.count
            switch block.kind {
            case .heading(let level):
                headings.removeAll { $0.level >= level }
                headings.append((level, context(block.text)))
                announcement = nil
                asked = nil
                continue
            case .code(let language):
                if let sentence = announcement?.sentence,
                    block.text.count(where: \.isNewline) < Self.longestExample
                {
                    all[sentence].text += "\n\n\(quoted(block.text, language))\n"
                } else {
                    for part in parts(of: block.text) {
                        add(part, .code, number, quotation: quoted(part, language))
                    }
                }
                announcement = nil
            case .row:
                if let head {
                    around.tags.append(head.context)
                    add(block.text, .row, number, tableHead: head.text)
                } else {
                    head = (block.text, context(block.text))
                    // The head is quoted with the rows below it.
                    if read.dropFirst(index + 1).first?.kind == .row { continue }
                    add(block.text, .row, number)
                }
            case .paragraph, .item:
                if !block.tag.isEmpty { around.tags.append(context(block.tag)) }
                for (index, sentence) in sentences(of: block.text).enumerated() {
                    // A term is quoted with the beginning of its explanation.
                    let isFirst = index == 0 && !block.tag.isEmpty
                    add(isFirst ? "\(block.tag) \(sentence)" : sentence, .statement, number)
                }
                let isParagraph = block.kind == .paragraph
                if all.count > first, let last = all.last {
                    asked = last.kind == .question ? contexts.count : nil
                    if last.text.last == ":" {
                        announcement = (contexts.count, all.count - 1)
                        contexts.append(last.terms)
                    } else {
                        if asked != nil { contexts.append(last.terms) }
                        if isParagraph { announcement = nil }
                    }
                }
            }
            around.sentences = first..<all.count
            blocks.append(around)
        }
    }

    /// Adds a sentence, unless no word is in it.
    ///
    /// - Parameter quotation: The text to quote, if it is not the same.
    private mutating func add(
        _ text: String, _ kind: Sentence.Kind, _ passage: Int, quotation: String? = nil,
        tableHead: String? = nil
    ) {
        let words = analyzer.document(text)
        guard !words.terms.isEmpty else { return }
        all.append(
            Sentence(
                quotation ?? text, words, passage: passage, kind: kind, tableHead: tableHead))
    }

    /// The number of characters of a heading that count for the text below it; real headings are
    /// shorter.
    private static let longestHeading = 600

    /// Adds a text to the contexts and returns its index.
    private mutating func context(_ text: String) -> Int {
        contexts.append(analyzer.document(String(text.prefix(Self.longestHeading))).terms)
        return contexts.count - 1
    }

    // MARK: Code

    /// The number of lines beyond which code is not quoted with the sentence before it.
    private static let longestExample = 12

    /// Returns code as Markdown: between fences, or indented.
    private func quoted(_ code: String, _ language: String?) -> String {
        if let language { return "```\(language)\n\(code)\n```" }
        return code.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    }

    /// Returns long code in parts of a few lines, which end at empty lines where they can.
    private func parts(of code: String) -> [String] {
        let lines = code.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.count > Self.longestExample else { return [code] }
        var parts: [String] = []
        var part: [Substring] = []
        for line in lines {
            let isEmpty = line.allSatisfy(\.isWhitespace)
            if part.count >= Self.longestExample || isEmpty && part.count * 2 > Self.longestExample
            {
                parts.append(part.joined(separator: "\n"))
                part = []
            }
            if !isEmpty || !part.isEmpty { part.append(line) }
        }
        if !part.isEmpty { parts.append(part.joined(separator: "\n")) }
        return parts
    }
}
