internal import Synchronization

/// The bytes of a record file, which is opened when the first of them is read.
final class RecordBytes: Sendable {
    let number: UInt32
    let path: String
    private let opened = Mutex<DataFile?>(nil)

    static let magic = Array("hector records 2".utf8)
    /// A file begins with the magic and its number.
    static let start = 32
    /// The offset at which no more records are begun.
    static let most = 256 << 20

    init(_ folder: Folder, _ number: UInt32) {
        self.number = number
        path = folder.file(.records, number)
    }

    private var file: DataFile {
        get throws(StoreError) {
            try opened.withLock { opened throws(StoreError) in
                if let opened { return opened }
                let file = try DataFile(path, .reading)
                file.expectRandomReads()
                guard try file.read(at: 0, count: Self.start) == header else {
                    throw .damage(path, "its first bytes are not those that were written")
                }
                opened = file
                return file
            }
        }
    }

    var header: [UInt8] {
        var writer = ByteWriter(bytes: Self.magic)
        writer.append(number)
        writer.append(BorrowedBytes.with(writer.bytes) { $0.hash() })
        writer.append(UInt32(0))
        return writer.bytes
    }

    /// Reads a whole record.
    func record(_ place: Place) throws(StoreError) -> Frame {
        let bytes = try file.read(at: Int(place.offset), count: Int(place.length))
        guard let frame = Frame(bytes), frame.isWhole, frame.check == place.check else {
            throw damage(place)
        }
        return frame
    }

    /// Reads the beginning of a record, with its vector.
    func head(_ place: Place, dimension: Int) throws(StoreError) -> Frame {
        let count = Frame.headSize(dimension: dimension)
        guard count <= Int(place.length) else { throw damage(place) }
        let bytes = try file.read(at: Int(place.offset), count: count)
        guard let frame = Frame(bytes), frame.hasVector, frame.check == place.check else {
            throw damage(place)
        }
        return frame
    }

    /// Returns the offset of the first record of a range that is not right, or nil.
    func firstDamage(in range: Range<Int>) throws(StoreError) -> Int? {
        var offset = max(range.lowerBound, Self.start)
        while offset < range.upperBound {
            let header = try file.readAvailable(at: offset, count: Frame.headerSize)
            guard header.count == Frame.headerSize else { return offset }
            let length = BorrowedBytes.with(header) { Int($0.number(at: 16, as: UInt32.self)) }
            guard length > Frame.headerSize, length <= range.upperBound - offset,
                let frame = Frame(try file.readAvailable(at: offset, count: length)), frame.isWhole
            else { return offset }
            offset += length
        }
        return nil
    }

    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        try file.read(at: offset, count: count)
    }

    /// Throws if the file is shorter than its records.
    func checkSize(_ end: Int) throws(StoreError) {
        let size = try file.size
        guard size >= end else { throw .damage(path, "it ends at byte \(size), not \(end)") }
    }

    func damage(_ place: Place) -> StoreError {
        .damage(path, "the record at byte \(place.offset) is not the one that was written")
    }
}

/// A record as its bytes in a file, or their beginning: two checksums, the number of all bytes, and
/// the `StoredRecord`.
///
/// The first checksum is that of the record up to the end of the vector, the second that of the
/// rest and the first. So a vector can be read alone.
struct Frame: Sendable {
    let bytes: [UInt8]

    static let headerSize = 20

    /// The number of bytes up to the end of the vector.
    static func headSize(dimension: Int) -> Int {
        headerSize + StoredRecord.headerSize + dimension * 4
    }

    /// - Parameter record: The bytes of a `StoredRecord`.
    init(of record: [UInt8], dimension: Int) {
        let split = StoredRecord.headerSize + dimension * 4
        let (head, all) = BorrowedBytes.with(record) { record in
            let head = record.slice(0..<split).hash(seed: UInt64(record.count))
            return (head, record.slice(split..<record.count).hash(seed: head))
        }
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(Self.headerSize + record.count)
        writer.append(head)
        writer.append(all)
        writer.append(UInt32(Self.headerSize + record.count))
        writer.bytes += record
        bytes = writer.bytes
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headerSize + StoredRecord.headerSize else { return nil }
        self.bytes = bytes
    }

    /// The number that is in the index too.
    var check: UInt32 { BorrowedBytes.with(bytes) { $0.number(at: 8, as: UInt32.self) } }

    /// The number of bytes of the whole frame.
    var length: Int {
        BorrowedBytes.with(bytes) { Int($0.number(at: 16, as: UInt32.self)) }
    }

    var dimension: Int {
        BorrowedBytes.with(bytes) { Int($0.number(at: Self.headerSize, as: UInt32.self)) }
    }

    /// True if the checksum of the vector is right.
    var hasVector: Bool {
        let end = Self.headSize(dimension: dimension)
        guard end <= bytes.count, length >= Self.headerSize else { return false }
        return BorrowedBytes.with(bytes) { bytes in
            bytes.slice(Self.headerSize..<end).hash(seed: UInt64(length - Self.headerSize))
                == bytes.number(as: UInt64.self)
        }
    }

    /// True if all bytes are there and both checksums are right.
    var isWhole: Bool {
        guard length == bytes.count, hasVector else { return false }
        return BorrowedBytes.with(bytes) { bytes in
            bytes.slice(Self.headSize(dimension: dimension)..<bytes.count)
                .hash(seed: bytes.number(as: UInt64.self)) == bytes.number(at: 8, as: UInt64.self)
        }
    }

    /// Runs `body` with the record, whose metadata are there if the frame is whole.
    func withRecord<R>(_ body: (StoredRecord) throws -> R) rethrows -> R? {
        try BorrowedBytes.with(bytes) { bytes in
            try StoredRecord(bytes.slice(Self.headerSize..<bytes.count)).map(body)
        }
    }
}
