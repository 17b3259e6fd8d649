extension PostingReader {
    /// Returns the number of slots of the list that are dead. The place of the reading changes.
    ///
    /// - Parameter dead: Slots of the same segment.
    func count(dead: DeadSlots) throws(StoreError) -> Int {
        // To look up one takes as long as to go through so many.
        if dead.slots.count * 64 >= count { return try countSlots(in: dead.all) }
        var found = 0
        for target in dead.slots where try frequency(in: target) > 0 { found += 1 }
        return found
    }
}

/// The dead slots of a segment, for the statistics of its texts: records that are no longer there
/// must not make words more common.
struct DeadSlots {
    let all: SlotSet
    /// Those with a text, in order.
    let slots: [UInt32]
    /// The sum of the lengths of their texts, in words.
    let totalLength: Int

    /// - Parameter lengths: The codes of the lengths of the segment's texts; none if it has no text.
    init(_ all: SlotSet, lengths: BorrowedBytes) {
        self.all = all
        slots = all.filter { Int($0) < lengths.count && lengths[Int($0)] > 0 }
        totalLength = slots.reduce(0) { $0 + Int(DocumentLength.lengths[Int(lengths[Int($1)])]) }
    }
}
