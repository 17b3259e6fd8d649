internal import CLMDB

/// A named table of an environment. Its keys are at most 511 bytes and sort as bytes do.
package struct Database: Sendable {
    let raw: UInt32
}

/// A view of the environment as one commit left it.
///
/// Bytes that a transaction returns lie in the memory map: they are valid until the transaction
/// ends or writes.
package protocol Transaction: ~Copyable {
    /// An `MDB_txn`.
    var raw: OpaquePointer { get }
}

/// A transaction that only reads. It does not block writers.
package struct ReadTransaction: Transaction, ~Copyable {
    package let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { mdb_txn_abort(raw) }
}

/// The one transaction that may write.
package struct WriteTransaction: Transaction, ~Copyable {
    package let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { mdb_txn_abort(raw) }

    /// Commits everything written here to the disk before it returns.
    consuming func commit() throws {
        let raw = raw
        discard self  // A commit frees the transaction even when it fails.
        try check(mdb_txn_commit(raw), "commit")
    }
}

extension Transaction where Self: ~Copyable {
    package func get(_ key: UnsafeRawBufferPointer, in database: Database)
        throws -> UnsafeRawBufferPointer?
    {
        var name = MDB_val(key)
        var value = MDB_val()
        let code = mdb_get(raw, database.raw, &name, &value)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "read")
        return UnsafeRawBufferPointer(value)
    }

    package func get(_ key: [UInt8], in database: Database)
        throws -> UnsafeRawBufferPointer?
    {
        try key.withUnsafeBytes { bytes in try get(bytes, in: database) }
    }

    /// Returns a copy of a value, which stays valid.
    package func bytes(_ key: [UInt8], in database: Database) throws -> [UInt8]? {
        try get(key, in: database).map { Array($0) }
    }

    /// Returns the number of keys.
    package func count(_ database: Database) throws -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(raw, database.raw, &statistics), "read")
        return Int(statistics.ms_entries)
    }
}

extension WriteTransaction {
    /// Deletes every entry.
    package func clear(_ database: Database) throws {
        try check(mdb_drop(raw, database.raw, 0), "delete")
    }

    package func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, in database: Database
    ) throws {
        var name = MDB_val(key)
        var data = MDB_val(value)
        try check(mdb_put(raw, database.raw, &name, &data, 0), "write")
    }

    package func put(_ key: [UInt8], _ value: [UInt8], in database: Database) throws {
        try key.withUnsafeBytes { key in
            try value.withUnsafeBytes { value in
                try put(key, value, in: database)
            }
        }
    }

    /// Adds an entry whose key sorts after all others. This fills pages completely, where `put`
    /// would split them in halves. Returns false, and changes nothing, if some key sorts after it.
    package func append(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, in database: Database
    ) throws -> Bool {
        var name = MDB_val(key)
        var data = MDB_val(value)
        let code = mdb_put(raw, database.raw, &name, &data, UInt32(MDB_APPEND))
        if code == MDB_KEYEXIST { return false }
        try check(code, "write")
        return true
    }

    /// Returns room for a value of `count` bytes under `key`, to be filled before the next write.
    /// Its initial contents are undefined. A value that `key` had in an earlier commit stays
    /// readable.
    package func reserve(_ key: UnsafeRawBufferPointer, count: Int, in database: Database)
        throws -> UnsafeMutableRawBufferPointer
    {
        var name = MDB_val(key)
        var data = MDB_val(mv_size: count, mv_data: nil)
        try check(mdb_put(raw, database.raw, &name, &data, UInt32(MDB_RESERVE)), "write")
        return UnsafeMutableRawBufferPointer(start: data.mv_data, count: count)
    }

    /// Returns false if there was nothing to delete.
    @discardableResult
    package func delete(_ key: UnsafeRawBufferPointer, in database: Database)
        throws -> Bool
    {
        var name = MDB_val(key)
        let code = mdb_del(raw, database.raw, &name, nil)
        if code == MDB_NOTFOUND { return false }
        try check(code, "delete")
        return true
    }

    /// Returns false if there was nothing to delete.
    @discardableResult
    package func delete(_ key: [UInt8], in database: Database) throws -> Bool {
        try key.withUnsafeBytes { key in try delete(key, in: database) }
    }
}

extension MDB_val {
    // LMDB's type is mutable because it is both input and output; as input it is only read.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
}

extension UnsafeRawBufferPointer {
    init(_ value: MDB_val) { self.init(start: value.mv_data, count: value.mv_size) }
}
