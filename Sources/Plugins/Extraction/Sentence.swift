import TextAnalysis

/// A piece of a passage that an answer may quote.
struct Sentence {
    enum Kind {
        case statement
        /// A sentence that asks.
        case question
        case code
        /// A row of a table.
        case row
    }

    /// The index of the passage among all passages.
    let passage: Int

    /// The text to quote: code has its fences.
    var text: String

    let kind: Kind

    /// Each term once.
    let terms: [AnalyzedText.Term]

    /// The length in words.
    let length: Int

    /// For the row of a table, the lines to quote above it.
    let tableHead: String?

    init(
        _ text: String, _ words: AnalyzedText, passage: Int, kind: Kind = .statement,
        tableHead: String? = nil
    ) {
        self.text = text
        self.passage = passage
        self.tableHead = tableHead
        let asks = kind == .statement && (text.last == "?" || text.last == "\u{FF1F}")
        self.kind = asks ? .question : kind
        terms = words.terms
        length = Int(words.length)
    }
}
