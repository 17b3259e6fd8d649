internal import VectorKernels

/// The entries of a list that do not fill a block.
enum PostingRest {
    /// Reads entries.
    ///
    /// - Parameters:
    ///   - next: The least slot of the first entry.
    ///   - end: All slots are below it.
    ///   - slots: Receives the slots; has room for them.
    ///   - frequencies: Receives the frequencies; has room for them.
    /// - Returns: False if the bytes cannot be such entries.
    static func read(
        _ data: BorrowedBytes, _ count: Int, from next: UInt64, below end: Int,
        _ slots: UnsafeMutablePointer<UInt32>, _ frequencies: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        if count > PostingListWriter.fewest {
            unsafe readCodes(data, count, next, end, slots, frequencies)
        } else {
            unsafe readFew(data, count, next, end, slots, frequencies)
        }
    }

    private static func readCodes(
        _ data: BorrowedBytes, _ count: Int, _ next: UInt64, _ end: Int,
        _ slots: UnsafeMutablePointer<UInt32>, _ frequencies: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        guard let lower = data.first, lower < 32 else { return false }
        let isRead = unsafe data.slice(1..<data.count).withRaw { codes in
            guard let start = codes.baseAddress else { return false }
            return unsafe hector_read_rice_pairs(
                start.assumingMemoryBound(to: UInt8.self), codes.count, Int32(lower),
                Int32(RiceCode.longest), count, slots, frequencies)
        }
        guard isRead else { return false }
        var next = next
        for number in 0..<count {
            next += unsafe UInt64(slots[number])
            guard next < end else { return false }
            unsafe slots[number] = UInt32(truncatingIfNeeded: next)
            unsafe frequencies[number] &+= 1
            next += 1
        }
        return true
    }

    private static func readFew(
        _ data: BorrowedBytes, _ count: Int, _ next: UInt64, _ end: Int,
        _ slots: UnsafeMutablePointer<UInt32>, _ frequencies: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        var next = next
        var place = 0
        for number in 0..<count {
            guard let coded = Varint.read(data, &place), coded >> 1 < end else { return false }
            let slot = next + coded >> 1
            guard slot < end else { return false }
            next = slot + 1
            unsafe slots[number] = UInt32(slot)
            unsafe frequencies[number] = 1
            if coded & 1 == 1 {
                guard let more = Varint.read(data, &place) else { return false }
                unsafe frequencies[number] = UInt32(truncatingIfNeeded: more) &+ 2
            }
        }
        return true
    }
}
