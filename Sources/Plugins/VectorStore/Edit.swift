import LMDB

/// A single change to the store.
enum Change: Sendable {
    case create(collection: String, dimension: Int)
    case drop(collection: String)
    case upsert(collection: String, EncodedRecord)
    case delete(collection: String, id: String)
}

/// A record that has been checked and is ready to be written.
struct EncodedRecord: Sendable {
    let id: String
    let bytes: [UInt8]
    let codes: Codes

    init(_ record: Record) throws(StoreError) {
        try Limits.check(id: record.id)
        let length = try Limits.check(record.vector, "vector")
        id = record.id
        bytes = StoredRecord.encode(record, length: length)
        codes = Codes(record.vector, length: length)
    }
}

/// Changes on their way into one transaction.
///
/// Codes are gathered and written last, so that a segment is copied only once, however many of its
/// slots change.
struct Edit {
    private let tables: Tables
    private var rows: [String: CollectionRow] = [:]
    private var changedRows: Set<String> = []
    private var changedSlots: [Place: Codes?] = [:]

    private struct Place: Hashable {
        let collection: UInt32
        let slot: UInt32
    }

    init(_ tables: Tables) { self.tables = tables }

    /// Applies a change. A `StoreError` is about this change, which has then left no trace; any
    /// other error is about the transaction.
    mutating func apply(_ change: Change, in transaction: borrowing WriteTransaction) throws {
        switch change {
        case .create(let name, let dimension): try create(name, dimension, transaction)
        case .drop(let name): try drop(name, transaction)
        case .upsert(let name, let record): try upsert(record, name, transaction)
        case .delete(let name, let id): try delete(id, name, transaction)
        }
    }

    /// Writes the gathered codes.
    func finish(in transaction: borrowing WriteTransaction) throws {
        for name in changedRows {
            try transaction.put(Array(name.utf8), rows[name]!.encoded, in: tables.collections)
        }
        for row in rows.values {
            let layout = SegmentLayout(dimension: row.dimension)
            let changes = changedSlots.filter { $0.key.collection == row.number }
            let segments = Dictionary(grouping: changes) { $0.key.slot / UInt32(layout.slots) }
            for (segment, changes) in segments.sorted(by: { $0.key < $1.key }) {
                try write(segment, of: row.number, layout, changes, transaction)
            }
        }
    }

    private func write(
        _ segment: UInt32, of collection: UInt32, _ layout: SegmentLayout,
        _ changes: [Dictionary<Place, Codes?>.Element], _ transaction: borrowing WriteTransaction
    ) throws {
        let key = SlotKey(collection, segment)
        let new = try transaction.segment(key, layout, in: tables.codes)
        for (place, codes) in changes {
            new.set(Int(place.slot) % layout.slots, to: codes)
        }
        if new.count == 0 { try transaction.delete(key, in: tables.codes) }
    }

    private mutating func row(
        _ name: String, isWanted: Bool = true, _ transaction: borrowing WriteTransaction
    ) throws -> CollectionRow {
        if let row = rows[name] { return row }
        guard let row = try CollectionRow.named(name, in: tables, transaction) else {
            throw StoreError.noCollection(name, isWanted: isWanted)
        }
        rows[name] = row
        return row
    }

    private mutating func set(_ name: String, to row: CollectionRow) {
        rows[name] = row
        changedRows.insert(name)
    }

    private mutating func create(
        _ name: String, _ dimension: Int, _ transaction: borrowing WriteTransaction
    ) throws {
        let existing: CollectionRow?
        if let row = rows[name] {
            existing = row
        } else {
            existing = try CollectionRow.named(name, in: tables, transaction)
        }
        if let existing {
            guard existing.dimension == dimension else {
                throw StoreError(
                    "collection '\(name)' exists with dimension \(existing.dimension), "
                        + "not \(dimension)")
            }
            return
        }
        let counter = Array("next".utf8)
        let next =
            try transaction.borrow(counter, in: tables.store)?.number(as: UInt32.self) ?? 1
        try transaction.put(counter, bytes(of: next + 1), in: tables.store)
        set(name, to: CollectionRow(number: next, dimension: dimension))
    }

    private mutating func drop(
        _ name: String, _ transaction: borrowing WriteTransaction
    ) throws {
        let number = try row(name, isWanted: false, transaction).number
        rows[name] = nil
        changedRows.remove(name)
        changedSlots = changedSlots.filter { $0.key.collection != number }
        try transaction.delete(Array(name.utf8), in: tables.collections)
        for table in [tables.ids, tables.records, tables.codes, tables.free] {
            try empty(table, of: number, transaction)
        }
    }

    private func empty(
        _ table: Database, of collection: UInt32, _ transaction: borrowing WriteTransaction
    ) throws {
        let prefix = prefix(collection)
        let cursor = try Cursor(table, in: transaction)
        var entry = try cursor.borrow(from: prefix)
        while let (key, _) = entry, key.hasPrefix(prefix) {
            try cursor.delete()
            entry = try cursor.borrowNext()
        }
    }

    private mutating func upsert(
        _ record: EncodedRecord, _ name: String, _ transaction: borrowing WriteTransaction
    ) throws {
        var row = try row(name, transaction)
        guard record.codes.components.count == row.dimension else {
            throw StoreError.dimension(
                record.codes.components.count, of: "vector", in: name, row.dimension)
        }
        let id = key(row.number, record.id)
        let known = try transaction.borrow(id, in: tables.ids)?.number(as: UInt32.self)
        let slot: UInt32
        let isNew = known == nil
        if let known {
            slot = known
        } else {
            slot = try takeSlot(&row, transaction)
            row.count += 1
            try transaction.put(id, bytes(of: slot), in: tables.ids)
            set(name, to: row)
        }
        if try write(record, at: SlotKey(row.number, slot), isNew: isNew, transaction) {
            changedSlots[Place(collection: row.number, slot: slot)] = .some(record.codes)
        }
    }

    /// - Returns: True if the vector differs from the one that was there.
    private func write(
        _ record: EncodedRecord, at key: SlotKey, isNew: Bool,
        _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        if isNew {
            try transaction.putLast(key, record.bytes, in: tables.records)
            return true
        }
        // Indexing the same documents again is common, and should cost nothing.
        let old = try transaction.borrow(key, in: tables.records)
        if let old, old == record.bytes { return false }
        let hasOldVector = BorrowedBytes.with(record.bytes) { new in
            old.flatMap(StoredRecord.init)?.hasVector(of: StoredRecord(new)!) == true
        }
        try transaction.put(key, record.bytes, in: tables.records)
        return !hasOldVector
    }

    private func takeSlot(
        _ row: inout CollectionRow, _ transaction: borrowing WriteTransaction
    ) throws -> UInt32 {
        if Int(row.end) > row.count {
            let cursor = try Cursor(tables.free, in: transaction)
            if let (key, _) = try cursor.borrow(from: SlotKey(row.number, 0).bytes),
                let slot = index(key, in: row.number)
            {
                try cursor.delete()
                return slot
            }
        }
        guard row.end < UInt32.max else { throw StoreError("the collection is full") }
        row.end += 1
        return row.end - 1
    }

    private mutating func delete(
        _ id: String, _ name: String, _ transaction: borrowing WriteTransaction
    ) throws {
        var row = try row(name, transaction)
        let id = key(row.number, id)
        guard let known = try transaction.borrow(id, in: tables.ids) else { return }
        let slot = known.number(as: UInt32.self)
        try transaction.delete(id, in: tables.ids)
        let key = SlotKey(row.number, slot)
        try transaction.delete(key, in: tables.records)
        try transaction.put(key, [], in: tables.free)
        row.count -= 1
        if row.count == 0 {
            row.end = 0
            try empty(tables.free, of: row.number, transaction)
        }
        set(name, to: row)
        changedSlots[Place(collection: row.number, slot: slot)] = .some(nil)
    }
}
