/// Bytes that are appended without a check of their room each time: the writer reserves enough of it
/// first.
@safe struct ByteBuffer: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private var raw: UnsafeMutableRawPointer

    /// The room behind the bytes that a store of a whole word may touch.
    private static let margin = 8

    init(capacity: Int = 1 << 12) {
        self.capacity = capacity
        unsafe raw = .allocate(byteCount: capacity + Self.margin, alignment: 16)
    }

    deinit { unsafe raw.deallocate() }

    var bytes: [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: raw, count: count))
    }

    mutating func removeAll() { count = 0 }

    /// Makes room for so many bytes behind those that are there.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let new = UnsafeMutableRawPointer.allocate(
            byteCount: capacity + Self.margin, alignment: 16)
        unsafe new.copyMemory(from: raw, byteCount: count)
        unsafe raw.deallocate()
        unsafe raw = new
    }

    /// Appends a byte, for which there must be room.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        unsafe raw.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends the lowest bytes of a number, for which there must be room.
    @inline(__always)
    mutating func append(_ number: UInt64, bytes: Int) {
        unsafe raw.storeBytes(of: number.littleEndian, toByteOffset: count, as: UInt64.self)
        count += bytes
    }

    /// Appends a number as a varint. There must be room for 10 bytes.
    @inline(__always)
    mutating func append(varint number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Changes a byte that is there.
    mutating func set(_ byte: UInt8, at place: Int) {
        precondition(place >= 0 && place < count)
        unsafe raw.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
    }

    /// Appends other bytes.
    mutating func append(_ other: borrowing ByteBuffer) {
        reserve(other.count)
        unsafe (raw + count).copyMemory(from: other.raw, byteCount: other.count)
        count += other.count
    }
}
