/// Code in Markdown, between fences.
package enum CodeBlock {
    /// The text of the first block that is closed, without its last newline; nil if there is none.
    package static func first(in text: String) -> String? {
        var open: (fence: Substring, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " }
            if let (fence, lines) = open {
                let mark = trimmed.prefix { $0 == fence.first }
                if mark.count >= fence.count,
                    trimmed.dropFirst(mark.count).allSatisfy(\.isWhitespace)
                {
                    return lines.joined(separator: "\n")
                }
                open = (fence, lines + [line])
            } else if let mark = trimmed.first, mark == "`" || mark == "~" {
                let fence = trimmed.prefix { $0 == mark }
                // Three backquotes with others after them are code within a line.
                if fence.count >= 3, !trimmed.dropFirst(fence.count).contains("`") {
                    open = (fence, [])
                }
            }
        }
        return nil
    }
}
