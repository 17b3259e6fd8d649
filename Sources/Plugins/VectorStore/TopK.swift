/// The best few of what has been offered: the highest scores, and of equal ones the first ids.
struct TopK {
    struct Entry {
        let score: Double
        let id: String
        let slot: UInt32

        /// Whether this is found before another.
        func isBetter(than other: Entry) -> Bool {
            if score != other.score { return score > other.score }
            return id.utf8.lexicographicallyPrecedes(other.id.utf8)
        }
    }

    private let limit: Int
    // A heap: each entry is no better than the two at twice its place.
    private var heap: [Entry] = []

    /// - Parameter limit: At least 1.
    init(limit: Int) { self.limit = limit }

    /// The score an entry needs to be kept, or nil while there is room.
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
