internal import Text

/// The text of an answer for standard output, which may be styled. It remembers if a line is open.
struct AnswerText {
    private var markup = MarkdownStyling()

    /// True if the current line is empty.
    private(set) var endsLine = true

    /// True once there is text that may be the answer.
    private(set) var isBegun = false

    mutating func begin() { self = AnswerText() }

    /// - Returns: The bytes to write for a piece of text.
    mutating func add(_ text: String, isStyled: Bool) -> String {
        if text.isEmpty { return "" }
        isBegun = true
        endsLine = text.last?.isNewline == true
        return isStyled ? markup.feed(VisibleText(lines: text).description) : text
    }

    /// Ends the current line, so that something else can be shown.
    ///
    /// - Returns: The text to write.
    mutating func endLine(isStyled: Bool) -> String {
        defer { endsLine = true }
        return (isStyled ? markup.finish() : "") + (endsLine ? "" : "\n")
    }

    /// Treats the text so far as text before a tool call, which is not part of the answer.
    mutating func discount() { isBegun = false }

    /// Notes that other output has ended the line.
    mutating func noteLineEnded() { endsLine = true }
}
