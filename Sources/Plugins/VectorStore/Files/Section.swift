/// The bytes of a part of a segment.
struct Section: Sendable {
    private let memory: Memory

    @safe private final class Memory: Sendable {
        // Written only while it is made.
        nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

        init(_ bytes: [UInt8]) {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            unsafe copy.copyBytes(from: bytes)
            unsafe self.bytes = UnsafeRawBufferPointer(copy)
        }

        deinit { unsafe bytes.deallocate() }
    }

    init(_ bytes: [UInt8]) { memory = Memory(bytes) }

    var count: Int { unsafe memory.bytes.count }

    /// Returns bytes that are valid while this section lives.
    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw StoreError("a segment is damaged")
        }
        return unsafe BorrowedBytes(UnsafeRawBufferPointer(rebasing: memory.bytes[range]))
    }
}

/// A receiver of a section, from its beginning to its end.
protocol SectionSink {
    /// The number of bytes received.
    var count: Int { get }

    mutating func append(_ bytes: [UInt8]) throws(StoreError)
}

/// A section in memory.
struct MemorySink: SectionSink {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func append(_ bytes: [UInt8]) throws(StoreError) { self.bytes += bytes }
}
