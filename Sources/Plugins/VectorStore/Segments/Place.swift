/// The place of a record on the disk.
struct Place: Sendable, Equatable {
    let file: UInt32
    let offset: UInt32
    let length: UInt32
    /// Half of the record's checksum, so that another record at this place is noticed.
    let check: UInt32

    static let size = 16

    init(file: UInt32, offset: UInt32, length: UInt32, check: UInt32) {
        self.file = file
        self.offset = offset
        self.length = length
        self.check = check
    }

    init(_ bytes: BorrowedBytes, at offset: Int) {
        file = bytes.number(at: offset, as: UInt32.self)
        self.offset = bytes.number(at: offset + 4, as: UInt32.self)
        length = bytes.number(at: offset + 8, as: UInt32.self)
        check = bytes.number(at: offset + 12, as: UInt32.self)
    }

    func append(to writer: inout ByteWriter) {
        writer.append(file)
        writer.append(offset)
        writer.append(length)
        writer.append(check)
    }
}
