import LMDB

/// The LMDB databases of a store. Keys begin with the number of a collection, which is never used
/// again after the collection was dropped; numbers in keys are big-endian, so that they sort.
struct Tables {
    /// Facts about the store itself: `format`, `next` (the number for the next collection).
    let store: Database
    /// The `CollectionRow` of each collection, by its name.
    let collections: Database
    /// The slot of each record, by the collection's number and the record's id.
    let ids: Database
    /// The `StoredRecord` in each slot, by the collection's number and the slot.
    let records: Database
    /// The codes of each segment, by the collection's number and the segment's.
    let codes: Database
    /// The slots below a collection's end that hold no record.
    let free: Database

    private static let format: UInt32 = 1

    init(_ environment: Environment, in transaction: borrowing WriteTransaction) throws {
        let isNew = try environment.isEmpty(in: transaction)
        store = try environment.database("store", in: transaction)
        if isNew {
            try transaction.put(Array("format".utf8), bytes(of: Self.format), in: store)
        } else {
            guard let found = try transaction.borrow(Array("format".utf8), in: store),
                found.count == 4
            else { throw StoreError("it is an LMDB file, but not one of local-vectors") }
            let format = found.number(as: UInt32.self)
            guard format == Self.format else {
                throw StoreError(
                    "it has format \(format), and this version of Hector reads format "
                        + "\(Self.format): use the version that wrote it, or another 'path'")
            }
        }
        collections = try environment.database("collections", in: transaction)
        ids = try environment.database("ids", in: transaction)
        records = try environment.database("records", in: transaction)
        codes = try environment.database("codes", in: transaction)
        free = try environment.database("free", in: transaction)
    }
}

/// The facts about a collection besides its name.
struct CollectionRow: Equatable {
    let number: UInt32
    let dimension: Int
    /// The slot from which on slots have never been used, or not since the collection was empty.
    var end: UInt32 = 0
    var count: Int = 0

    init(number: UInt32, dimension: Int) {
        self.number = number
        self.dimension = dimension
    }

    init(_ bytes: BorrowedBytes) throws {
        guard bytes.count == 20 else { throw StoreError("the list of collections is damaged") }
        number = bytes.number(as: UInt32.self)
        dimension = Int(bytes.number(at: 4, as: UInt32.self))
        end = bytes.number(at: 8, as: UInt32.self)
        count = Int(bytes.number(at: 12, as: UInt64.self))
    }

    var encoded: [UInt8] {
        bytes(of: number) + bytes(of: UInt32(dimension)) + bytes(of: end)
            + bytes(of: UInt64(count))
    }

    static func named(
        _ name: String, in tables: Tables, _ transaction: borrowing some Transaction & ~Copyable
    ) throws -> CollectionRow? {
        try transaction.borrow(Array(name.utf8), in: tables.collections).map(CollectionRow.init)
    }
}

/// The prefix of the keys of a collection.
func prefix(_ collection: UInt32) -> [UInt8] { bytes(of: collection.byteSwapped) }

func key(_ collection: UInt32, _ id: String) -> [UInt8] { prefix(collection) + Array(id.utf8) }

/// Returns the index at the end of a key made of two numbers, or nil if it belongs to another
/// collection.
func index(_ key: BorrowedBytes, in collection: UInt32) -> UInt32? {
    guard key.count == 8 else { return nil }
    let both = key.number(as: UInt64.self).byteSwapped
    return UInt32(both >> 32) == collection ? UInt32(truncatingIfNeeded: both) : nil
}

/// The lowest byte first.
func bytes<N: FixedWidthInteger>(of number: N) -> [UInt8] {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe Array($0) }
}
