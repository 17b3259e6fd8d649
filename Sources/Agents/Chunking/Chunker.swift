/// Cuts a text that arrives in blocks into chunks.
///
/// Holds one chunk and one block, whatever the length of the text, and takes time in proportion to
/// the chunks it gives.
///
///     var chunker = Chunker(size: 2000, overlap: 200)
///     while let block = read() {
///         chunker.append(block)
///         while let chunk = chunker.next() { … }
///     }
///     chunker.finish()
///     while let chunk = chunker.next() { … }
package struct Chunker {
    private let cutter: Cutter
    private var buffer: [UInt8] = []
    /// Where the next chunk starts in `buffer`.
    private var start = 0
    /// Where `buffer` starts in the text.
    private var bufferOffset = 0
    /// How many characters of the text come before `start`.
    private var characterOffset = 0
    /// Where the last chunk ended in the text.
    private var covered = 0
    private var isFinished = false

    /// - Parameters:
    ///   - size: The most characters in a chunk, at least 1. A character is a Unicode scalar.
    ///   - overlap: The most characters that a chunk shares with the one before; less than `size`.
    package init(size: Int, overlap: Int) {
        precondition(size >= 1 && overlap >= 0 && overlap < size)
        cutter = Cutter(size: size, overlap: overlap)
    }

    /// Adds what comes next in the text. May end in the middle of a character.
    package mutating func append(_ block: some Collection<UInt8>) {
        if start > buffer.count / 2 {
            // One byte is kept to see whether a line starts here.
            buffer.removeFirst(start - 1)
            bufferOffset += start - 1
            start = 1
        }
        buffer += block
    }

    /// Says that there is no more text.
    package mutating func finish() { isFinished = true }

    /// The next chunk, or nil if more text is needed to tell where it ends, or there is none.
    package mutating func next() -> Chunk? {
        while true {
            skipBlankLines()
            guard start < buffer.count else { return nil }
            // The longest chunk, the white space behind it and a few bytes to know what follows.
            guard isFinished || buffer.count - start >= 4 * cutter.size + Cutter.whiteSpace + 16
            else { return nil }
            let first = start
            let firstCharacter = characterOffset
            var end = buffer.count
            if let cut = cutter.cut(buffer.span, from: start) {
                end = cut.end
                start = cut.next
                characterOffset += cut.charactersToNext
            } else {
                start = end
            }
            while end > first, buffer.span.isSpace(at: end - 1) { end -= 1 }
            // White space, or nothing but what the last chunk has already.
            guard end > first, bufferOffset + end > covered else { continue }
            covered = bufferOffset + end
            return Chunk(
                bytes: Array(buffer[first..<end]), offset: bufferOffset + first,
                characterOffset: firstCharacter)
        }
    }

    /// Skips white space, but for the indentation of the line that follows.
    private mutating func skipBlankLines() {
        var position = start
        var line: Int? = start == 0 || buffer[start - 1] == UInt8(ascii: "\n") ? start : nil
        while position < buffer.count, buffer.span.isSpace(at: position) {
            position += 1
            if buffer[position - 1] == UInt8(ascii: "\n") { line = position }
        }
        let next = line ?? position
        characterOffset += next - start
        start = next
    }
}

/// A piece of a text, without the white space around it.
package struct Chunk: Equatable, Sendable {
    package let bytes: [UInt8]

    /// Where the chunk starts in the text, in bytes.
    package let offset: Int

    /// The same in characters.
    package let characterOffset: Int

    /// Where the chunk stands in the text, in bytes.
    package var range: Range<Int> { offset..<offset + bytes.count }
}
