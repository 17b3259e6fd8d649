internal import Documents
internal import Text

/// Cuts a table of records (RFC 4180) between its rows. Each chunk begins with the header.
struct RowChunker: Sendable {
    /// The byte between two fields, once it is known.
    private var separator: UInt8
    private var isSeparatorKnown = false
    private let sizes: ChunkSettings.Sizes
    private var buffer: [UInt8] = []

    /// The place in the text at which `buffer` begins.
    private var offset = 0

    /// The place in `buffer` up to which rows have been looked for.
    private var scanned = 0
    private var isQuoted = false
    private var isAtField = true

    /// The first row with its newline.
    private var header: [UInt8]?
    private var headerCharacters = 0

    /// The rows of the next chunk.
    private var rows: Rows?

    private struct Rows {
        let start: Int
        var bytes: [UInt8]
        /// With those of the header.
        var characters: Int
        /// True if the header is among the bytes.
        var hasHeader = false
    }

    /// The longest row. A quote without an end would make the rest of the file one, and a row without
    /// an end need not fit into memory: the rest of a longer one counts as another.
    private static let longestRow = 256 * 1024

    init(separator: UInt8, _ sizes: ChunkSettings.Sizes) {
        self.separator = separator
        self.sizes = sizes
    }

    mutating func append(_ block: [UInt8], isLast: Bool) -> [Passage] {
        buffer += block
        var passages: [Passage] = []
        var start = 0
        while let end = endOfRow(from: start, isLast: isLast) {
            take(Array(buffer[start..<end]), at: offset + start, &passages)
            start = end
        }
        if isLast, start < buffer.count {
            take(Array(buffer[start...]), at: offset + start, &passages)
            start = buffer.count
        }
        buffer.removeFirst(start)
        offset += start
        scanned -= start
        if isLast { flush(&passages) }
        return passages
    }

    private mutating func endOfRow(from start: Int, isLast: Bool) -> Int? {
        guard findSeparator(isLast: isLast) else { return nil }
        scanned = max(scanned, start)
        while scanned < buffer.count {
            let byte = buffer[scanned]
            scanned += 1
            if byte == UInt8(ascii: "\""), isQuoted || isAtField {
                isQuoted.toggle()
                // Two quotes are one in the field.
                isAtField = !isQuoted
                continue
            }
            if byte == UInt8(ascii: "\n"), !isQuoted {
                isAtField = true
                return scanned
            }
            if scanned - start > Self.longestRow {
                return isQuoted
                    ? endUnquoted(
                        from: start, else: buffer.span.characterStart(before: buffer.count))
                    : buffer.span.characterStart(before: scanned)
            }
            if !isQuoted {
                // A space may be before the quote.
                isAtField = byte == separator || (byte == 0x0D || byte == 0x20) && isAtField
            }
        }
        return isQuoted && isLast && start < buffer.count
            ? endUnquoted(from: start, else: buffer.count) : nil
    }

    /// Finds the byte that separates the fields of the first row: the ending of a name tells less.
    ///
    /// - Returns: False if the first row may go on.
    private mutating func findSeparator(isLast: Bool) -> Bool {
        if isSeparatorKnown { return true }
        var counts: [UInt8: Int] = [:]
        var isInQuotes = false
        var isAtEnd = isLast
        var hasText = false
        for byte in buffer.prefix(Self.longestRow) {
            if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            if isInQuotes { continue }
            if byte == UInt8(ascii: "\n"), hasText {
                isAtEnd = true
                break
            }
            if byte > 0x20 { hasText = true }
            if byte == separator || ",;|\t".utf8.contains(byte) { counts[byte, default: 0] += 1 }
        }
        guard isAtEnd || buffer.count >= Self.longestRow else { return false }
        let own = counts[separator] ?? 0
        if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value > own
        {
            separator = most.key
        }
        isSeparatorKnown = true
        return true
    }

    /// Ends a row at its first newline, since a quote in it has no end, or else at `end`.
    private mutating func endUnquoted(from start: Int, else end: Int) -> Int {
        isQuoted = false
        isAtField = true
        scanned = buffer[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? end
        return scanned
    }

    private mutating func take(_ row: [UInt8], at place: Int, _ passages: inout [Passage]) {
        let characters = row.span.characters(in: 0..<row.count)
        if header == nil {
            if row.allSatisfy(\.isASCIIWhitespace) { return }
            // A header that fills most of a chunk is not repeated.
            header = characters <= sizes.size / 2 ? row : []
            headerCharacters = header!.isEmpty ? 0 : characters
            if characters > sizes.size { return cut(row, at: place, &passages) }
            rows = Rows(start: place, bytes: row, characters: characters, hasHeader: true)
            return
        }
        if row.allSatisfy(\.isASCIIWhitespace) { return }
        let newline = row.last == UInt8(ascii: "\n") ? 1 : 0
        if let rows, rows.characters + characters - newline > sizes.size {
            flush(&passages)
        }
        if rows == nil {
            if headerCharacters + characters - newline > sizes.size {
                return cut(row, at: place, &passages)
            }
            rows = Rows(start: place, bytes: [], characters: headerCharacters)
        }
        rows!.bytes += row
        rows!.characters += characters
    }

    private mutating func flush(_ passages: inout [Passage]) {
        guard let rows = rows.take() else { return }
        let own = rows.bytes.trimmingEnd
        let content = rows.hasHeader ? Array(own) : (header ?? []) + own
        passages.append(Passage(content: content, range: rows.start..<(rows.start + own.count)))
    }

    /// Cuts a row that does not fit.
    private func cut(_ row: [UInt8], at place: Int, _ passages: inout [Passage]) {
        let size = max(1, sizes.size - headerCharacters)
        var chunker = Chunker(size: size, overlap: min(sizes.overlap, size - 1))
        chunker.append(row)
        chunker.finish()
        while let chunk = chunker.next() {
            passages.append(
                Passage(
                    content: (header ?? []) + chunk.bytes,
                    range: (place + chunk.range.lowerBound)..<(place + chunk.range.upperBound)))
        }
    }
}

extension Array where Element == UInt8 {
    /// The bytes without white space at the end.
    var trimmingEnd: ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex, self[end - 1].isASCIIWhitespace { end -= 1 }
        return self[..<end]
    }
}
