import Chunking
import Documents
import Text
import Unix

/// The way in which files become records.
struct Cutting: Sendable {
    let settings: ChunkSettings

    /// True to read the text on pictures.
    let recognizesText: Bool
}

/// A file that becomes records, read a block at a time so that its size does not matter.
struct Document: Sendable {
    private let source: Source
    private let input: InputFile

    /// The first block, which is read early to find out whether the file is text.
    private var first: [UInt8]?
    private var chunker: DocumentChunker
    private let settings: ChunkSettings
    private let id: String
    private var records = 0

    /// True if the whole file has been read.
    private(set) var isAtEnd = false

    private static let blockSize = 256 * 1024

    /// The longest time that a program may take to read a file.
    private static let extractionTime = Duration.seconds(300)

    /// Opens a file and reads its first block.
    init(_ path: Paths.Path, _ cutting: Cutting) throws(Skipped) {
        settings = cutting.settings
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
        id = documentID(source.path)
        chunker = DocumentChunker(name: source.path, settings)
        let block = try readBlock()
        guard source.path != "-" else {
            first = block
            return
        }
        do throws(SkipReason) {
            let extraction = try Extraction(
                source.path, start: block, recognizesText: cutting.recognizesText)
            guard let extraction else {
                first = block
                return
            }
            first = try extraction.text(
                of: source.path.hasPrefix("-") ? "./\(source.path)" : source.path, in: ".",
                environment: Environment.current.map { "\($0)=\($1)" },
                timeout: Self.extractionTime, until: Interruption())
            isAtEnd = true
            chunker = DocumentChunker(
                name: source.path, settings, as: extraction.kind, extractor: extraction.program)
        } catch {
            throw Skipped(source.path, error)
        }
    }

    /// Returns the records that end in the next block of the file. It must not be called at the end
    /// of the file.
    mutating func next() throws(Skipped) -> Lines {
        let block = if let first = first.take() { first } else { try readBlock() }
        var lines = Lines()
        do throws(SkipReason) {
            for passage in try chunker.append(block, isLast: isAtEnd) {
                records += 1
                lines.append(
                    passage, id: settings.sizes == nil ? id : "\(id)#\(records)", number: records,
                    of: source, hasContext: settings.hasContext)
            }
        } catch {
            throw Skipped(source.path, error)
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
