/// Bytes of a part of a segment.
struct Section: Sendable {
    private let source: MemoryBytes
    private let start: Int
    let count: Int

    static let empty = Section([])

    init(_ bytes: [UInt8]) {
        source = MemoryBytes(bytes)
        start = 0
        count = bytes.count
    }

    /// Returns bytes that are valid while this section lives.
    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw damage }
        return source.all.slice(start + range.lowerBound..<start + range.upperBound)
    }

    /// The error of contents that cannot be, although their checksums are right.
    var damage: StoreError { StoreError("a segment is damaged: its contents do not fit together") }
}

/// Bytes in memory that do not move.
@safe final class MemoryBytes: Sendable {
    // They are written only before the end of `init`.
    nonisolated(unsafe) private let raw: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
        unsafe raw = .allocate(byteCount: bytes.count, alignment: 64)
        unsafe raw.copyBytes(from: bytes)
    }

    deinit { unsafe raw.deallocate() }

    var all: BorrowedBytes { unsafe BorrowedBytes(UnsafeRawBufferPointer(raw)) }
}

/// A receiver of a section from its beginning to its end.
protocol SectionSink {
    var count: Int { get }
    mutating func append(_ bytes: [UInt8]) throws(StoreError)
}

/// A section that stays in memory.
struct MemorySink: SectionSink {
    private(set) var bytes: [UInt8] = []
    var count: Int { bytes.count }

    mutating func append(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
}
