import Text

/// A splitter of a text that begins with `<think>…</think>`, as models write it whose server does
/// not separate thoughts. It works wherever the text is cut into pieces.
package struct ThoughtSplitter: Sendable {
    /// The parts of a piece of text.
    package struct Parts: Equatable, Sendable {
        package var text = ""
        package var thoughts = ""
    }

    private enum State {
        /// At the beginning, with only white space and the start of a tag so far.
        case beginning
        case thinking(end: [UInt8])
        /// After the thoughts, before the first letter of the text.
        case between
        case text
    }

    private static let tags = ["think", "thinking"]

    private var state = State.beginning
    private var held: [UInt8] = []

    /// True if the text had thoughts in it.
    package private(set) var hasFound = false

    package init() {}

    package mutating func receive(_ piece: String) -> Parts {
        if case .text = state { return Parts(text: piece) }
        held += piece.utf8
        var parts = Parts()
        if case .beginning = state { begin() }
        if case .thinking(let end) = state { parts.thoughts = think(until: end) }
        if case .between = state {
            held.removeFirst(held.prefix(while: \.isASCIIWhitespace).count)
            if !held.isEmpty { state = .text }
        }
        if case .text = state { parts.text = take(held.count) }
        return parts
    }

    /// Returns the text that was held back, at the end of the text.
    package mutating func finish() -> Parts {
        let isThought = if case .thinking = state { true } else { false }
        let isText = if case .beginning = state { true } else { false }
        state = .text
        let rest = take(held.count)
        return Parts(text: isText ? rest : "", thoughts: isThought ? rest : "")
    }

    private mutating func begin() {
        let start = held.prefix(while: \.isASCIIWhitespace).count
        let said = held[start...].map(lowercased)
        var isUndecided = said.isEmpty
        for tag in Self.tags {
            let (opening, closing) = (Array("<\(tag)>".utf8), Array("</\(tag)>".utf8))
            if said.starts(with: opening) {
                held.removeFirst(start + opening.count)
                hasFound = true
                state = .thinking(end: closing)
                return
            }
            // The thoughts came in a separate field, and left their end tag behind.
            if said.starts(with: closing) {
                held.removeFirst(start + closing.count)
                state = .between
                return
            }
            isUndecided = isUndecided || opening.starts(with: said) || closing.starts(with: said)
        }
        if !isUndecided { state = .text }
    }

    private mutating func think(until end: [UInt8]) -> String {
        let folded = held.map(lowercased)
        if let found = folded.firstRange(of: end) {
            let thoughts = take(found.lowerBound)
            held.removeFirst(end.count)
            state = .between
            return thoughts
        }
        // Text that may be the start of the end tag waits for the rest.
        var kept = min(end.count - 1, folded.count)
        while kept > 0, !end.starts(with: folded.suffix(kept)) { kept -= 1 }
        return take(held.count - kept)
    }

    private mutating func take(_ count: Int) -> String {
        defer { held.removeFirst(count) }
        return String(decoding: held.prefix(count), as: UTF8.self)
    }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}
