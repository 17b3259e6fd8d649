extension TextIndex {
    /// Writes one index from several. Lists are read and written block by block.
    ///
    /// - Parameters:
    ///   - parts: Each index with the new slot of each old one, which is `UInt32.max` for a dead
    ///     one. New slots ascend, within a part and from part to part.
    ///   - count: The number of new slots.
    static func merge(
        _ parts: [(index: TextIndex, slots: [UInt32])], slots count: Int,
        to sink: inout some SectionSink
    ) throws(StoreError) {
        var lengths = [UInt8](repeating: 0, count: count)
        for (index, slots) in parts {
            let codes = try index.lengthCodes()
            for slot in 0..<min(codes.count, slots.count) where slots[slot] != .max {
                lengths[Int(slots[slot])] = codes[slot]
            }
        }
        var writer = TextIndexWriter(lengths: lengths)
        var list = ListReader()
        var readings: [Entries] = []
        // The next term of each part, and after the last one a number that no term has.
        var heads: [UInt64] = []
        var entries: [Entry?] = []
        for part in parts {
            var reading = try part.index.entries()
            let head = try reading.next()
            heads.append(head?.term ?? .max)
            entries.append(head?.entry)
            readings.append(reading)
        }
        while let term = heads.min(), term != .max {
            for place in heads.indices where heads[place] == term {
                let (index, slots) = parts[place]
                try list.start(index, entries[place]!)
                while try list.readBlock() {
                    for number in 0..<list.blockCount {
                        let (old, frequency) = list[number]
                        guard Int(old) < slots.count else { throw index.damage }
                        let slot = slots[Int(old)]
                        if slot != .max { try writer.add(slot, frequency, to: &sink) }
                    }
                }
                let head = try readings[place].next()
                heads[place] = head?.term ?? .max
                entries[place] = head?.entry
            }
            writer.end(term)
        }
        try writer.finish(&sink)
    }
}

/// A reading of whole posting lists, one after the other.
@safe private struct ListReader: ~Copyable {
    private var index = TextIndex.empty
    private var bytes = unsafe BorrowedBytes(UnsafeRawBufferPointer(start: nil, count: 0))
    private let slots: UnsafeMutablePointer<UInt32>
    private let frequencies: UnsafeMutablePointer<UInt32>
    /// The number of slots that are left, and the number of those in the block that was read.
    private var left = 0
    private(set) var blockCount = 0
    private var place = 0
    /// The slot after the last one.
    private var next: UInt64 = 0

    init() {
        unsafe slots = .allocate(capacity: PostingListWriter.blockCount)
        unsafe frequencies = .allocate(capacity: PostingListWriter.blockCount)
        unsafe slots.initialize(repeating: 0, count: PostingListWriter.blockCount)
        unsafe frequencies.initialize(repeating: 0, count: PostingListWriter.blockCount)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe frequencies.deallocate()
    }

    /// A slot of the block that was read, and the frequency in it.
    subscript(number: Int) -> (slot: UInt32, frequency: UInt32) {
        precondition(number >= 0 && number < PostingListWriter.blockCount)
        return unsafe (slots[number], frequencies[number])
    }

    mutating func start(_ index: TextIndex, _ entry: TextIndex.Entry) throws(StoreError) {
        self.index = index
        bytes = try index.bytes(of: entry)
        left = entry.count
        place = 0
        next = 0
    }

    /// Reads the next block. Returns false behind the last one.
    mutating func readBlock() throws(StoreError) -> Bool {
        if left == 0 { return false }
        blockCount = min(left, PostingListWriter.blockCount)
        left -= blockCount
        if blockCount == PostingListWriter.blockCount {
            try readFullBlock()
        } else if blockCount > PostingListWriter.fewest {
            try readCodes()
        } else {
            try readFew()
        }
        guard next <= UInt64(index.slots) else { throw index.damage }
        return true
    }

    private mutating func readFullBlock() throws(StoreError) {
        guard unsafe PackedNumbers.read(bytes, &place, into: slots),
            unsafe PackedNumbers.read(bytes, &place, into: frequencies)
        else { throw index.damage }
        for number in 0..<blockCount {
            next &+= unsafe UInt64(slots[number])
            unsafe slots[number] = UInt32(truncatingIfNeeded: next)
            unsafe frequencies[number] &+= 1
            next &+= 1
        }
    }

    private mutating func readCodes() throws(StoreError) {
        guard place < bytes.count, bytes[place] < 32 else { throw index.damage }
        let lower = Int(bytes[place])
        var bits = BitReader(bytes, from: place + 1)
        for number in 0..<blockCount {
            guard let gap = bits.read(lower: lower), let more = bits.read(lower: 0) else {
                throw index.damage
            }
            next &+= UInt64(gap)
            unsafe slots[number] = UInt32(truncatingIfNeeded: next)
            unsafe frequencies[number] = more &+ 1
            next &+= 1
        }
    }

    private mutating func readFew() throws(StoreError) {
        for number in 0..<blockCount {
            guard let coded = Varint.read(bytes, &place), coded >> 1 < index.slots else {
                throw index.damage
            }
            next &+= coded >> 1
            unsafe slots[number] = UInt32(truncatingIfNeeded: next)
            unsafe frequencies[number] = 1
            next &+= 1
            if coded & 1 == 1 {
                guard let more = Varint.read(bytes, &place) else { throw index.damage }
                unsafe frequencies[number] = UInt32(truncatingIfNeeded: more) &+ 2
            }
        }
    }
}
