/// The best entries of those offered: the highest scores, and for equal scores the first ids.
struct TopK {
    struct Entry {
        let score: Double
        let id: String
        let segment: Int
        let slot: Int

        /// Returns true if this entry comes before another.
        func isBetter(than other: Entry) -> Bool {
            if score != other.score { return score > other.score }
            return id.utf8.lexicographicallyPrecedes(other.id.utf8)
        }
    }

    private let limit: Int
    // This is a heap: an entry is never better than its two children.
    private var heap: [Entry] = []

    /// - Parameter limit: The most entries to keep; at least 1.
    init(limit: Int) { self.limit = limit }

    /// The score that an entry needs to be kept, or nil while there is room.
    var threshold: Double? { heap.count < limit ? nil : heap[0].score }

    var best: [Entry] { heap.sorted { $0.isBetter(than: $1) } }

    mutating func offer(_ entry: Entry) {
        if heap.count < limit {
            heap.append(entry)
            rise(from: heap.count - 1)
        } else if entry.isBetter(than: heap[0]) {
            heap[0] = entry
            sink()
        }
    }

    private mutating func rise(from place: Int) {
        var place = place
        while place > 0, heap[(place - 1) / 2].isBetter(than: heap[place]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var worst = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if heap[worst].isBetter(than: heap[child]) { worst = child }
            }
            if worst == place { return }
            heap.swapAt(place, worst)
            place = worst
        }
    }
}
