/// A reader of bytes that may be damaged: it throws an error where it would have to read beyond
/// their end.
struct MetadataReader {
    private let bytes: BorrowedBytes
    private(set) var offset = 0

    init(_ bytes: BorrowedBytes) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func byte() throws(StoreError) -> UInt8 {
        guard offset < bytes.count else { throw .damagedMetadata }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func number<N: FixedWidthInteger & BitwiseCopyable>(
        as type: N.Type
    ) throws(StoreError) -> N {
        try take(MemoryLayout<N>.size).number(as: type)
    }

    /// Reads a number that `appendVarint` wrote.
    mutating func varint() throws(StoreError) -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
            guard shift < 64 else { throw .damagedMetadata }
        }
    }

    /// Reads a varint that counts or places something in memory.
    mutating func count() throws(StoreError) -> Int {
        guard let count = Int(exactly: try varint()) else { throw .damagedMetadata }
        return count
    }

    mutating func take(_ count: Int) throws(StoreError) -> BorrowedBytes {
        guard count >= 0, count <= bytes.count - offset else { throw .damagedMetadata }
        defer { offset += count }
        return bytes.slice(offset..<offset + count)
    }

    mutating func skip(_ count: Int) throws(StoreError) {
        guard count >= 0, count <= bytes.count - offset else { throw .damagedMetadata }
        offset += count
    }
}

extension [UInt8] {
    /// Appends seven bits a byte, the lowest first; all bytes except the last have their high bit
    /// set.
    mutating func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func appendVarint(_ number: Int) { appendVarint(UInt64(number)) }

    /// Appends a number with its lowest byte first.
    mutating func append<N: FixedWidthInteger & BitwiseCopyable>(number: N) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) { unsafe append(contentsOf: $0) }
    }
}

extension StoreError {
    static let damagedMetadata = StoreError("the index of the metadata is damaged")
}
