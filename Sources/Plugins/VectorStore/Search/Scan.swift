/// The records of a collection in the order of their ids.
struct Scan {
    private let state: State
    private let parts: [LiveSegment]
    /// The next place of each segment's order.
    private var places: [Int] = []
    /// The id of the last record that was returned.
    private(set) var last: [UInt8]

    /// - Parameter id: The records begin behind this id.
    init(
        _ state: State, _ collection: State.Collection, after id: [UInt8]
    ) throws(StoreError) {
        self.state = state
        parts = collection.segments
        last = id
        for part in parts { places.append(try part.segment.ids.place(after: id)) }
    }

    mutating func next() throws(StoreError) -> Frame? {
        var least: (part: Int, slot: Int, id: BorrowedBytes)?
        for index in parts.indices {
            guard let slot = try skipDead(index) else { continue }
            let id = try parts[index].segment.ids.id(of: slot)
            if let other = least, other.id.isBefore(id) { continue }
            least = (index, slot, id)
        }
        guard let least else { return nil }
        places[least.part] += 1
        last = least.id.array
        return try state.record(of: least.slot, in: parts[least.part].segment)
    }

    /// Returns the next slot of a segment that lives.
    private mutating func skipDead(_ index: Int) throws(StoreError) -> Int? {
        let part = parts[index]
        while places[index] < part.segment.count {
            let slot = try part.segment.ids.slot(at: places[index])
            guard slot < part.segment.count else { throw part.segment.codes.damage }
            if !part.dead.contains(UInt32(slot)) { return slot }
            places[index] += 1
        }
        return nil
    }
}
