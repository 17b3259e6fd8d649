internal import CMark

/// The structure of Markdown.
enum MarkdownStructure {
    /// Returns the structure of a text, and its first heading if that is a title.
    ///
    /// - Parameters:
    ///   - start: The end of the front matter.
    ///   - isKept: True if the front matter is part of the text; it stays with the first heading.
    static func structure(
        of text: Span<UInt8>, from start: Int, isKept: Bool = false
    ) -> (Structure, title: String?) {
        var builder = StructureBuilder()
        for piece in MarkdownPiece.pieces(of: text, from: start) {
            guard piece.isParsed else {
                builder.addBlock(at: piece.range.lowerBound, depth: 0)
                continue
            }
            add(text.extracting(piece.range), at: piece.range.lowerBound, &builder, isKept)
        }
        return (builder.structure(of: text), builder.firstHeading)
    }

    private static func add(
        _ text: Span<UInt8>, at start: Int, _ builder: inout StructureBuilder, _ isKept: Bool
    ) {
        let starts = lineStarts(text, start)
        func offset(_ line: Int) -> Int {
            line < starts.count ? starts[line] : start + text.count
        }
        var table: Range<Int>?
        var rows = 0
        for block in markdownBlocks(of: text) {
            let range = offset(block.lines.lowerBound)..<offset(block.lines.upperBound)
            switch block.kind {
            case .heading(let level, let words):
                if block.depth == 0 {
                    builder.addHeading(
                        words, level: level, at: range.lowerBound,
                        isFrontMatter: isKept && !builder.hasText && builder.isWithoutHeadings)
                } else {
                    builder.addBlock(at: range.lowerBound, depth: block.depth)
                }
                // The underline stays with its heading.
                if block.lines.count > 1 { builder.addUnit(range) }
            case .fence:
                builder.addBlock(at: range.lowerBound, depth: block.depth)
                builder.addUnit(range)
                builder.addContinued(
                    range, opening: range.lowerBound..<offset(block.lines.lowerBound + 1))
            case .table:
                builder.addBlock(at: range.lowerBound, depth: block.depth)
                builder.addUnit(range)
                // The header and the line below it.
                builder.addContinued(
                    range, opening: range.lowerBound..<offset(block.lines.lowerBound + 2))
                (table, rows) = (range, 0)
            case .row:
                if rows > 0, let table, table.contains(range.lowerBound) {
                    builder.addRow(at: range.lowerBound, isFirst: rows == 1)
                    builder.addUnit(range)
                }
                rows += 1
            case .item, .code:
                builder.addBlock(at: range.lowerBound, depth: block.depth)
                builder.addUnit(range)
            case .list, .other:
                builder.addBlock(at: range.lowerBound, depth: block.depth)
            }
        }
    }

    /// Returns the offset of each line, as the parser counts them: a line ends with LF, CR or both.
    private static func lineStarts(_ text: Span<UInt8>, _ offset: Int) -> [Int] {
        var starts = [offset]
        var position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
            if byte == 0x0A || byte == 0x0D { starts.append(offset + position) }
        }
        return starts
    }
}
