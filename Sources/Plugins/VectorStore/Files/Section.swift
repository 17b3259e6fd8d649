internal import Synchronization

/// Bytes of a part of a segment, whose checksums are verified before they are returned.
struct Section: Sendable {
    private let source: any SectionSource
    private let start: Int
    let count: Int

    static let empty = Section([])

    init(_ bytes: [UInt8]) { self.init(MemoryBytes(bytes), 0..<bytes.count) }

    init(_ source: any SectionSource, _ range: Range<Int>) {
        self.source = source
        start = range.lowerBound
        count = range.count
    }

    /// Returns bytes that are valid while this section lives.
    ///
    /// - Throws: An error if they are not those that were written.
    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw .damage(source.path, "its contents do not fit together")
        }
        return try source.bytes(start + range.lowerBound..<start + range.upperBound)
    }

    func number<N: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: N.Type
    ) throws(StoreError) -> N {
        try bytes(offset..<offset + MemoryLayout<N>.size).number(as: type)
    }

    func part(_ range: Range<Int>) throws(StoreError) -> Section {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw damage }
        return Section(source, start + range.lowerBound..<start + range.upperBound)
    }

    /// Tells the kernel that bytes will be read soon.
    func expect(_ range: Range<Int>) {
        let range = range.clamped(to: 0..<count)
        if !range.isEmpty { source.expect(start + range.lowerBound..<start + range.upperBound) }
    }

    /// The error of contents that cannot be, although their checksums are right.
    var damage: StoreError { .damage(source.path, "its contents do not fit together") }
}

/// The owner of the bytes of sections.
protocol SectionSource: Sendable {
    var path: String { get }
    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes
    func expect(_ range: Range<Int>)
}

/// Bytes in memory that do not move.
@safe final class MemoryBytes: SectionSource {
    let path: String
    // They are written only before the end of `init`.
    nonisolated(unsafe) private let raw: UnsafeMutableRawBufferPointer

    /// - Parameter path: The file that they were read from.
    init(_ bytes: [UInt8], path: String = "memory") {
        self.path = path
        unsafe raw = .allocate(byteCount: bytes.count, alignment: 64)
        unsafe raw.copyBytes(from: bytes)
    }

    deinit { unsafe raw.deallocate() }

    var all: BorrowedBytes { unsafe BorrowedBytes(UnsafeRawBufferPointer(raw)) }

    func bytes(_ range: Range<Int>) throws(StoreError) -> BorrowedBytes { all.slice(range) }

    func expect(_ range: Range<Int>) {}
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
