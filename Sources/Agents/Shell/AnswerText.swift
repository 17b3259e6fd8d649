internal import Text

/// The text of an answer on its way to standard output: styled if it is for a person, and with the
/// place in its line remembered.
struct AnswerText {
    private var markup = MarkdownStyling()

    /// True if nothing stands on the line under way.
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

    /// Ends the line under way, so that something else can be shown.
    ///
    /// - Returns: The text to write for it.
    mutating func endLine(isStyled: Bool) -> String {
        defer { endsLine = true }
        return (isStyled ? markup.finish() : "") + (endsLine ? "" : "\n")
    }

    /// Takes what came so far for something that was said before a tool was called.
    mutating func discount() { isBegun = false }

    /// Takes notice that something else has ended the line.
    mutating func noteLineEnded() { endsLine = true }
}
