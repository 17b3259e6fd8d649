/// A set of slots with a bit for each.
struct SlotMask: Sendable, Equatable {
    private(set) var words: [UInt64]
    /// The number of slots in the set.
    private(set) var count = 0

    /// Makes an empty set.
    ///
    /// - Parameter slots: The slots are those below this number.
    init(slots: Int) { words = [UInt64](repeating: 0, count: (slots + 63) / 64) }

    /// - Parameter words: 64 slots each, the first in the lowest bit.
    init(words: [UInt64]) {
        self.words = words
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    func contains(_ slot: Int) -> Bool { words[slot / 64] >> UInt64(slot % 64) & 1 == 1 }

    /// - Returns: True if the slot was not in the set.
    @discardableResult
    mutating func insert(_ slot: Int) -> Bool {
        let bit = UInt64(1) << UInt64(slot % 64)
        if words[slot / 64] & bit != 0 { return false }
        words[slot / 64] |= bit
        count += 1
        return true
    }

    var slots: [UInt32] {
        var slots: [UInt32] = []
        slots.reserveCapacity(count)
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                slots.append(UInt32(place * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return slots
    }
}
