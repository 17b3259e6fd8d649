internal import VectorKernels

/// The vectors of a collection as a side of a search for words and a vector.
final class StoredVectors: VectorRanking {
    private let state: State
    private let collection: State.Collection
    private let query: VectorQuery
    private let nearest: [BestSlots.Entry]
    private let scan: CodeScan

    /// - Parameters:
    ///   - query: Its vector may be empty, which has no direction.
    ///   - nearest: The best records, best first.
    init(
        _ state: State, _ collection: State.Collection, _ query: VectorQuery,
        nearest: [BestSlots.Entry]
    ) {
        self.state = state
        self.collection = collection
        self.query = query
        self.nearest = nearest
        scan = CodeScan([(query.codes, threshold: -2)], collection.layout)
    }

    func best(_ limit: Int) -> [BestSlots.Entry] { Array(nearest.prefix(limit)) }

    func cosine(of place: SlotReference) throws -> Double {
        if query.vector.isEmpty { return 0 }
        return try state.cosine(of: Int(place.slot), in: segment(place), to: query)
    }

    func upperBound(of place: SlotReference) throws -> Double {
        let lanes = Int(hector_block_vectors)
        let block = try segment(place).block(Int(place.slot) / lanes)
        return Double(scan.bounds(ofLane: Int(place.slot) % lanes, in: block, to: 0).upper)
    }

    func id(of place: SlotReference) throws -> [UInt8] {
        try segment(place).ids.id(of: Int(place.slot)).array
    }

    private func segment(_ place: SlotReference) -> Segment {
        collection.segments[place.segment].segment
    }
}
