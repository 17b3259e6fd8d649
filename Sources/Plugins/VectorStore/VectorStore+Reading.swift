extension VectorStore {
    /// Finds the records nearest to each query in one collection. All queries see the same records.
    ///
    /// - Parameter isCancelled: Asked often; once it returns true, the search ends with an error.
    package func search(
        _ queries: [Query], in collection: String, isCancelled: @escaping () -> Bool = { false }
    ) throws(StoreError) -> [Result<[Match], StoreError>] {
        try snapshots.withState { state throws(StoreError) in
            let found = try state.collection(collection)
            let checked = queries.map { query in
                Result { () throws(StoreError) in
                    (query: query, length: try Self.check(query, found))
                }
            }
            let search = Search(
                checked.compactMap { try? $0.get() }, state, found,
                try analyzers.analyzer(for: found.properties), isCancelled: isCancelled)
            var matches = try search.run()[...]
            return checked.map { query in query.map { _ in matches.removeFirst() } }
        }
    }

    private static func check(
        _ query: Query, _ collection: State.Collection
    ) throws(StoreError) -> Double {
        if let alpha = query.alpha, !(0...1).contains(alpha) {
            throw StoreError("the weight of the vector must be from 0 to 1, not \(alpha)")
        }
        if query.vector.isEmpty, !query.text.isEmpty, query.limit >= 1 { return 0 }
        let length = try Limits.check(query.vector, "query")
        guard query.vector.count == collection.dimension else {
            throw StoreError.dimension(
                query.vector.count, of: "query", in: collection.nameText, collection.dimension)
        }
        guard query.limit >= 1 else {
            throw StoreError("the number of results must be at least 1, not \(query.limit)")
        }
        return length
    }

    /// Returns the collections whose names begin with a prefix, in the order of their names.
    package func collections(prefix: String = "") throws(StoreError) -> [CollectionInfo] {
        try snapshots.withState { state throws(StoreError) in
            let wanted = Array(prefix.utf8)
            var found: [CollectionInfo] = []
            for collection in state.collections.values where collection.name.starts(with: wanted) {
                found.append(try CollectionInfo(collection))
            }
            return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    /// Returns the records that have certain ids, in their order, or nil in place of missing ones.
    ///
    /// - Parameter includesVectors: False to leave the vectors empty.
    package func get(
        _ ids: [String], in collection: String, includesVectors: Bool = false
    ) throws(StoreError) -> [Record?] {
        try snapshots.withState { state throws(StoreError) in
            let found = try state.collection(collection)
            var records: [Record?] = []
            for id in ids {
                records.append(
                    try state.record(Array(id.utf8), in: found).map { frame throws(StoreError) in
                        try Record(frame, includesVector: includesVectors)
                    })
            }
            return records
        }
    }

    /// Calls `body` with the records of a collection in the order of their ids, until it returns
    /// false.
    ///
    /// - Parameters:
    ///   - id: The records are those whose ids sort after this one, by their bytes.
    ///   - includesVectors: False to leave the vectors empty.
    package func scan(
        _ collection: String, after id: String = "", filter: Filter? = nil,
        includesVectors: Bool = false, body: (Record) throws(StoreError) -> Bool
    ) throws(StoreError) {
        // If files are replaced meanwhile, the scan goes on behind the last record.
        var last = Array(id.utf8)
        try snapshots.withState { state throws(StoreError) in
            var scan = try Scan(state, try state.collection(collection), after: last)
            while let frame = try scan.next() {
                last = scan.last
                let isWanted = frame.withRecord { filter?.accepts($0) ?? true }
                if isWanted != true { continue }
                if !(try body(Record(frame, includesVector: includesVectors))) { return }
            }
        }
    }
}

/// Facts about a collection.
package struct CollectionInfo: Sendable, Equatable {
    package let name: String
    package let dimension: Int
    /// The number of records.
    package let count: Int
    /// The bytes on the disk that its records and their index take.
    package let bytes: Int
    package let properties: [String: String]

    init(_ collection: State.Collection) throws(StoreError) {
        name = collection.nameText
        dimension = collection.dimension
        count = collection.count
        properties = collection.properties
        var bytes = 0
        for part in collection.segments {
            bytes += part.segment.size
            let places = try part.segment.allPlaces()
            for slot in 0..<part.segment.count where !part.dead.contains(UInt32(slot)) {
                bytes += Int(Place(places, at: slot * Place.size).length)
            }
        }
        self.bytes = bytes
    }
}

extension State {
    /// Returns the whole record with an id, or nil if there is none.
    func record(_ id: [UInt8], in collection: Collection) throws(StoreError) -> Frame? {
        let hash = BorrowedBytes.with(id) { $0.hash() }
        for part in collection.segments.reversed() {
            guard let slot = try part.slot(of: id, hash) else { continue }
            return try record(of: slot, in: part.segment)
        }
        return nil
    }
}
