import Text

/// Passages as hector-generate(1) gives them to a model: each a line `[number] id` with the text
/// below it, every line of which starts with `>`.
enum QuotedPassages {
    /// - Returns: The passages, and the message without them and what introduces them.
    static func read(_ message: String) -> (passages: [Passage], rest: String) {
        var passages: [Passage] = []
        var rest: [Substring] = []
        /// How much of that comes before the first passage.
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

    /// What is around passages, without the paragraph that tells what they are: the last one
    /// before them, if more follows them and it asks nothing.
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
