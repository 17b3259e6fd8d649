internal import Text

/// A part of a Markdown text that is parsed by itself, so that the memory does not grow with the text:
/// a byte of it may take a hundred.
struct MarkdownPiece: Equatable {
    let range: Range<Int>

    /// False for a part that is taken as one block: a line, or the rest of a fence, that is very long.
    let isParsed: Bool

    /// The most bytes of a piece. A fence may make it twice as long.
    static let largest = 512 * 1024

    /// Returns the pieces of a text, which begin at blocks if the text has any.
    static func pieces(
        of text: Span<UInt8>, from start: Int, most: Int = largest
    ) -> [MarkdownPiece] {
        guard text.count - start > most else {
            return [MarkdownPiece(range: start..<text.count, isParsed: true)]
        }
        var pieces: [MarkdownPiece] = []
        var first = start
        /// The last place where a block begins.
        var good = start
        var fence = Fence()
        var isAfterEmptyLine = false
        var isSkipping = false
        var line = start
        func end(at place: Int, isParsed: Bool = true) {
            pieces.append(MarkdownPiece(range: first..<place, isParsed: isParsed))
            (first, good) = (place, place)
        }
        while line < text.count {
            let wasOpen = fence.isOpen
            let next = nextLine(text, line)
            let isEmpty = fence.pass(text, line..<next)
            defer { (line, isAfterEmptyLine) = (next, isEmpty) }
            if isSkipping {
                if !fence.isOpen {
                    end(at: next, isParsed: false)
                    isSkipping = false
                }
                continue
            }
            if isAfterEmptyLine, !wasOpen, !isEmpty, !text.isSpace(line) { good = line }
            if next - first > most, good > first { end(at: good) }
            guard next - first > (wasOpen ? 2 * most : most) else { continue }
            if line > first { end(at: line) }
            if wasOpen, fence.isOpen {
                isSkipping = true
            } else if next - first > most {
                end(at: next, isParsed: false)
            }
        }
        if first < text.count { end(at: text.count, isParsed: !isSkipping) }
        return pieces
    }

    private static func nextLine(_ text: Span<UInt8>, _ start: Int) -> Int {
        var position = start
        while position < text.count, text[position] != UInt8(ascii: "\n") { position += 1 }
        return min(position + 1, text.count)
    }

    /// The fence that is open at a line.
    private struct Fence {
        private var mark: UInt8 = 0
        private var length = 0
        var isOpen: Bool { length > 0 }

        /// - Returns: True for a line without text.
        mutating func pass(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
            var position = line.lowerBound
            while position < line.upperBound, text.isSpace(position) { position += 1 }
            guard position < line.upperBound else { return true }
            let byte = text[position]
            guard byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~"),
                position - line.lowerBound < 4
            else { return false }
            var count = 0
            while position < line.upperBound, text[position] == byte {
                position += 1
                count += 1
            }
            guard count >= 3 else { return false }
            if !isOpen {
                (mark, length) = (byte, count)
            } else if byte == mark, count >= length {
                while position < line.upperBound, text.isSpace(position) { position += 1 }
                if position == line.upperBound { length = 0 }
            }
            return false
        }
    }
}

extension Span where Element == UInt8 {
    fileprivate func isSpace(_ position: Int) -> Bool { self[position].isASCIIWhitespace }
}
