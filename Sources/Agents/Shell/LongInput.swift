import Text

/// A text of several lines between ":::" and ":::".
package struct LongInput: Sendable {
    package static let mark = ":::"

    private var lines: [String] = []

    /// - Parameter first: The text after the mark on its line.
    /// - Returns: Nil if the text has ended on that line.
    package static func begin(_ first: String) -> (input: LongInput, text: String?) {
        var input = LongInput()
        let text = first.trimmed.isEmpty ? nil : input.add(first)
        return (input, text)
    }

    /// Adds a line.
    ///
    /// - Returns: The whole text, once a mark has ended it.
    package mutating func add(_ line: String) -> String? {
        let end = line.trimmed
        guard end.hasSuffix(Self.mark) else {
            lines.append(line)
            return nil
        }
        let last = line[..<end.endIndex].dropLast(Self.mark.count)
        if !last.trimmed.isEmpty { lines.append(String(last)) }
        return String(lines.joined(separator: "\n").trimmed)
    }
}
