internal import Text

/// The parts of a text that a reader sees: sections, blocks, and what must stay in one piece.
///
/// All positions are offsets in bytes, and starts of lines.
package struct Structure: Sendable {
    /// A place where the text may be cut; a greater rank is a better one.
    package struct Break: Sendable {
        package let offset: Int
        package let rank: Int
    }

    /// A range that is not cut if it fits into a chunk.
    package struct Unit: Sendable {
        package let range: Range<Int>

        /// The number of characters in the range.
        package let characters: Int
    }

    /// A range of which each part after a cut begins with the same lines again, such as a table
    /// with its header.
    package struct Continued: Sendable {
        package let range: Range<Int>

        /// The lines at the beginning of the range.
        package let opening: Range<Int>
    }

    /// A heading and the path to it.
    package struct Heading: Sendable {
        package let offset: Int
        package let path: [String]
    }

    /// Sorted by their offsets, each of which occurs once.
    package let breaks: [Break]

    /// Sorted by their beginnings, longer ones first.
    package let units: [Unit]

    /// Sorted by their beginnings; those inside others come later.
    package let continued: [Continued]
    package let headings: [Heading]

    /// The rank of a place that separates a heading from its text.
    package static let worst = 1
    /// The ranks of an empty line, and of a row of a table.
    package static let paragraph = 4

    /// The rank of the beginning of a block that is inside a number of others.
    package static func block(depth: Int) -> Int { max(paragraph + 1, 12 - depth) }

    /// - Parameter level: From 1 to 6.
    package static func heading(level: Int) -> Int { 19 - min(max(level, 1), 6) }

    /// Returns the headings of the section that a place is in, the outermost first.
    package func path(at offset: Int) -> [String] {
        var low = 0
        var high = headings.count
        while low < high {
            let middle = (low + high) / 2
            if headings[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? [] : headings[low - 1].path
    }
}

/// Gathers the structure of a text.
struct StructureBuilder {
    private var breaks: [Structure.Break] = []
    private var ranges: [Range<Int>] = []
    private var continued: [Structure.Continued] = []
    private var headings: [(offset: Int, level: Int, text: String)] = []

    /// The end of the last heading, until a block follows.
    private var isAfterHeading = false

    /// The first of the headings that follow each other without text.
    private var groups: [Int] = []

    /// The first heading, if no text is before it.
    private(set) var hasText = false

    /// Adds a block. Blocks are added in their order, each before those in it.
    mutating func addBlock(at offset: Int, depth: Int) {
        add(offset, isAfterHeading ? Structure.worst : Structure.block(depth: depth))
        isAfterHeading = false
        hasText = true
    }

    /// - Parameter isFirst: True for the first row below the header, which stays with it.
    mutating func addRow(at offset: Int, isFirst: Bool) {
        add(offset, isFirst ? Structure.worst : Structure.paragraph)
    }

    ///
    /// - Parameter hasTitle: True if only the title of the text is before it, which stays with it.
    mutating func addHeading(_ text: String, level: Int, at offset: Int, hasTitle: Bool = false) {
        add(offset, isAfterHeading || hasTitle ? Structure.worst : Structure.heading(level: level))
        groups.append(isAfterHeading ? groups[groups.count - 1] : headings.count)
        headings.append((hasTitle ? 0 : offset, level, text))
        isAfterHeading = true
    }

    mutating func addUnit(_ range: Range<Int>) { ranges.append(range) }

    mutating func addContinued(_ range: Range<Int>, opening: Range<Int>) {
        continued.append(Structure.Continued(range: range, opening: opening))
    }

    /// Adds the structure of a text that is put at a place in this one.
    mutating func append(_ structure: Structure, at offset: Int) {
        for item in structure.breaks { add(item.offset + offset, item.rank) }
        ranges += structure.units.map {
            ($0.range.lowerBound + offset)..<($0.range.upperBound + offset)
        }
        func moved(_ range: Range<Int>) -> Range<Int> {
            (range.lowerBound + offset)..<(range.upperBound + offset)
        }
        continued += structure.continued.map {
            Structure.Continued(range: moved($0.range), opening: moved($0.opening))
        }
        for heading in structure.headings {
            groups.append(headings.count)
            headings.append((heading.offset + offset, heading.path.count, heading.path.last ?? ""))
        }
    }

    private mutating func add(_ offset: Int, _ rank: Int) {
        // The outermost of several blocks that begin at one place is the first.
        if let last = breaks.last, last.offset >= offset { return }
        breaks.append(Structure.Break(offset: offset, rank: rank))
    }

    /// The text of the first heading if nothing precedes it and it is of the highest level.
    var firstHeading: String? {
        guard let first = headings.first, breaks.first?.offset == first.offset,
            headings.dropFirst().allSatisfy({ $0.level >= first.level })
        else { return nil }
        return first.text
    }

    func structure(of text: Span<UInt8>) -> Structure {
        let all = (ranges + sections(end: text.count)).map { Self.trimmed($0, text) }
            .filter { !$0.isEmpty }
            .sorted { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }
        return Structure(
            breaks: breaks, units: Self.units(all, text), continued: continued,
            headings: paths())
    }

    /// The section of each heading, from the first of the headings before its text.
    private func sections(end: Int) -> [Range<Int>] {
        var open: [(level: Int, start: Int)] = []
        var sections: [Range<Int>] = []
        for (index, heading) in headings.enumerated() {
            while let last = open.last, last.level >= heading.level {
                let (_, start) = open.removeLast()
                if start < heading.offset { sections.append(start..<heading.offset) }
            }
            open.append((heading.level, headings[groups[index]].offset))
        }
        return sections + open.map { $0.start..<end }
    }

    private func paths() -> [Structure.Heading] {
        var path: [(level: Int, text: String)] = []
        var result: [Structure.Heading] = []
        for heading in headings {
            while let last = path.last, last.level >= heading.level { path.removeLast() }
            path.append((heading.level, heading.text))
            result.append(
                Structure.Heading(
                    offset: heading.offset, path: path.map(\.text).filter { !$0.isEmpty }))
        }
        // A place at the first heading of several is under all of them.
        for index in result.indices.reversed().dropFirst() where groups[index + 1] == groups[index]
        {
            result[index] = Structure.Heading(
                offset: result[index].offset, path: result[index + 1].path)
        }
        return result
    }

    private static func trimmed(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int> {
        var end = min(range.upperBound, text.count)
        while end > range.lowerBound, text[end - 1].isASCIIWhitespace { end -= 1 }
        return range.lowerBound..<max(end, range.lowerBound)
    }

    /// Counts the characters of all ranges in one pass.
    private static func units(_ ranges: [Range<Int>], _ text: Span<UInt8>) -> [Structure.Unit] {
        let places = Array(Set(ranges.flatMap { [$0.lowerBound, $0.upperBound] })).sorted()
        var counts: [Int: Int] = [:]
        counts.reserveCapacity(places.count)
        var position = 0
        var characters = 0
        for place in places {
            while position < place {
                position += text.characterLength(at: position)
                characters += 1
            }
            counts[place] = characters
        }
        return ranges.map {
            Structure.Unit(
                range: $0, characters: counts[$0.upperBound]! - counts[$0.lowerBound]!)
        }
    }
}
