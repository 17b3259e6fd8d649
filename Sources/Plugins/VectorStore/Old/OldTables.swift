import LMDB

/// The LMDB databases of a store of format 1. Keys begin with the number of a collection.
struct OldTables {
    /// The dimension and count of each collection, by its name.
    let collections: Database
    /// The `StoredRecord` in each slot, by the collection's number and the slot.
    let records: Database

    static let format: UInt32 = 1

    init(
        _ environment: Environment, in transaction: borrowing some Transaction & ~Copyable
    ) throws {
        guard let store = try environment.existingDatabase("store", in: transaction),
            let found = try transaction.borrow(Array("format".utf8), in: store),
            found.count == 4
        else { throw StoreError("it is an LMDB file, but not one of local-vectors") }
        let format = found.number(as: UInt32.self)
        guard format == Self.format else {
            throw StoreError(
                "it has format \(format), and this version of Hector reads format "
                    + "\(Self.format): use the version that wrote it, or another 'path'")
        }
        guard let collections = try environment.existingDatabase("collections", in: transaction),
            let records = try environment.existingDatabase("records", in: transaction)
        else { throw StoreError("the list of collections is damaged") }
        self.collections = collections
        self.records = records
    }

    /// The facts about a collection.
    struct Row {
        let name: [UInt8]
        let number: UInt32
        let dimension: Int
        let count: Int
    }

    func rows(in transaction: borrowing some Transaction & ~Copyable) throws -> [Row] {
        let cursor = try Cursor(collections, in: transaction)
        var rows: [Row] = []
        while let (name, value) = try cursor.borrowNext() {
            let dimension = value.count == 20 ? Int(value.number(at: 4, as: UInt32.self)) : 0
            guard (1...Limits.dimension).contains(dimension) else {
                throw StoreError("the list of collections is damaged")
            }
            rows.append(
                Row(
                    name: name.array, number: value.number(as: UInt32.self), dimension: dimension,
                    count: Int(truncatingIfNeeded: value.number(at: 12, as: UInt64.self))))
        }
        return rows
    }
}
