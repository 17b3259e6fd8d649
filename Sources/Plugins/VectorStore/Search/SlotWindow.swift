/// A part of a segment's slots, which is searched at a time.
struct SlotWindow {
    /// The most slots, a multiple of 64.
    static let size = 8192

    /// The place of the segment.
    let segment: Int
    /// The place among the segment's windows.
    let number: Int
    /// The number of slots.
    let count: Int

    static func count(for slots: Int) -> Int { (slots + size - 1) / size }

    /// - Parameter slots: The number of all slots of the segment.
    init(_ number: Int, ofSegment segment: Int, slots: Int) {
        self.segment = segment
        self.number = number
        count = min(Self.size, slots - number * Self.size)
    }

    var first: Int { number * Self.size }
    /// The first block of 16 slots.
    var firstBlock: Int { first / 16 }
    var blocks: Int { (count + 15) / 16 }
    var words: Int { (count + 63) / 64 }
}

/// A bit for each slot of a window.
struct WindowSlots {
    private(set) var words: [UInt64] = Array(repeating: 0, count: SlotWindow.size / 64)

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func bits(ofBlock block: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: words[block / 4] >> UInt64(block % 4 * 16))
    }

    /// - Parameter place: In the window.
    func contains(_ place: Int) -> Bool { words[place / 64] >> UInt64(place % 64) & 1 == 1 }

    subscript(word: Int) -> UInt64 {
        get { words[word] }
        set { words[word] = newValue }
    }

    mutating func clear() {
        for word in words.indices { words[word] = 0 }
    }

    mutating func formUnion(_ other: WindowSlots) {
        for word in words.indices { words[word] |= other.words[word] }
    }

    /// Sets the slots of a window that live.
    mutating func set(_ window: SlotWindow, of part: LiveSegment) {
        let first = window.first / 64
        let dead = part.dead.words
        for word in words.indices {
            let rest = window.count - word * 64
            let all = rest >= 64 ? UInt64.max : rest > 0 ? (1 << UInt64(rest)) - 1 : 0
            words[word] = all == 0 ? 0 : all & ~dead[first + word]
        }
    }

    mutating func formIntersection(_ set: SlotSet, _ window: SlotWindow) {
        let first = window.first / 64
        for word in 0..<window.words { words[word] &= set.words[first + word] }
    }
}
