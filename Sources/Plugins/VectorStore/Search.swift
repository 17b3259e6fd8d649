import LMDB
internal import VectorKernels

/// A scan of one collection for several queries at once, so that its codes are read from memory
/// only once.
///
/// The scan works on codes of one byte per component, a quarter of the size of the vectors, and
/// gives each vector an upper bound of its similarity. Only if the bound reaches the worst of the
/// best so far is the vector itself compared, in double precision. So the result is exact for all
/// vectors; the error of the codes only decides how many vectors are compared.
struct Search {
    private let instructions: hector_instructions
    private let row: CollectionRow
    private let tables: Tables
    private var runs: [RunningQuery]

    /// A query and the matches found for it.
    private struct RunningQuery {
        let query: Query
        let length: Double
        let codes: Codes
        var found: TopK

        /// The smallest similarity of interest; -2 is less than that of any two vectors.
        var threshold: Float { found.threshold.map { Float($0).nextDown } ?? -2 }
    }

    /// - Parameter queries: The checked queries, of the collection's dimension, with the lengths of
    ///   their vectors.
    init(
        _ queries: [(query: Query, length: Double)], _ row: CollectionRow, _ tables: Tables,
        instructions: hector_instructions = hector_best_instructions()
    ) {
        self.instructions = instructions
        self.row = row
        self.tables = tables
        runs = queries.map { query, length in
            RunningQuery(
                query: query, length: length, codes: Codes(query.vector, length: length),
                found: TopK(limit: query.limit))
        }
    }

    mutating func run(
        in transaction: borrowing ReadTransaction, isCancelled: () -> Bool = { false }
    ) throws -> [[Match]] {
        let layout = SegmentLayout(dimension: row.dimension)
        let scan = SegmentScan(
            runs.map { ($0.codes, threshold: $0.threshold) }, layout, instructions)
        let cursor = try Cursor(tables.codes, in: transaction)
        var entry = try cursor.borrow(from: SlotKey(row.number, 0).bytes)
        while let (key, segment) = entry, let number = index(key, in: row.number) {
            guard segment.count == layout.size else { throw StoreError("a segment is damaged") }
            if isCancelled() { throw StoreError("the search was given up") }
            scan.scan(segment)
            for place in runs.indices {
                for block in 0..<layout.blocks {
                    let hits = scan.hits(inBlock: block, of: place)
                    if hits == 0 { continue }
                    let first = number * UInt32(layout.slots) + UInt32(block) * 16
                    try look(at: hits, from: first, for: place, transaction)
                    scan.setThreshold(runs[place].threshold, of: place)
                }
            }
            entry = try cursor.borrowNext()
        }
        return try runs.map { try matches($0, transaction) }
    }

    /// Compares those of 16 records whose bit is set.
    private mutating func look(
        at hits: UInt16, from first: UInt32, for place: Int,
        _ transaction: borrowing ReadTransaction
    ) throws {
        var hits = hits
        while hits != 0 {
            let slot = first + UInt32(hits.trailingZeroBitCount)
            hits &= hits - 1
            let record = try record(slot, transaction)
            if let filter = runs[place].query.filter, !filter.accepts(record) { continue }
            guard
                let score = record.cosine(to: runs[place].query.vector, length: runs[place].length)
            else { throw StoreError("a record is damaged") }
            if let threshold = runs[place].found.threshold, score < threshold { continue }
            runs[place].found.offer(TopK.Entry(score: score, id: record.id, slot: slot))
        }
    }

    private func record(
        _ slot: UInt32, _ transaction: borrowing ReadTransaction
    ) throws -> StoredRecord {
        let bytes = try transaction.borrow(SlotKey(row.number, slot), in: tables.records)
        guard let record = bytes.flatMap(StoredRecord.init) else {
            throw StoreError("a record is damaged")
        }
        return record
    }

    private func matches(
        _ run: RunningQuery, _ transaction: borrowing ReadTransaction
    ) throws -> [Match] {
        try run.found.best.map { entry in
            let record = try record(entry.slot, transaction)
            return Match(
                id: entry.id, score: Float(entry.score), metadata: record.metadata,
                vector: run.query.includesVectors ? record.vector : [])
        }
    }
}
