/// Code in Markdown, between fences.
package enum CodeBlock {
    /// Returns the text of the first block that is closed, without its last newline; nil if there
    /// is none.
    package static func first(in text: String) -> String? {
        var fence: Substring?
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " }
            if let fence {
                let mark = trimmed.prefix { $0 == fence.first }
                if mark.count >= fence.count,
                    trimmed.dropFirst(mark.count).allSatisfy(\.isWhitespace)
                {
                    return lines.joined(separator: "\n")
                }
                lines.append(line)
            } else if let mark = trimmed.first, mark == "`" || mark == "~" {
                let opening = trimmed.prefix { $0 == mark }
                // Three backquotes with others later on the line are inline code.
                if opening.count >= 3, !trimmed.dropFirst(opening.count).contains("`") {
                    fence = opening
                }
            }
        }
        return nil
    }
}
