internal import VectorKernels

/// A reading of a posting list, from its beginning to its end or with jumps.
///
/// It belongs to one thread, and is valid while the index's section lives.
@safe final class PostingReader {
    /// The slot after the last one.
    static let end = UInt32.max

    /// The number of slots of the list.
    let count: Int

    private let index: TextIndex
    private let bytes: BorrowedBytes
    /// The number of full blocks; another of fewer slots may follow.
    private let fullBlocks: Int
    let blocks: Int
    private let tableStart: Int

    /// The unpacked block.
    private let slots: UnsafeMutablePointer<UInt32>
    private let frequencies: UnsafeMutablePointer<UInt32>
    private var block = -1
    private var blockCount = 0
    private var place = 0
    /// The place of the block's frequencies if they were not unpacked yet.
    private var packedFrequencies: Int?

    /// The slot that was reached, or `end`.
    private(set) var slot: UInt32 = 0

    /// The bounds of the last block, which the table does not have.
    private var lastBounds: (greatest: UInt32, least: UInt8) = (1, 0)
    private var lastSlot: UInt32 = 0

    /// - Parameter begins: False for a reading that begins with a jump.
    init(
        _ index: TextIndex, _ entry: TextIndex.Entry, begins: Bool = true
    ) throws(StoreError) {
        self.index = index
        count = entry.count
        bytes = try index.bytes(of: entry)
        fullBlocks = count / PostingListWriter.blockCount
        blocks = fullBlocks + (count % PostingListWriter.blockCount > 0 ? 1 : 0)
        tableStart = bytes.count - fullBlocks * PostingListWriter.rowSize
        unsafe slots = Self.memory()
        unsafe frequencies = slots + PostingListWriter.blockCount
        guard tableStart >= 0 else { throw index.damage }
        if blocks > fullBlocks {
            try load(blocks - 1)
            let codes = try index.lengthCodes()
            var greatest: UInt32 = 0
            var least = UInt8.max
            for place in 0..<blockCount {
                greatest = unsafe max(greatest, frequencies[place])
                least = unsafe min(least, codes[Int(slots[place])])
            }
            lastBounds = (greatest, least)
            lastSlot = unsafe slots[blockCount - 1]
        }
        if begins {
            try load(0)
            slot = unsafe slots[0]
        } else {
            slot = Self.end
        }
    }

    /// Begins another reading of the same list, for another thread.
    init(_ other: PostingReader) {
        index = other.index
        count = other.count
        bytes = other.bytes
        fullBlocks = other.fullBlocks
        blocks = other.blocks
        tableStart = other.tableStart
        lastBounds = other.lastBounds
        lastSlot = other.lastSlot
        unsafe slots = Self.memory()
        unsafe frequencies = slots + PostingListWriter.blockCount
        // No block is there yet, so that the first jump loads one.
        blockCount = 0
        slot = Self.end
    }

    deinit { unsafe slots.deallocate() }

    /// Returns room for the slots and the frequencies of a block.
    private static func memory() -> UnsafeMutablePointer<UInt32> {
        let memory = UnsafeMutablePointer<UInt32>.allocate(
            capacity: 2 * PostingListWriter.blockCount)
        unsafe memory.initialize(repeating: 0, count: 2 * PostingListWriter.blockCount)
        return unsafe memory
    }

    var frequency: UInt32 { unsafe frequencies[place] }

    var damage: StoreError { index.damage }

    // MARK: Blocks

    /// The last slot of a block.
    @inline(__always)
    func lastSlot(ofBlock block: Int) -> UInt32 {
        if block >= fullBlocks { return lastSlot }
        return bytes.number(
            at: tableStart + block * PostingListWriter.rowSize, as: UInt32.self)
    }

    /// The greatest frequency and the code of the least length in a block. `UInt32.max` stands for
    /// a frequency that is too great for the table.
    func bounds(ofBlock block: Int) -> (greatest: UInt32, least: UInt8) {
        if block >= fullBlocks { return lastBounds }
        let row = tableStart + block * PostingListWriter.rowSize
        let greatest = bytes[row + 8]
        return (greatest == 255 ? .max : UInt32(greatest), bytes[row + 9])
    }

    private func end(ofBlock block: Int) -> Int {
        if block < 0 { return 0 }
        if block >= fullBlocks { return tableStart }
        return Int(
            bytes.number(
                at: tableStart + block * PostingListWriter.rowSize + 4, as: UInt32.self))
    }

    /// Unpacks a block.
    ///
    /// - Parameter isLazy: True to unpack its frequencies when one is needed.
    private func load(_ block: Int, isLazy: Bool = false) throws(StoreError) {
        if block != self.block { try loadSlots(block) }
        if !isLazy { try loadFrequencies() }
    }

    private func loadFrequencies() throws(StoreError) {
        guard var place = packedFrequencies else { return }
        packedFrequencies = nil
        guard unsafe PackedNumbers.read(bytes, &place, into: frequencies) else {
            throw index.damage
        }
        for number in 0..<blockCount { unsafe frequencies[number] &+= 1 }
    }

    private func loadSlots(_ block: Int) throws(StoreError) {
        let (start, end) = (end(ofBlock: block - 1), end(ofBlock: block))
        guard start <= end, end <= tableStart else { throw index.damage }
        let data = bytes.slice(start..<end)
        var next = block == 0 ? 0 : UInt64(lastSlot(ofBlock: block - 1)) + 1
        self.block = block
        if block < fullBlocks {
            blockCount = PostingListWriter.blockCount
            var place = 0
            guard unsafe PackedNumbers.read(data, &place, into: slots) else { throw index.damage }
            // The gaps add up in 64 bits, which they cannot leave.
            next = unsafe hector_add_up(slots, blockCount, next)
            packedFrequencies = start + place
            guard next == UInt64(lastSlot(ofBlock: block)) + 1, next <= index.slots else {
                throw index.damage
            }
        } else {
            packedFrequencies = nil
            blockCount = count % PostingListWriter.blockCount
            let isRead = unsafe PostingRest.read(
                data, blockCount, from: next, below: index.slots, slots, frequencies)
            guard isRead else { throw index.damage }
        }
    }

    // MARK: Movement

    /// Goes to the next slot.
    func advance() throws(StoreError) {
        place += 1
        try loadFrequencies()
        if place == blockCount {
            if block + 1 == blocks {
                place = 0
                slot = Self.end
                return
            }
            try load(block + 1)
            place = 0
        }
        slot = unsafe slots[place]
    }

    /// Goes to the first slot that is `target` or after it. It may be before where the reading is.
    func seek(_ target: UInt32) throws(StoreError) {
        try seek(target, isLazy: false)
    }

    private func seek(_ target: UInt32, isLazy: Bool) throws(StoreError) {
        let block = firstBlock(reaching: target, from: 0)
        guard block < blocks else {
            slot = Self.end
            return
        }
        try load(block, isLazy: isLazy)
        var low = 0
        var high = blockCount - 1
        while low < high {
            let middle = (low + high) / 2
            if unsafe slots[middle] < target { low = middle + 1 } else { high = middle }
        }
        place = low
        slot = unsafe slots[low]
    }

    /// The first block whose last slot is `target` or after it, or the number of blocks.
    func firstBlock(reaching target: UInt32, from first: Int) -> Int {
        // Most often it is the block that is there, or the next.
        var low = first
        var high = blocks
        if block >= first {
            if lastSlot(ofBlock: block) < target {
                low = block + 1
            } else if block == 0 || lastSlot(ofBlock: block - 1) < target {
                return block
            } else {
                high = block
            }
        }
        while low < high {
            let middle = (low + high) / 2
            if lastSlot(ofBlock: middle) < target { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls `receive` with the slots from here to before `end`, block by block, and goes there.
    ///
    /// - Parameter receive: Receives slots, their frequencies, and their number.
    func read(
        before end: UInt32,
        _ receive: (UnsafePointer<UInt32>, UnsafePointer<UInt32>, Int) -> Void
    ) throws(StoreError) {
        while slot < end {
            var stop = blockCount
            if unsafe slots[blockCount - 1] >= end {
                stop = place
                while unsafe slots[stop] < end { stop += 1 }
            }
            unsafe receive(slots + place, frequencies + place, stop - place)
            place = stop - 1
            try advance()
        }
    }

    /// Returns the number of slots of the list that a set has. The place of the reading changes.
    func countSlots(in set: SlotSet) throws(StoreError) -> Int {
        guard set.words.count * 64 >= index.slots else { throw index.damage }
        var found = 0
        for block in 0..<blocks {
            try load(block, isLazy: true)
            // Slots are below the number of the index.
            found += unsafe hector_count_set(slots, blockCount, set.words)
        }
        place = 0
        slot = Self.end
        return found
    }

    /// The frequency in a slot, or 0.
    func frequency(in target: UInt32) throws(StoreError) -> UInt32 {
        // Most of those that are asked for do not have the term.
        if slot != target { try seek(target, isLazy: true) }
        if slot != target { return 0 }
        try loadFrequencies()
        return frequency
    }
}
