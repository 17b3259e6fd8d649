/// A byte that stands for one that would be markup, so that no line moves.
let noMark: UInt8 = 0x01

/// Returns a Markdown text without what takes the library more than its share of time or memory.
/// Lines stay where they are.
///
/// - An image is parsed as a link: the library takes quadratic time for many nested images
///   (CVE-2023-22484), and neither is a block.
/// - Blocks are nested no deeper than the marks in the first columns of a line make them.
/// - The rows of a table are filled up to the width of its header, whatever they hold, and the cells
///   of a row are found in quadratic time. Tables that are too wide, or that would have too many
///   cells together, are paragraphs.
func harmless(_ text: Span<UInt8>) -> [UInt8] {
    var result = [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
        for index in 0..<text.count { buffer.initializeElement(at: index, to: text[index]) }
        count = text.count
    }
    for index in result.indices.dropLast()
    where result[index] == UInt8(ascii: "!") && result[index + 1] == UInt8(ascii: "[") {
        result[index] = noMark
    }
    let lines = lines(of: result)
    for line in lines { limitDepth(of: line, &result) }
    limitTables(lines, &result)
    return result
}

/// The bytes at the beginning of a line in which marks of blocks count.
private let mostColumns = 200

/// The most columns of a table.
private let mostTableColumns = 256

/// The most cells of all tables in a text.
private let mostCells = 200_000

/// The most lines of a paragraph that may be the line below a header, for each of which the library
/// looks at the whole paragraph.
private let mostHeaders = 64

/// Returns the range of each line without its end.
private func lines(of text: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    var position = 0
    while position < text.count {
        let byte = text[position]
        position += 1
        guard byte == 0x0A || byte == 0x0D else { continue }
        lines.append(start..<(position - 1))
        if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
        start = position
    }
    if start < text.count { lines.append(start..<text.count) }
    return lines
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Takes the marks of quotes and items away that are far to the right.
private func limitDepth(of line: Range<Int>, _ text: inout [UInt8]) {
    guard line.count > mostColumns else { return }
    for position in line {
        let byte = text[position]
        switch byte {
        case 0x20, 0x09, UInt8(ascii: "0")...UInt8(ascii: "9"): break
        case UInt8(ascii: ">"):
            if position - line.lowerBound >= mostColumns { text[position] = noMark }
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ")"):
            // A part of a rule does not count.
            let isMark = position + 1 == line.upperBound || isBlank(text[position + 1])
            if isMark, position - line.lowerBound >= mostColumns { text[position] = noMark }
        default: return
        }
    }
}

private func limitTables(_ lines: [Range<Int>], _ text: inout [UInt8]) {
    var cells = 0
    var headers = 0
    /// The next line without text, where each table ends.
    var end = 0
    for (index, line) in lines.enumerated() {
        if end <= index {
            headers = 0
            end = index
            while end < lines.count, !isEmpty(text[lines[end]]) { end += 1 }
        }
        let isHeader = mayBeBelowHeader(text[line])
        var columns = 1
        for position in line where text[position] == UInt8(ascii: "|") {
            columns += 1
            if columns > mostTableColumns { text[position] = noMark }
        }
        guard isHeader else { continue }
        headers += 1
        let more = columns * (end - index)
        if columns <= mostTableColumns, headers <= mostHeaders, cells + more <= mostCells {
            cells += more
        } else {
            for position in line
            where text[position] == UInt8(ascii: "|") || text[position] == UInt8(ascii: ":") {
                text[position] = noMark
            }
        }
    }
}

/// True for a line that has only the marks of quotes.
private func isEmpty(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { isBlank($0) || $0 == UInt8(ascii: ">") }
}

/// True for a line that makes a header of the line before it, such as `|---|:-:|`.
private func mayBeBelowHeader(_ line: ArraySlice<UInt8>) -> Bool {
    var hasDash = false
    var hasMark = false
    for byte in line {
        switch byte {
        case UInt8(ascii: "-"): hasDash = true
        case UInt8(ascii: "|"), UInt8(ascii: ":"): hasMark = true
        case UInt8(ascii: ">"), 0x20, 0x09...0x0D: break
        default: return false
        }
    }
    return hasDash && hasMark
}
