/// The writing of the slots that have a term, with its frequency in each.
///
/// Each 128 of them make a block: the distances of the slots, then the frequencies, packed. The
/// rest are Rice codes, or varints if there are only two. A table at the end has, for each block, its last slot, its end, the greatest
/// frequency and the least length of a document: what bounds the score of all in it, whatever the
/// average length is by then.
struct PostingListWriter {
    static let blockCount = PackedNumbers.count
    /// The size of a block's row in the table: slot, end, greatest frequency, code of the length.
    static let rowSize = 10

    /// So many slots, or fewer, are shorter as varints.
    static let fewest = 2

    /// The codes of the lengths of all documents.
    private let lengths: [UInt8]

    /// The bytes that were not taken yet.
    private(set) var output: [UInt8] = []
    private var taken = 0

    private var slots: [UInt32] = []
    private var frequencies: [UInt32] = []
    private var gaps: [UInt32] = []
    private var table: [UInt8] = []
    private var count = 0
    /// The slot after the last one of the last block.
    private var next: UInt32 = 0

    init(lengths: [UInt8]) {
        self.lengths = lengths
        slots.reserveCapacity(Self.blockCount)
        frequencies.reserveCapacity(Self.blockCount)
    }

    /// - Parameters:
    ///   - slot: Higher than the one before, and one that has a length.
    ///   - frequency: At least 1.
    mutating func add(_ slot: UInt32, _ frequency: UInt32) {
        slots.append(slot)
        frequencies.append(frequency)
        count += 1
        if slots.count == Self.blockCount { endBlock() }
    }

    private mutating func endBlock() {
        gaps.removeAll(keepingCapacity: true)
        var greatest: UInt32 = 0
        var least = UInt8.max
        for place in slots.indices {
            let slot = slots[place]
            gaps.append(slot - next)
            next = slot + 1
            frequencies[place] -= 1
            greatest = max(greatest, frequencies[place])
            least = min(least, lengths[Int(slot)])
        }
        PackedNumbers.append(gaps, to: &output)
        PackedNumbers.append(frequencies, to: &output)
        table.append(number: next - 1)
        table.append(number: UInt32(taken + output.count))
        // 255 stands for any frequency above 254.
        table.append(UInt8(min(greatest + 1, 255)))
        table.append(least)
        slots.removeAll(keepingCapacity: true)
        frequencies.removeAll(keepingCapacity: true)
    }

    /// Writes what does not fill a block.
    private mutating func endRest() {
        gaps.removeAll(keepingCapacity: true)
        for slot in slots {
            gaps.append(slot - next)
            next = slot + 1
        }
        if slots.count > Self.fewest {
            let lower = RiceCode.bestLower(gaps)
            var bits = BitWriter()
            for (gap, frequency) in zip(gaps, frequencies) {
                bits.append(gap, lower: lower)
                bits.append(frequency - 1, lower: 0)
            }
            bits.finish()
            output.append(UInt8(lower))
            output += bits.bytes
        } else {
            for (gap, frequency) in zip(gaps, frequencies) {
                Varint.append(UInt64(gap) << 1 | (frequency > 1 ? 1 : 0), to: &output)
                if frequency > 1 { Varint.append(UInt64(frequency - 2), to: &output) }
            }
        }
    }

    /// Returns the bytes so far.
    mutating func take() -> [UInt8] {
        let bytes = output
        taken += bytes.count
        output.removeAll(keepingCapacity: true)
        return bytes
    }

    /// Ends the list, and starts another.
    ///
    /// - Returns: The number of its slots, and its size in bytes, those taken included.
    mutating func end() -> (count: Int, size: Int) {
        endRest()
        output += table
        let result = (count, taken + output.count)
        slots.removeAll(keepingCapacity: true)
        frequencies.removeAll(keepingCapacity: true)
        table.removeAll(keepingCapacity: true)
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
