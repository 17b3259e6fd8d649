internal import FilterKit
internal import Text

/// Makes the lines that come one after another into values: most are one by themselves, and those
/// between ":::" and ":::" are one together.
struct LineParser {
    /// The text of many lines that has begun.
    private var input: LongInput?

    /// True if the next line belongs to a text that has begun.
    var isInText: Bool { input != nil }

    /// Takes a line of a script.
    ///
    /// - Returns: Nil for a line in the midst of a text.
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

    /// Takes what was typed at a prompt, where lines that are pasted together are a question, however
    /// the first of them begins.
    mutating func add(typed text: String) throws(Failure) -> Line? {
        let isPasted = !isInText && text.utf8.contains(UInt8(ascii: "\n"))
        if isPasted, !text.hasPrefix(LongInput.mark) { return .question(String(text.trimmed)) }
        return try add(text)
    }

    /// Drops the text that has begun.
    mutating func drop() { input = nil }
}
