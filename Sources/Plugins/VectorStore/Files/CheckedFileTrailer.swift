import XXHash

/// The end of a `CheckedFile`: the places of its sections, and checksums of all that is not data.
struct CheckedFileTrailer: Sendable {
    let number: UInt32
    let sections: [Range<Int>]
    /// The bytes before the table of checksums.
    let dataSize: Int
    let tableChecksum: UInt64
    /// The checksum of the trailer itself.
    private(set) var checksum: UInt64 = 0

    static let size = 256
    static let mostSections = 8
    private static let magic = Array("hector checked 2".utf8)

    var pages: Int { (dataSize + CheckedFile.pageSize - 1) / CheckedFile.pageSize }
    var fileSize: Int { dataSize + pages * 8 + Self.size }

    init(number: UInt32, sections: [Range<Int>], dataSize: Int, tableChecksum: UInt64) {
        precondition(sections.count <= Self.mostSections)
        self.number = number
        self.sections = sections
        self.dataSize = dataSize
        self.tableChecksum = tableChecksum
        checksum = XXHash.hash(body)
    }

    init(_ bytes: [UInt8], _ path: String) throws(StoreError) {
        let damage = StoreError.damage(path, "its last bytes are not those that were written")
        let body = Array(bytes.dropLast(8))
        let found = XXHash.hash(body)
        guard
            bytes.count == Self.size, body.starts(with: Self.magic),
            BorrowedBytes.with(bytes, { $0.number(at: Self.size - 8, as: UInt64.self) }) == found
        else { throw damage }
        // The checksum is right, so the bytes are those below.
        (number, dataSize, tableChecksum, sections) = BorrowedBytes.with(body) { body in
            func number(_ place: Int) -> Int {
                Int(truncatingIfNeeded: body.number(at: place, as: Int64.self))
            }
            let count = Int(body.number(at: 20, as: UInt32.self))
            let sections = (0..<min(count, Self.mostSections)).map { section in
                let start = number(40 + section * 16)
                return start..<start + number(48 + section * 16)
            }
            return (
                body.number(at: 16, as: UInt32.self), number(24),
                body.number(at: 32, as: UInt64.self), sections
            )
        }
        checksum = found
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(bytes: body)
        writer.append(checksum)
        return writer.bytes
    }

    private var body: [UInt8] {
        var writer = ByteWriter(bytes: Self.magic)
        writer.append(number)
        writer.append(UInt32(sections.count))
        writer.append(Int64(dataSize))
        writer.append(tableChecksum)
        for section in sections {
            writer.append(Int64(section.lowerBound))
            writer.append(Int64(section.count))
        }
        writer.bytes += [UInt8](repeating: 0, count: Self.size - 8 - writer.bytes.count)
        return writer.bytes
    }
}
