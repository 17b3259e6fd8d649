/// Cuts a text that arrives in blocks into chunks.
///
/// It holds one chunk and one block, however long the text is, and takes time in proportion to the
/// chunks that it returns.
///
///     var chunker = Chunker(size: 2000, overlap: 200)
///     while let block = read() {
///         chunker.append(block)
///         while let chunk = chunker.next() { … }
///     }
///     chunker.finish()
///     while let chunk = chunker.next() { … }
package struct Chunker: Sendable {
    private let cutter: Cutter
    private var buffer: [UInt8] = []
    /// The position in `buffer` at which the next chunk starts.
    private var start = 0
    /// The position in the text at which `buffer` starts.
    private var bufferOffset = 0
    /// The number of characters of the text before `start`.
    private var characterOffset = 0
    /// The position in the text at which the last chunk ended.
    private var covered = 0
    private var isFinished = false

    /// - Parameters:
    ///   - size: The most characters in a chunk, at least 1. A character is a Unicode scalar.
    ///   - overlap: The most characters that a chunk shares with the one before; less than `size`.
    ///   - isCode: True for source code, which is cut at definitions and empty lines.
    package init(size: Int, overlap: Int, isCode: Bool = false) {
        precondition(size >= 1 && overlap >= 0 && overlap < size)
        cutter = Cutter(size: size, overlap: overlap, mode: isCode ? .code : .prose)
    }

    /// Adds the next block of the text. It may end in the middle of a character.
    package mutating func append(_ block: some Collection<UInt8>) {
        if start > buffer.count / 2 {
            // One byte is kept to see whether a line starts here.
            buffer.removeFirst(start - 1)
            bufferOffset += start - 1
            start = 1
        }
        buffer += block
    }

    /// Ends the text.
    package mutating func finish() { isFinished = true }

    /// Returns the next chunk, or nil if there is none or its end is unknown until more text comes.
    package mutating func next() -> Chunk? {
        while true {
            skipBlankLines()
            guard start < buffer.count else { return nil }
            // This is room for the longest chunk, the white space after it, and a few bytes to know
            // what follows.
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
            // Skip white space, and text that the last chunk already has.
            guard end > first, bufferOffset + end > covered else { continue }
            covered = bufferOffset + end
            return Chunk(
                bytes: Array(buffer[first..<end]), offset: bufferOffset + first,
                characterOffset: firstCharacter)
        }
    }

    /// Skips white space, except for the indentation of the line that follows.
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

    /// The position in the text at which the chunk starts, in bytes.
    package let offset: Int

    /// The same position in characters.
    package let characterOffset: Int

    /// The range of the chunk in the text, in bytes.
    package var range: Range<Int> { offset..<offset + bytes.count }
}
