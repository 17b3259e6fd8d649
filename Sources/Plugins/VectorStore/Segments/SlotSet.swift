import Roaring

/// A set of the slots of one segment, one bit for each.
struct SlotSet: Sendable, Equatable {
    /// The number of slots that the segment has.
    let universe: Int

    /// 64 slots each, the first in the lowest bit. Bits from `universe` on are never set.
    private(set) var words: [UInt64]

    init(universe: Int) {
        self.universe = universe
        words = [UInt64](repeating: 0, count: (universe + 63) / 64)
    }

    /// - Parameter words: As many as the slots need. Bits beyond the universe are cleared.
    init(words: [UInt64], universe: Int) {
        precondition(words.count == (universe + 63) / 64)
        self.universe = universe
        self.words = words
        clearRest()
    }

    static func all(_ universe: Int) -> SlotSet {
        var all = SlotSet(universe: universe)
        all.invert()
        return all
    }

    /// Makes a set of those numbers of a bitmap that are slots of the segment.
    init(_ bitmap: Bitmap, universe: Int) {
        self.init(universe: universe)
        for slot in bitmap.numbers where Int(slot) < universe { insert(slot) }
    }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The memory that it takes, in bytes.
    var size: Int { words.count * MemoryLayout<UInt64>.size }

    func contains(_ slot: UInt32) -> Bool {
        words[Int(slot / 64)] >> UInt64(slot % 64) & 1 == 1
    }

    /// - Parameter slot: Less than the universe.
    mutating func insert(_ slot: UInt32) { words[Int(slot / 64)] |= 1 << UInt64(slot % 64) }

    /// - Parameter range: Within the universe.
    mutating func insert(_ range: ClosedRange<UInt32>) {
        let (first, last) = (Int(range.lowerBound / 64), Int(range.upperBound / 64))
        let start = UInt64.max << UInt64(range.lowerBound % 64)
        let end = UInt64.max >> UInt64(63 - range.upperBound % 64)
        if first == last {
            words[first] |= start & end
            return
        }
        words[first] |= start
        for word in first + 1..<last { words[word] = .max }
        words[last] |= end
    }

    /// - Parameters:
    ///   - bits: One for each slot from `first` on. Those beyond the universe are not set.
    ///   - first: A multiple of 64 less than the universe.
    mutating func insert(bits: UInt64, from first: UInt32) { words[Int(first / 64)] |= bits }

    mutating func remove(_ slot: UInt32) { words[Int(slot / 64)] &= ~(1 << UInt64(slot % 64)) }

    mutating func formUnion(_ other: SlotSet) { combine(other) { $0 | $1 } }

    mutating func formIntersection(_ other: SlotSet) { combine(other) { $0 & $1 } }

    mutating func subtract(_ other: SlotSet) { combine(other) { $0 & ~$1 } }

    /// Replaces this by the slots that it does not have.
    mutating func invert() {
        for place in words.indices { words[place] = ~words[place] }
        clearRest()
    }

    private mutating func clearRest() {
        let rest = universe % 64
        if rest > 0 { words[words.count - 1] &= 1 << UInt64(rest) - 1 }
    }

    /// - Parameter other: Of the same universe.
    private mutating func combine(_ other: SlotSet, _ combine: (UInt64, UInt64) -> UInt64) {
        precondition(universe == other.universe)
        for place in words.indices { words[place] = combine(words[place], other.words[place]) }
    }
}

extension SlotSet: Sequence {
    /// Goes through the slots in ascending order.
    struct Iterator: IteratorProtocol {
        fileprivate let words: [UInt64]
        fileprivate var place = 0
        fileprivate var bits: UInt64

        mutating func next() -> UInt32? {
            while bits == 0 {
                place += 1
                guard place < words.count else { return nil }
                bits = words[place]
            }
            defer { bits &= bits - 1 }
            return UInt32(place * 64 + bits.trailingZeroBitCount)
        }
    }

    func makeIterator() -> Iterator { Iterator(words: words, bits: words.first ?? 0) }
}
