import Text

/// Passages in the form that hector-generate(1) gives to a model: each has a line `[number] id`,
/// and below it the text, every line of which starts with `>`.
enum QuotedPassages {
    /// - Returns: The passages, and the message without them and their introduction.
    static func read(_ message: String) -> (passages: [Passage], rest: String) {
        var passages: [Passage] = []
        var rest: [Substring] = []
        /// The number of those lines that come before the first passage.
        var before: Int?
        var current: (id: Substring, lines: [Substring])?
        func flush() {
            guard let passage = current else { return }
            current = nil
            if passage.lines.isEmpty {
                rest.append(passage.id)
            } else {
                before = before ?? rest.count
                passages.append(
                    Passage(
                        source: String(passage.id), text: passage.lines.joined(separator: "\n")))
            }
        }
        for line in message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let id = line.passageID {
                flush()
                current = (id, [])
            } else if current != nil, line.first == ">" {
                current!.lines.append(line.dropFirst(line.hasPrefix("> ") ? 2 : 1))
            } else {
                flush()
                rest.append(line)
            }
        }
        flush()
        guard let before else { return ([], message) }
        let around = withoutIntroduction(rest[..<before], rest[before...])
        return (passages, around.joined(separator: "\n"))
    }

    /// Returns the lines around passages without the paragraph that introduces them: the last one
    /// before the passages, if more text follows them and the paragraph asks nothing.
    private static func withoutIntroduction(
        _ before: ArraySlice<Substring>, _ after: ArraySlice<Substring>
    ) -> [Substring] {
        guard after.contains(where: { !$0.trimmed.isEmpty }),
            let last = before.lastIndex(where: { !$0.trimmed.isEmpty }),
            before[last].trimmed.last != "?"
        else { return Array(before + after) }
        let start = before[..<last].lastIndex { $0.trimmed.isEmpty } ?? before.startIndex
        return Array(before[..<start] + after)
    }
}

extension Substring {
    /// The id of the passage that the line announces.
    fileprivate var passageID: Substring? {
        guard first == "[", let end = firstIndex(of: "]") else { return nil }
        let number = self[..<end].dropFirst()
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        let id = self[end...].dropFirst().trimmed
        return id.isEmpty ? nil : id
    }
}
