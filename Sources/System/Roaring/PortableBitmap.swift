/// A bitmap in Roaring's portable form, read where it lies.
///
/// The form is a cookie, the high halves of the numbers with how many numbers share each, and for
/// each high half a container of the low halves: an array, 65,536 bits, or runs.
package struct PortableBitmap {
    private let bytes: UnsafeRawBufferPointer

    /// - Parameter bytes: Any bytes, valid as long as this is used.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// A part of the numbers.
    package enum Part {
        case number(UInt32)
        case range(ClosedRange<UInt32>)
        /// The numbers of the bits that are set, counted from `first`, a multiple of 64.
        case bits(UInt64, first: UInt32)
    }

    /// Throws an error unless all of the bytes are one valid bitmap.
    package func check() throws(BitmapError) {
        try forEachPart { _ throws(BitmapError) in }
    }

    /// Calls `body` with the parts in ascending order, each after it has been checked.
    package func forEachPart(_ body: (Part) throws(BitmapError) -> Void) throws(BitmapError) {
        var reader = Reader(bytes: bytes)
        let header = try Header(&reader)
        var lastKey = -1
        for container in 0..<header.count {
            let key = try header.number(2 * container, bytes)
            let count = try header.number(2 * container + 1, bytes) + 1
            guard key > lastKey else { throw BitmapError(problem: "its containers are not sorted") }
            lastKey = key
            let first = UInt32(key) << 16
            if header.isRun(container, bytes) {
                try Self.runs(&reader, first, count, body)
            } else if count <= Self.longestArray {
                try Self.array(&reader, first, count, body)
            } else {
                try Self.bits(&reader, first, count, body)
            }
        }
        guard reader.offset == bytes.count else {
            throw BitmapError(problem: "bytes follow its end")
        }
    }

    /// The most numbers of a container that is an array.
    private static let longestArray = 4096

    private static func array(
        _ reader: inout Reader, _ first: UInt32, _ count: Int,
        _ body: (Part) throws(BitmapError) -> Void
    ) throws(BitmapError) {
        var last = -1
        for _ in 0..<count {
            let low = try reader.number(as: UInt16.self)
            guard Int(low) > last else { throw BitmapError(problem: "an array is not sorted") }
            last = Int(low)
            try body(.number(first | UInt32(low)))
        }
    }

    private static func bits(
        _ reader: inout Reader, _ first: UInt32, _ count: Int,
        _ body: (Part) throws(BitmapError) -> Void
    ) throws(BitmapError) {
        var found = 0
        for word in 0..<UInt32(1024) {
            let bits = try reader.number(as: UInt64.self)
            found += bits.nonzeroBitCount
            if bits != 0 { try body(.bits(bits, first: first + word * 64)) }
        }
        guard found == count else { throw BitmapError(problem: "a count is wrong") }
    }

    private static func runs(
        _ reader: inout Reader, _ first: UInt32, _ count: Int,
        _ body: (Part) throws(BitmapError) -> Void
    ) throws(BitmapError) {
        var found = 0
        var end = -1
        for _ in 0..<(try reader.number(as: UInt16.self)) {
            let start = Int(try reader.number(as: UInt16.self))
            let length = Int(try reader.number(as: UInt16.self))
            // Runs next to each other would be one.
            guard start > end, start + length <= 0xFFFF else {
                throw BitmapError(problem: "its runs are not sorted")
            }
            end = start + length + 1
            found += length + 1
            try body(.range(first + UInt32(start)...first + UInt32(start + length)))
        }
        guard found == count else { throw BitmapError(problem: "a count is wrong") }
    }
}

/// The start of a portable bitmap: the number of its containers, and the places of what is said
/// about each.
private struct Header {
    let count: Int
    /// The offset of one bit for each container, if some are runs.
    private let runs: Int?
    /// The offset of the keys and counts.
    private let keys: Int

    private static let cookie = 12346
    private static let cookieWithRuns = 12347
    /// Offsets are left out if there are runs and fewer containers than this.
    private static let fewestWithOffsets = 4

    init(_ reader: inout Reader) throws(BitmapError) {
        let cookie = Int(try reader.number(as: UInt32.self))
        if cookie & 0xFFFF == Self.cookieWithRuns {
            count = cookie >> 16 + 1
            runs = reader.offset
            try reader.skip((count + 7) / 8)
        } else if cookie == Self.cookie {
            count = Int(try reader.number(as: UInt32.self))
            runs = nil
        } else {
            throw BitmapError(problem: "it does not begin as one")
        }
        guard count <= 1 << 16 else { throw BitmapError(problem: "it has too many containers") }
        keys = reader.offset
        try reader.skip(4 * count)
        // The containers follow each other, so that their offsets say nothing new. The library
        // skips them, too.
        if runs == nil || count >= Self.fewestWithOffsets { try reader.skip(4 * count) }
    }

    /// Returns a number of the list of keys and counts.
    func number(_ index: Int, _ bytes: UnsafeRawBufferPointer) throws(BitmapError) -> Int {
        var reader = Reader(bytes: bytes, offset: keys + 2 * index)
        return Int(try reader.number(as: UInt16.self))
    }

    func isRun(_ container: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        runs.map { bytes[$0 + container / 8] >> UInt8(container % 8) & 1 == 1 } ?? false
    }
}

/// Reads numbers, the lowest byte first, and does not read beyond the end.
private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func number<N: FixedWidthInteger & BitwiseCopyable>(
        as type: N.Type
    ) throws(BitmapError) -> N {
        let start = offset
        try skip(MemoryLayout<N>.size)
        return N(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: type))
    }

    mutating func skip(_ count: Int) throws(BitmapError) {
        guard count <= bytes.count - offset else { throw BitmapError(problem: "it is cut off") }
        offset += count
    }
}
