internal import Glibc
import LMDB
internal import VectorKernels

/// Borrowed bytes: of the memory map until the transaction ends or writes, or of an array for the
/// length of a closure.
///
/// All other code reads the map through this type. It checks bounds, but cannot check that it is
/// not kept for longer.
@safe struct BorrowedBytes {
    private let raw: UnsafeRawBufferPointer

    init(_ raw: UnsafeRawBufferPointer) { unsafe self.raw = raw }

    /// Runs `body` with the bytes of an array.
    static func with<R>(_ array: [UInt8], _ body: (BorrowedBytes) throws -> R) rethrows -> R {
        unsafe try array.withUnsafeBytes { unsafe try body(BorrowedBytes($0)) }
    }

    var array: [UInt8] { unsafe Array(raw) }

    /// The bytes as text in UTF-8, repaired if they are not valid.
    var string: String { unsafe String(decoding: raw, as: UTF8.self) }

    /// - Parameter range: Within the bytes.
    func slice(_ range: Range<Int>) -> BorrowedBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe BorrowedBytes(UnsafeRawBufferPointer(rebasing: raw[range]))
    }

    func hasPrefix(_ prefix: [UInt8]) -> Bool {
        unsafe count >= prefix.count && Self.areEqual(raw, prefix, prefix.count)
    }

    static func == (one: BorrowedBytes, other: BorrowedBytes) -> Bool {
        unsafe one.count == other.count
            && (one.isEmpty || memcmp(one.raw.baseAddress!, other.raw.baseAddress!, one.count) == 0)
    }

    static func == (one: BorrowedBytes, other: [UInt8]) -> Bool {
        unsafe one.count == other.count && areEqual(one.raw, other, other.count)
    }

    /// Returns a negative number if these bytes sort before others, 0 if they are equal.
    func order(to other: BorrowedBytes) -> Int {
        let common = Swift.min(count, other.count)
        let order =
            unsafe common == 0 ? 0 : memcmp(raw.baseAddress!, other.raw.baseAddress!, common)
        return order == 0 ? count - other.count : Int(order)
    }

    private static func areEqual(
        _ one: UnsafeRawBufferPointer, _ other: [UInt8], _ count: Int
    ) -> Bool {
        unsafe count == 0 || memcmp(one.baseAddress!, other, count) == 0
    }

    // MARK: Unaligned numbers

    /// Returns a little-endian number.
    func number<N: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int = 0, as type: N.Type
    ) -> N {
        precondition(offset >= 0 && offset + MemoryLayout<N>.size <= count)
        return N(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: offset, as: type))
    }

    func floats(at offset: Int, count: Int) -> [Float] {
        let bytes = slice(offset..<offset + count * MemoryLayout<Float>.size)
        return unsafe [Float](unsafeUninitializedCapacity: count) { floats, initialized in
            unsafe UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes.raw)
            initialized = count
        }
    }

    /// The sum of the products of a vector's components and the floats from `offset` on.
    func dot(_ vector: [Float], at offset: Int) -> Double {
        let bytes = slice(offset..<offset + vector.count * MemoryLayout<Float>.size)
        return unsafe hector_dot(bytes.raw.baseAddress, vector, vector.count)
    }

    // MARK: Access for C

    /// Runs `body` with the bytes themselves, which it must not keep.
    func withRaw<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        unsafe try body(raw)
    }
}

extension BorrowedBytes: RandomAccessCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { unsafe raw.count }

    subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count)
        return unsafe raw[position]
    }
}

/// A big-endian number as a key, so that keys sort by number.
struct SlotKey {
    private let bigEndian: UInt64

    /// A key for something numbered in a collection.
    init(_ collection: UInt32, _ index: UInt32) {
        bigEndian = (UInt64(collection) << 32 | UInt64(index)).bigEndian
    }

    var bytes: [UInt8] { unsafe Swift.withUnsafeBytes(of: bigEndian) { unsafe Array($0) } }

    fileprivate func withRaw<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        unsafe try Swift.withUnsafeBytes(of: bigEndian, body)
    }
}

// MARK: LMDB without pointers

extension Transaction where Self: ~Copyable {
    /// The value in the memory map, valid until the transaction ends or writes.
    func borrow(_ key: [UInt8], in database: Database) throws -> BorrowedBytes? {
        unsafe try get(key, in: database).map { unsafe BorrowedBytes($0) }
    }

    func borrow(_ key: SlotKey, in database: Database) throws -> BorrowedBytes? {
        unsafe try key.withRaw {
            unsafe try get($0, in: database).map { unsafe BorrowedBytes($0) }
        }
    }
}

extension WriteTransaction {
    func put(_ key: SlotKey, _ value: [UInt8], in database: Database) throws {
        unsafe try key.withRaw { key in
            unsafe try value.withUnsafeBytes { unsafe try put(key, $0, in: database) }
        }
    }

    /// Writes a value as `put` does, but faster if the key sorts after all others.
    func putLast(_ key: SlotKey, _ value: [UInt8], in database: Database) throws {
        unsafe try key.withRaw { key in
            unsafe try value.withUnsafeBytes { value in
                if unsafe try append(key, value, in: database) { return }
                unsafe try put(key, value, in: database)
            }
        }
    }

    func delete(_ key: SlotKey, in database: Database) throws {
        _ = unsafe try key.withRaw { unsafe try delete($0, in: database) }
    }

    /// A segment to be filled before the next write, with what was there or nothing.
    func segment(_ key: SlotKey, _ layout: SegmentLayout, in database: Database) throws -> Segment {
        unsafe try key.withRaw { key in
            let old = unsafe try get(key, in: database)
            let room = unsafe try reserve(key, count: layout.size, in: database)
            let segment = unsafe Segment(room, layout)
            if let old = unsafe old {
                guard old.count == layout.size else {
                    throw StoreError("a segment is damaged")
                }
                unsafe room.copyMemory(from: old)
            } else {
                segment.clear()
            }
            return segment
        }
    }
}

extension Cursor {
    typealias BorrowedEntry = (key: BorrowedBytes, value: BorrowedBytes)

    /// The first entry whose key is `key` or sorts after it.
    func borrow(from key: [UInt8]) throws -> BorrowedEntry? {
        unsafe try seek(key).map { unsafe (BorrowedBytes($0.key), BorrowedBytes($0.value)) }
    }

    /// The entry after the one returned last.
    func borrowNext() throws -> BorrowedEntry? {
        unsafe try next().map { unsafe (BorrowedBytes($0.key), BorrowedBytes($0.value)) }
    }
}
