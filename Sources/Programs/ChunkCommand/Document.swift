import Chunking
import Text
import Unix

/// The way in which files become records.
enum Cutting: Sendable {
    case whole
    case chunks(size: Int, overlap: Int)
}

/// A file that becomes records, read a block at a time so that its size does not matter.
struct Document: Sendable {
    private let source: Source
    private let input: InputFile

    /// The first block, which is read early to find out whether the file is text.
    private var first: [UInt8]?

    /// The length of the byte order mark before the text.
    private var textOffset: Int
    private var text: Text
    private var records = 0

    /// True if the whole file has been read.
    private(set) var isAtEnd = false

    private enum Text {
        case chunks(Chunker)
        /// The text that has been read so far.
        case whole([UInt8])
    }

    private static let blockSize = 256 * 1024

    /// The most bytes of one record, which is the default limit of other filters.
    private static let longestRecord = 64 << 20

    /// Opens a file and reads its first block.
    init(_ path: Paths.Path, _ cutting: Cutting) throws(Skipped) {
        switch path {
        case .unusable(let message):
            throw Skipped(path: nil, code: "invalid_path", message: message)
        case .standardInput:
            source = Source(path: "-", modified: nil)
            input = .standardInput
        case .file(let path):
            let file = try skipping(path) { () throws(SystemError) in try File(path) }
            guard file.kind != .directory else { throw Skipped(directory: path) }
            source = Source(path: path, modified: file.modified / 1_000_000_000)
            input = try skipping(path) { () throws(SystemError) in try InputFile(opening: path) }
        }
        textOffset = 0
        text = .whole([])
        var block = try readBlock()
        if let reason = reasonNotText(block) { throw Skipped(source.path, reason) }
        textOffset = byteOrderMarkLength(block)
        block.removeFirst(textOffset)
        first = block
        text =
            switch cutting {
            case .whole: .whole([])
            case .chunks(let size, let overlap): .chunks(Chunker(size: size, overlap: overlap))
            }
    }

    /// Returns the records that end in the next block of the file. It must not be called at the end
    /// of the file.
    mutating func next() throws(Skipped) -> Lines {
        let block = if let first = first.take() { first } else { try readBlock() }
        var lines = Lines()
        // The text is moved out while it changes: a second owner would make every change a copy.
        var text = Text.whole([])
        swap(&text, &self.text)
        switch consume text {
        case .whole(var whole):
            whole += block
            guard whole.count <= Self.longestRecord else { throw Skipped(tooLong: source.path) }
            if isAtEnd, whole.contains(where: { $0 > 0x20 }) {
                lines.append(whole, at: textOffset, id: source.path, number: 1, of: source)
            }
            self.text = .whole(whole)
        case .chunks(var chunker):
            chunker.append(block)
            if isAtEnd { chunker.finish() }
            while let chunk = chunker.next() {
                records += 1
                lines.append(
                    chunk.bytes, at: textOffset + chunk.offset, id: "\(source.path)#\(records)",
                    number: records, of: source)
            }
            self.text = .chunks(chunker)
        }
        return lines
    }

    private mutating func readBlock() throws(Skipped) -> [UInt8] {
        let block = try skipping(source.path) { [input] () throws(SystemError) in
            try input.read(Self.blockSize)
        }
        isAtEnd = block.count < Self.blockSize
        return block
    }
}
