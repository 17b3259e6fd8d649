extension PostingReader {
    /// Returns the number of slots of the list that are dead, and goes back to the first slot.
    ///
    /// - Parameter dead: Slots of the same segment.
    func count(dead: DeadSlots) throws(StoreError) -> Int {
        var found = 0
        // A jump costs about as much as this many steps.
        if dead.slots.count * 16 < count {
            for target in dead.slots {
                if slot != target { try seek(target) }
                if slot == target { found += 1 }
            }
        } else {
            try seek(0)
            while slot != Self.end {
                if dead.mask.contains(Int(slot)) { found += 1 }
                try advance()
            }
        }
        try seek(0)
        return found
    }
}

/// The dead slots of a segment, for the statistics of its texts: records that are no longer there
/// must not make words more common.
struct DeadSlots {
    let mask: SlotMask
    /// Those with a text, in order.
    let slots: [UInt32]
    /// The sum of the lengths of their texts, in words.
    let totalLength: Int

    /// - Parameter lengths: The codes of the lengths of the segment's texts; none if it has no text.
    init(_ mask: SlotMask, lengths: BorrowedBytes) {
        self.mask = mask
        slots = mask.slots.filter { Int($0) < lengths.count && lengths[Int($0)] > 0 }
        totalLength = slots.reduce(0) { $0 + Int(DocumentLength.lengths[Int(lengths[Int($1)])]) }
    }
}
