/// The best entries of those offered: the highest scores, and for equal scores the first ids.
struct BestSlots {
    struct Entry {
        let score: Double
        let id: [UInt8]
        let place: SlotReference

        /// Returns true if this entry comes before another.
        func isBetter(than other: Entry) -> Bool {
            if score != other.score { return score > other.score }
            return id.lexicographicallyPrecedes(other.id)
        }
    }

    private let limit: Int

    /// The best entries, best first.
    private(set) var entries: [Entry] = []

    /// - Parameter limit: The most entries to keep; at least 1.
    init(limit: Int) { self.limit = limit }

    /// The score that an entry needs to be kept, or nil while there is room.
    var threshold: Double? { entries.count < limit ? nil : entries[limit - 1].score }

    mutating func offer(_ entry: Entry) {
        if let last = entries.last, entries.count == limit {
            guard entry.isBetter(than: last) else { return }
            entries.removeLast()
        }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entry.isBetter(than: entries[middle]) { high = middle } else { low = middle + 1 }
        }
        entries.insert(entry, at: low)
    }
}
