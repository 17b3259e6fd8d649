internal import FilterKit
internal import Text

/// A parser of successive lines. Lines between ":::" and ":::" are parsed together, all others one
/// by one.
struct LineParser {
    /// The text of several lines so far; nil outside of one.
    private var input: LongInput?

    /// True if the next line belongs to a text of several lines.
    var isInText: Bool { input != nil }

    /// Parses a line of a script.
    ///
    /// - Returns: Nil for a line within a text.
    mutating func add(_ text: String) throws(Failure) -> Line? {
        if input != nil {
            guard let whole = input!.add(text) else { return nil }
            input = nil
            return .question(whole)
        }
        let line = try Line(text)
        guard case .longInput(let first) = line else { return line }
        let (begun, whole) = LongInput.begin(first)
        if let whole { return .question(whole) }
        input = begun
        return nil
    }

    /// Parses the input at a prompt, where several pasted lines are a question, even if the first
    /// looks like a command.
    mutating func add(typed text: String) throws(Failure) -> Line? {
        let isPasted = !isInText && text.utf8.contains(UInt8(ascii: "\n"))
        if isPasted, !text.hasPrefix(LongInput.mark) { return .question(String(text.trimmed)) }
        return try add(text)
    }

    /// Drops the text of several lines.
    mutating func drop() { input = nil }
}
