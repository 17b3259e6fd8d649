internal import CMark

/// The structure of Markdown.
enum MarkdownStructure {
    /// Returns the structure of a text, and its first heading if that is a title.
    ///
    /// - Parameter start: The end of the front matter.
    static func structure(of text: Span<UInt8>, from start: Int) -> (Structure, title: String?) {
        let body = text.extracting(start..<text.count)
        let starts = lineStarts(body, start)
        func offset(_ line: Int) -> Int { line < starts.count ? starts[line] : text.count }
        var builder = StructureBuilder()
        var table: Range<Int>?
        var rows = 0
        for block in markdownBlocks(of: body) {
            let range = offset(block.lines.lowerBound)..<offset(block.lines.upperBound)
            switch block.kind {
            case .heading(let level, let words):
                if block.depth == 0 {
                    builder.addHeading(words, level: level, at: range.lowerBound)
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
        return (builder.structure(of: text), builder.firstHeading)
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
