import Glibc
import XXHash

/// A `CheckedFile` on its way to the disk: sections one after the other, each beginning at a cache
/// line.
struct CheckedFileWriter: SectionSink {
    private let file: DataFile
    private let number: UInt32
    private var sections: [Range<Int>] = []
    private var start = 0
    private var checksums = ByteWriter()
    /// The bytes that have not been written: they begin at a page.
    private var buffer: [UInt8] = []
    private var written = 0

    private static let bufferSize = 16 * CheckedFile.pageSize

    init(_ path: String, number: UInt32) throws(StoreError) {
        file = try DataFile(path, .creating)
        self.number = number
        buffer.reserveCapacity(2 * Self.bufferSize)
    }

    private var end: Int { written + buffer.count }

    /// The number of bytes in the section that was begun last.
    var count: Int { end - start }

    mutating func append(_ bytes: [UInt8]) throws(StoreError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush(isEnd: false) }
    }

    mutating func append(_ bytes: BorrowedBytes) throws(StoreError) {
        bytes.append(to: &buffer)
        if buffer.count >= Self.bufferSize { try flush(isEnd: false) }
    }

    /// Ends the section. What is appended next belongs to the next one.
    mutating func endSection() throws(StoreError) {
        sections.append(start..<end)
        buffer.append(contentsOf: [UInt8](repeating: 0, count: (64 - end % 64) % 64))
        start = end
        if buffer.count >= Self.bufferSize { try flush(isEnd: false) }
    }

    /// Writes the rest, and returns once all is on the disk.
    ///
    /// - Returns: The checksum of the trailer and the size of the file.
    mutating func finish() throws(StoreError) -> (checksum: UInt64, size: Int) {
        try flush(isEnd: true)
        let trailer = CheckedFileTrailer(
            number: number, sections: sections, dataSize: written,
            tableChecksum: XXHash.hash(checksums.bytes))
        try file.write(checksums.bytes + trailer.encoded, at: written)
        try file.sync()
        return (trailer.checksum, trailer.fileSize)
    }

    private mutating func flush(isEnd: Bool) throws(StoreError) {
        let whole =
            isEnd ? buffer.count : buffer.count / CheckedFile.pageSize * CheckedFile.pageSize
        var page = 0
        while page < whole {
            let end = min(page + CheckedFile.pageSize, whole)
            checksums.append(BorrowedBytes.with(buffer) { $0.slice(page..<end).hash() })
            page = end
        }
        if whole == buffer.count {
            try file.write(buffer, at: written)
            buffer.removeAll(keepingCapacity: true)
        } else {
            try file.write(Array(buffer[..<whole]), at: written)
            buffer.removeFirst(whole)
        }
        written += whole
    }
}
