import Text

/// The rules for the end of a chunk and the start of the next one.
struct Cutter: Sendable {
    /// The most characters in a chunk.
    let size: Int
    /// The most characters that two neighbours share; less than `size`.
    let overlap: Int
    let mode: BreakScanner.Mode

    /// The fewest characters of a chunk that is not the last: half of what a chunk adds, so that
    /// the work for each byte does not depend on the text.
    private var least: Int { overlap + (size - overlap + 1) / 2 }

    /// The number of characters of white space after a chunk in which the break behind it is looked
    /// for.
    static let whiteSpace = 64

    /// Positions in bytes, with the number of characters from the start of the chunk.
    struct Cut {
        /// The end without the white space that follows.
        var end: Int
        var next: Int
        var charactersToNext: Int
    }

    /// Returns the end of the chunk that starts at `start`, or nil if that is the end of the text.
    func cut(_ text: Span<UInt8>, from start: Int) -> Cut? {
        var position = start
        var characters = 0
        while characters < least {
            guard position < text.count else { return nil }
            position += text.characterLength(at: position)
            characters += 1
        }
        let earliest = position
        var scanner = scanner(text, before: position, from: start)
        var best = (kind: Break.none, position: position, characters: characters)
        while true {
            guard position < text.count else { return nil }
            let kind = scanner.pass(text, position)
            if kind != .none, kind >= best.kind { best = (kind, position, characters) }
            // White space between two chunks is in neither, so it need not fit.
            if characters >= size,
                characters == size + Self.whiteSpace || !scanner.isAfterSpace
            {
                break
            }
            position += text.characterLength(at: position)
            characters += 1
        }
        if best.kind == .none, characters > size {
            best = (.word, position, characters)
        } else if best.kind == .none {
            let end =
                text.thaiWordStart(before: position, from: earliest)
                ?? text.graphemeStart(at: position, from: earliest)
            best.characters = characters - text.characters(in: end..<position)
            best.position = end
        } else if best.kind >= .line {
            let line = text.lineStart(before: best.position, from: earliest)
            best.characters -= best.position - line
            best.position = line
        }
        var end = best.position
        while end > start, text.isSpace(at: end - 1) { end -= 1 }
        // After a chunk of little more than white space there is nothing to share, so the next
        // chunk does not go back.
        let next =
            overlap == 0 || end < earliest || best.kind == .definition
            ? best.position
            : overlapStart(text, before: end, isInWord: best.kind == .none) ?? best.position
        let charactersBack = text.characters(in: next..<best.position)
        return Cut(end: end, next: next, charactersToNext: best.characters - charactersBack)
    }

    /// Returns the first good place at most `overlap` characters before `end`, or nil if there is
    /// none.
    ///
    /// - Parameter isInWord: True if any place is good because `end` is not at a break either.
    func overlapStart(
        _ text: Span<UInt8>, before end: Int, isInWord: Bool
    ) -> Int? {
        var first = end
        for _ in 0..<overlap where first > 0 { first = text.characterStart(before: first) }
        // A sentence that starts late would leave little to share.
        let middle = first + (end - first) / 2
        var scanner = scanner(text, before: first, from: 0)
        var word: Int?
        var position = first
        while position < end, position <= middle || word == nil {
            let kind = scanner.pass(text, position)
            if kind >= .sentence, position <= middle {
                return text.lineStart(before: position, from: first)
            }
            if kind != .none, word == nil { word = position }
            position += text.characterLength(at: position)
        }
        guard word == nil, isInWord else { return word }
        if let word = text.thaiWordStart(after: first, before: end) { return word }
        // Move forward to a place where no cluster is cut, unless the cluster is very long.
        for _ in 0..<16 where first < end && text.graphemeStart(at: first, from: 0) != first {
            first += text.characterLength(at: first)
        }
        return first
    }

    /// Returns a scanner that has read the text before `position`, from `start` at the earliest.
    func scanner(
        _ text: Span<UInt8>, before position: Int, from start: Int
    ) -> BreakScanner {
        var scanner = BreakScanner(mode)
        var past = max(start, position - BreakScanner.memory)
        while past < position, past > start, text[past] & 0xC0 == 0x80 { past += 1 }
        while past < position {
            _ = scanner.pass(text, past)
            past += text.characterLength(at: past)
        }
        return scanner
    }
}

extension Span where Element == UInt8 {
    func isSpace(at position: Int) -> Bool {
        self[position] == 0x20 || (0x09...0x0D).contains(self[position])
    }

    func characters(in range: Range<Int>) -> Int {
        var position = range.lowerBound
        var characters = 0
        while position < range.upperBound {
            position += characterLength(at: position)
            characters += 1
        }
        return characters
    }

    /// Returns the start of the line whose indentation ends at `position`, or `position` if no line
    /// does so after `limit`.
    func lineStart(before position: Int, from limit: Int) -> Int {
        var start = position
        while start > limit, self[start - 1] == 0x20 || self[start - 1] == 0x09 { start -= 1 }
        return start > 0 && self[start - 1] == UInt8(ascii: "\n") ? start : position
    }

    /// Returns `position`, or the start of the grapheme cluster that it would cut: a letter and its
    /// combining marks, a family of emoji, CR LF. Clusters of more than 100 bytes are cut.
    ///
    /// - Returns: A position not before `limit`.
    func graphemeStart(at position: Int, from limit: Int) -> Int {
        guard position < count else { return position }
        var first = position
        while first > 0, first > limit, position - first < 100 {
            first = characterStart(before: first)
        }
        let last = position + characterLength(at: position)
        var cluster: [UInt8] = []
        for index in first..<last { cluster.append(self[index]) }
        var start = first
        for character in String(decoding: cluster, as: UTF8.self) {
            // Text with repaired bytes has a different length.
            guard !character.unicodeScalars.contains("\u{FFFD}") else { return position }
            let end = start + character.utf8.count
            if end > position { return start >= limit ? start : position }
            start = end
        }
        return position
    }
}
