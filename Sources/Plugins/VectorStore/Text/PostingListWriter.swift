/// The writing of the slots that have a term, with its frequency in each.
///
/// Each 128 of them make a block: the distances of the slots, then the frequencies, packed. The
/// rest are Rice codes, or varints if there are only two. A table at the end has, for each block, its last slot, its end, the greatest
/// frequency and the least length of a document: what bounds the score of all in it, whatever the
/// average length is by then.
@safe struct PostingListWriter: ~Copyable {
    static let blockCount = PackedNumbers.count
    /// The size of a block's row in the table: slot, end, greatest frequency, code of the length.
    static let rowSize = 10

    /// So many slots, or fewer, are shorter as varints.
    static let fewest = 2

    /// The codes of the lengths of all documents.
    private let lengths: [UInt8]

    /// The bytes that were not taken yet.
    private(set) var output = ByteBuffer(capacity: 1 << 16)
    private var taken = 0

    /// The distances of the slots that are not in a block yet, and their frequencies less 1.
    private let gaps: UnsafeMutablePointer<UInt32>
    private let frequencies: UnsafeMutablePointer<UInt32>
    private var held = 0
    private var table = ByteBuffer()
    private var count = 0
    /// The slot after the last one.
    private var next: UInt32 = 0
    /// The greatest frequency less 1, and the least length, of those that are not in a block yet.
    private var greatest: UInt32 = 0
    private var least = UInt8.max

    init(lengths: [UInt8]) {
        self.lengths = lengths
        unsafe gaps = .allocate(capacity: Self.blockCount)
        unsafe frequencies = .allocate(capacity: Self.blockCount)
        unsafe gaps.initialize(repeating: 0, count: Self.blockCount)
        unsafe frequencies.initialize(repeating: 0, count: Self.blockCount)
    }

    deinit {
        unsafe gaps.deallocate()
        unsafe frequencies.deallocate()
    }

    /// - Parameters:
    ///   - slot: Higher than the one before, and one that has a length.
    ///   - frequency: At least 1.
    @inline(__always)
    mutating func add(_ slot: UInt32, _ frequency: UInt32) {
        unsafe gaps[held] = slot &- next
        unsafe frequencies[held] = frequency &- 1
        next = slot &+ 1
        greatest = max(greatest, frequency &- 1)
        least = min(least, lengths[Int(slot)])
        held += 1
        if held == Self.blockCount { endBlock() }
    }

    @inline(never)
    private mutating func endBlock() {
        unsafe PackedNumbers.append(gaps, to: &output)
        unsafe PackedNumbers.append(frequencies, to: &output)
        table.reserve(Self.rowSize)
        table.append(UInt64(next - 1), bytes: 4)
        table.append(UInt64(taken + output.count), bytes: 4)
        // 255 stands for any frequency above 254.
        table.append(UInt8(min(greatest, 254) + 1))
        table.append(least)
        startBlock()
    }

    private mutating func startBlock() {
        count += held
        held = 0
        greatest = 0
        least = .max
    }

    /// Writes what does not fill a block.
    private mutating func endRest() {
        if held > Self.fewest {
            output.reserve(1 + held * 2 * (RiceCode.most / 8 + 1))
            let lower = unsafe RiceCode.bestLower(gaps, count: held)
            output.append(UInt8(lower))
            var bits = BitWriter()
            for place in 0..<held {
                unsafe bits.append(gaps[place], lower: lower, to: &output)
                unsafe bits.append(frequencies[place], lower: 0, to: &output)
            }
            bits.finish(&output)
        } else {
            output.reserve(Self.fewest * 20)
            for place in 0..<held {
                let more = unsafe frequencies[place]
                unsafe output.append(varint: UInt64(gaps[place]) << 1 | (more > 0 ? 1 : 0))
                if more > 0 { output.append(varint: UInt64(more - 1)) }
            }
        }
        startBlock()
    }

    /// Returns the bytes so far.
    mutating func take() -> [UInt8] {
        let bytes = output.bytes
        taken += bytes.count
        output.removeAll()
        return bytes
    }

    /// Ends the list, and starts another.
    ///
    /// - Returns: The number of its slots, and its size in bytes, those taken included.
    mutating func end() -> (count: Int, size: Int) {
        endRest()
        if table.count > 0 {
            output.append(table)
            table.removeAll()
        }
        let result = (count, taken + output.count)
        // What was not taken stays, and belongs to the list before.
        taken = -output.count
        count = 0
        next = 0
        return result
    }
}

extension [UInt8] {
    /// Appends a number with its lowest byte first.
    mutating func append(number: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: number.littleEndian) {
            unsafe append(contentsOf: $0)
        }
    }
}
