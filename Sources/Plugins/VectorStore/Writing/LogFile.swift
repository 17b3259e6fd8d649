import XXHash

/// The commits since the catalog was written, one after the other.
///
/// The file begins with the length that has been acknowledged, which is written after the commits
/// before it are on the disk. Bytes that are not right before that length are damage; after it they
/// are a commit that was cut short, and do not count.
final class LogFile: Sendable {
    let number: UInt32
    private let file: DataFile

    var path: String { file.path }

    private static let magic = Array("hector log 00003".utf8)
    static let start = 64
    private static let frameHeader = 24
    private static let mostCount = 1 << 31

    /// - Parameter mode: `creating` makes a log without commits, which is on the disk when this
    ///   returns.
    init(_ folder: Folder, _ number: UInt32, _ mode: DataFile.Mode) throws(StoreError) {
        self.number = number
        file = try DataFile(folder.file(.log, number), mode)
        if case .creating = mode {
            try acknowledge(end: Self.start, count: 0)
            try file.sync()
        }
    }

    /// Returns the length and the number of commits that have been acknowledged.
    func acknowledged() throws(StoreError) -> (end: Int, count: UInt64) {
        // The first reading may have met a writing.
        for _ in 0..<5 {
            let bytes = try file.readAvailable(at: 0, count: Self.start)
            if bytes.count < Self.start { continue }
            let (end, count, hash) = BorrowedBytes.with(bytes) { bytes in
                (
                    bytes.number(at: 24, as: UInt64.self), bytes.number(at: 32, as: UInt64.self),
                    bytes.number(at: 40, as: UInt64.self)
                )
            }
            if bytes == header(end: end, count: count, hash), end < UInt64(Int32.max) * 64 {
                return (Int(end), count)
            }
        }
        throw .damage(path, "its first bytes are not those that were written")
    }

    private func header(end: UInt64, count: UInt64, _ given: UInt64? = nil) -> [UInt8] {
        var writer = ByteWriter(bytes: Self.magic)
        writer.append(UInt64(number))
        writer.append(end)
        writer.append(count)
        let hash = XXHash.hash(writer.bytes)
        writer.append(hash)
        writer.bytes += [UInt8](repeating: 0, count: Self.start - writer.bytes.count)
        return writer.bytes
    }

    func acknowledge(end: Int, count: UInt64) throws(StoreError) {
        try file.write(header(end: UInt64(end), count: count), at: 0)
    }

    /// A commit in the log.
    struct Entry {
        let contents: MemoryBytes
        let end: Int
        let checksum: UInt64
    }

    /// Reads the commit at an offset. Returns nil if there is none that is right.
    func entry(at offset: Int, number: UInt64) throws(StoreError) -> Entry? {
        let header = try file.readAvailable(at: offset, count: Self.frameHeader)
        guard header.count == Self.frameHeader else { return nil }
        let (count, sequence, checksum) = BorrowedBytes.with(header) { header in
            (
                header.number(as: UInt64.self), header.number(at: 8, as: UInt64.self),
                header.number(at: 16, as: UInt64.self)
            )
        }
        guard sequence == number, count < UInt64(Self.mostCount) else { return nil }
        // A length that is not right must not have memory for it allocated.
        guard offset + Self.frameHeader + Int(count) <= (try file.size) else { return nil }
        let contents = try file.readAvailable(at: offset + Self.frameHeader, count: Int(count))
        guard contents.count == Int(count), Self.checksum(contents, sequence) == checksum else {
            return nil
        }
        return Entry(
            contents: MemoryBytes(contents, path: path),
            end: offset + Self.frameHeader + Int(count), checksum: checksum)
    }

    /// Returns true if the commit at an offset is the one with a checksum.
    func hasEntry(at offset: Int, checksum: UInt64) throws(StoreError) -> Bool {
        let header = try file.readAvailable(at: offset, count: Self.frameHeader)
        return header.count == Self.frameHeader
            && BorrowedBytes.with(header) { $0.number(at: 16, as: UInt64.self) } == checksum
    }

    private static func checksum(_ contents: [UInt8], _ sequence: UInt64) -> UInt64 {
        XXHash.hash(contents, seed: UInt64(contents.count) &* 0x9e37_79b9_7f4a_7c15 ^ sequence)
    }

    /// Writes a commit at the end of others. It does not count until it is on the disk and
    /// acknowledged.
    func write(
        _ contents: [UInt8], at offset: Int, number: UInt64
    ) throws(StoreError) -> Entry {
        let checksum = Self.checksum(contents, number)
        var header = ByteWriter()
        header.append(UInt64(contents.count))
        header.append(number)
        header.append(checksum)
        let start = offset + header.bytes.count
        try file.write(contents, at: start)
        try file.write(header.bytes, at: offset)
        file.startWriting()
        return Entry(
            contents: MemoryBytes(contents, path: path), end: start + contents.count,
            checksum: checksum)
    }

    var size: Int { get throws(StoreError) { try file.size } }

    func sync() throws(StoreError) { try file.sync() }

    /// Cuts off what is not a commit.
    func truncate(to end: Int) throws(StoreError) { try file.truncate(to: end) }
}
