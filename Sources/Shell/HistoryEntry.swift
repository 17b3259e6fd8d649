/// A line that was typed, as a file of one line each keeps it.
package enum HistoryEntry {
    package static func encoded(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    package static func decoded(_ line: some StringProtocol) -> String {
        // Most have none, and there may be ten thousand to read before the first prompt.
        guard line.utf8.contains(UInt8(ascii: "\\")) else { return String(line) }
        var text = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                text.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
