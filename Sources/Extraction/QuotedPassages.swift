/// Passages as hector-generate(1) gives them to a model: each a line `[number] id` with the text
/// below it, every line of which starts with `>`.
enum QuotedPassages {
    /// - Returns: The passages, and the message without them and what introduces them.
    static func read(_ message: String) -> (passages: [Passage], rest: String) {
        var passages: [Passage] = []
        var rest: [Substring] = []
        var current: (id: Substring, lines: [Substring])?
        func flush() {
            guard let passage = current else { return }
            current = nil
            if passage.lines.isEmpty {
                rest.append(passage.id)
            } else {
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
        return passages.isEmpty ? ([], message) : (passages, rest.joined(separator: "\n"))
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
