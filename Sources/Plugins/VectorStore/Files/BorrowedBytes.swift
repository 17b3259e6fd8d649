internal import Glibc
internal import VectorKernels
internal import XXHash

/// Borrowed bytes: of a section while it lives, or of an array for the length of a closure.
///
/// All other code reads mapped files through this type. It checks bounds, but cannot check that it is
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
    @inline(__always)
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

    private static func areEqual(
        _ one: UnsafeRawBufferPointer, _ other: [UInt8], _ count: Int
    ) -> Bool {
        unsafe count == 0 || memcmp(one.baseAddress!, other, count) == 0
    }

    /// Returns a negative number if these bytes sort before others, 0 if they are equal.
    func order(to other: BorrowedBytes) -> Int {
        let common = Swift.min(count, other.count)
        let order =
            unsafe common == 0 ? 0 : memcmp(raw.baseAddress!, other.raw.baseAddress!, common)
        return order == 0 ? count - other.count : Int(order)
    }

    /// Returns true if these bytes sort before others.
    func isBefore(_ other: BorrowedBytes) -> Bool { order(to: other) < 0 }

    /// Returns XXH3 of the bytes.
    ///
    /// - Parameter seed: The hash of bytes that go before these, or 0.
    func hash(seed: UInt64 = 0) -> UInt64 { unsafe XXHash.hash(raw, seed: seed) }

    func append(to array: inout [UInt8]) { unsafe array.append(contentsOf: raw) }

    // MARK: Unaligned numbers

    /// Returns a little-endian number.
    @inline(__always)
    func number<N: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int = 0, as type: N.Type
    ) -> N {
        precondition(offset >= 0 && offset + MemoryLayout<N>.size <= count)
        return N(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Returns a little-endian number without a check of the bounds, which the caller has made.
    @inline(__always) @unsafe
    func unchecked(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
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
    @inline(__always) var startIndex: Int { 0 }
    @inline(__always) var endIndex: Int { unsafe raw.count }
    @inline(__always) var count: Int { unsafe raw.count }

    @inline(__always)
    subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count)
        return unsafe raw[position]
    }
}
