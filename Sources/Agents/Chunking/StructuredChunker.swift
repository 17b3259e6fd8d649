package import Documents
internal import Text

/// Cuts a text by its structure: by sections, then blocks, then the breaks of prose. What is a unit
/// is not cut if it fits.
///
/// The time is in proportion to the text: two neighbouring chunks have more characters together
/// than fit into one.
package struct StructuredChunker: Sendable {
    private let text: [UInt8]
    private let structure: Structure
    private let cutter: Cutter

    /// The units that fit and are not in others, sorted.
    private let whole: [Range<Int>]

    /// The breaks that are not inside of these.
    private let breaks: [Structure.Break]

    /// The place where the next chunk starts, and where its new text does.
    private var start = 0
    private var fresh = 0

    private var size: Int { cutter.size }

    /// - Parameters:
    ///   - start: The place in the text where it begins to be cut.
    package init(
        _ text: [UInt8], _ structure: Structure, from start: Int = 0, size: Int, overlap: Int
    ) {
        self.text = text
        self.structure = structure
        self.start = start
        fresh = start
        cutter = Cutter(size: size, overlap: overlap, mode: .prose)
        var whole: [Range<Int>] = []
        for unit in structure.units where unit.characters <= size {
            if let last = whole.last, unit.range.lowerBound < last.upperBound { continue }
            whole.append(unit.range)
        }
        self.whole = whole
        var next = 0
        breaks = structure.breaks.filter { place in
            while next < whole.count, whole[next].upperBound <= place.offset { next += 1 }
            return next == whole.count || whole[next].lowerBound >= place.offset
        }
    }

    /// Returns the next chunk, or nil at the end of the text.
    package mutating func next() -> StructuredChunk? {
        while true {
            skipBlankLines()
            guard fresh < text.count else { return nil }
            let opening = opening(at: fresh)
            var cut = cut(from: start, opening)
            if cut == nil, start < fresh {
                // What follows does not fit behind the text that it would share.
                start = fresh
                cut = self.cut(from: start, opening)
            }
            var used = opening
            if cut == nil {
                used = nil
                cut = self.cut(from: start, nil, isForced: true)
            }
            guard let cut else { return nil }
            let first = start
            var end = cut.end
            while end > first, text.span.isSpace(at: end - 1) { end -= 1 }
            let path = structure.path(at: fresh)
            let isNew = end > fresh
            advance(from: cut)
            guard isNew else { continue }
            return StructuredChunk(
                opening: used.map { Array(text[$0]) } ?? [], bytes: Array(text[first..<end]),
                offset: first, headings: path)
        }
    }

    private struct Cut {
        var end: Int
        var rank: Int
    }

    /// Skips white space, except for the indentation of the line that follows.
    private mutating func skipBlankLines() {
        var position = fresh
        var line = fresh
        while position < text.count, text.span.isSpace(at: position) {
            position += 1
            if text[position - 1] == UInt8(ascii: "\n") { line = position }
        }
        guard position > fresh else { return }
        let isAtLine = line > fresh || fresh == 0 || text[fresh - 1] == UInt8(ascii: "\n")
        let next = isAtLine ? line : position
        if start == fresh { start = next }
        fresh = position == text.count ? text.count : next
    }

    /// Returns the lines that a part of a fence or a table begins with again.
    private func opening(at place: Int) -> Range<Int>? {
        var low = 0
        var high = structure.continued.count
        while low < high {
            let middle = (low + high) / 2
            if structure.continued[middle].range.lowerBound < place {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0 else { return nil }
        let last = structure.continued[low - 1]
        guard place < last.range.upperBound, place >= last.opening.upperBound else { return nil }
        let characters = text.span.characters(in: last.opening)
        return characters <= size / 2 ? last.opening : nil
    }

    /// Returns the end of the chunk.
    ///
    /// - Parameters:
    ///   - isForced: True to cut a unit if there is no other place.
    /// - Returns: Nil if there is no good place behind the text that is new.
    private func cut(from start: Int, _ opening: Range<Int>?, isForced: Bool = false) -> Cut? {
        let span = text.span
        let room = size - (opening.map { span.characters(in: $0) } ?? 0)
        let half = min(room, cutter.overlap + (room - cutter.overlap + 1) / 2)
        var position = start
        var characters = 0
        var earliest = start
        while characters < room {
            guard position < span.count else { return Cut(end: span.count, rank: 0) }
            if characters == max(half, 1) { earliest = position }
            position += span.characterLength(at: position)
            characters += 1
        }
        if earliest == start { earliest = position }
        // White space after a chunk is in none.
        var limit = position
        while limit < span.count, span.isSpace(at: limit), limit - position < 256 { limit += 1 }
        if limit == span.count { return Cut(end: span.count, rank: 0) }
        earliest = max(earliest, fresh + 1)
        if let best = best(in: earliest, limit), best.rank > 0 { return best }
        if let early = early(before: min(earliest, limit + 1)) { return early }
        guard isForced || !isInside(position) else { return nil }
        let least = max(earliest, fresh + 1)
        let end =
            span.thaiWordStart(before: position, from: least)
            ?? span.graphemeStart(at: position, from: least)
        return Cut(end: end > fresh ? end : position, rank: 0)
    }

    /// Returns the best break, the last one of several that are as good.
    private func best(in earliest: Int, _ limit: Int) -> Cut? {
        guard earliest <= limit else { return nil }
        let span = text.span
        var best = Cut(end: limit, rank: 0)
        var next = index(of: earliest)
        var unit = wholeIndex(at: earliest)
        var scanner = cutter.scanner(span, before: earliest, from: start)
        var position = earliest
        while position < span.count {
            while next < breaks.count, breaks[next].offset < position { next += 1 }
            while unit < whole.count, whole[unit].upperBound <= position { unit += 1 }
            let isInside = unit < whole.count && whole[unit].lowerBound < position
            let kind = scanner.pass(span, position)
            if !isInside {
                // A break of the structure is at the beginning of the line.
                let line = kind >= .line ? span.lineStart(before: position, from: start) : position
                let structural =
                    next < breaks.count && breaks[next].offset == position
                    ? breaks[next] : structuralBreak(at: line)
                let rank = structural?.rank ?? kind.rawValue
                let end = structural?.offset ?? line
                if rank > 0, rank >= best.rank, end > fresh, end <= limit,
                    end >= earliest || structural == nil
                {
                    best = Cut(end: end, rank: rank)
                }
            }
            if position >= limit { break }
            position += span.characterLength(at: position)
        }
        return best.rank > 0 ? best : nil
    }

    private func structuralBreak(at place: Int) -> Structure.Break? {
        let index = index(of: place)
        guard index < breaks.count, breaks[index].offset == place else { return nil }
        return breaks[index]
    }

    /// Returns the last good break of the structure behind the beginning of the new text, before
    /// something that does not fit behind it.
    private func early(before place: Int) -> Cut? {
        var index = index(of: place) - 1
        var fallback: Cut?
        while index >= 0, breaks[index].offset > fresh {
            let found = breaks[index]
            if found.rank > Structure.worst { return Cut(end: found.offset, rank: found.rank) }
            if fallback == nil { fallback = Cut(end: found.offset, rank: found.rank) }
            index -= 1
        }
        return fallback
    }

    /// Returns the index of the first break that is not before a place.
    private func index(of place: Int) -> Int {
        var low = 0
        var high = breaks.count
        while low < high {
            let middle = (low + high) / 2
            if breaks[middle].offset < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Returns the index of the first whole unit that ends behind a place.
    private func wholeIndex(at place: Int) -> Int {
        var low = 0
        var high = whole.count
        while low < high {
            let middle = (low + high) / 2
            if whole[middle].upperBound <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isInside(_ place: Int) -> Bool {
        let index = wholeIndex(at: place)
        return index < whole.count && whole[index].lowerBound < place
    }

    /// Finds the start of the next chunk, which shares text with this one where that is prose.
    private mutating func advance(from cut: Cut) {
        let first = start
        fresh = cut.end
        start = cut.end
        let isInProse = cut.rank <= Structure.block(depth: 0) && cut.rank != Structure.worst
        guard cutter.overlap > 0, cut.end < text.count, isInProse, opening(at: fresh) == nil else {
            return
        }
        // A fence or a table row begins without what is before it.
        let next = wholeIndex(at: fresh)
        if next < whole.count, whole[next].lowerBound <= fresh { return }
        var end = cut.end
        while end > 0, text.span.isSpace(at: end - 1) { end -= 1 }
        guard
            var shared = cutter.overlapStart(text.span, before: end, isInWord: cut.rank == 0)
        else { return }
        let before = wholeIndex(at: shared)
        if before < whole.count, whole[before].lowerBound < shared {
            shared = whole[before].upperBound
        }
        // Not from another section.
        let path = structure.path(at: fresh)
        guard shared > first, shared < end, structure.path(at: shared) == path,
            opening(at: shared) == nil
        else { return }
        start = shared
    }
}

/// A chunk of a text with a structure.
package struct StructuredChunk: Equatable, Sendable {
    /// The lines with which the part of a fence or a table begins again; often empty.
    package let opening: [UInt8]

    /// The chunk's own bytes.
    package let bytes: [UInt8]

    /// The place of the chunk in the text, in bytes.
    package let offset: Int
    package let headings: [String]
}
