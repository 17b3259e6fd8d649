internal import CLMDB

/// A position between the keys of a database.
package struct Cursor: ~Copyable {
    private let raw: OpaquePointer

    deinit { mdb_cursor_close(raw) }

    /// Makes a cursor, which must end before `transaction` does.
    package init(_ database: Database, in transaction: borrowing some Transaction & ~Copyable)
        throws
    {
        var raw: OpaquePointer?
        try check(mdb_cursor_open(transaction.raw, database.raw, &raw), "read")
        self.raw = raw!
    }

    package typealias Entry = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

    /// Returns the first entry whose key is `key` or sorts after it.
    package func seek(_ key: [UInt8]) throws -> Entry? {
        try key.withUnsafeBytes { key in try move(MDB_SET_RANGE, MDB_val(key)) }
    }

    /// Returns the entry after the last one returned; the first entry at the beginning.
    package func next() throws -> Entry? { try move(MDB_NEXT, MDB_val()) }

    /// Does the same as `next`, but returns copies, which stay valid.
    package func nextBytes() throws -> (key: [UInt8], value: [UInt8])? {
        try next().map { (Array($0.key), Array($0.value)) }
    }

    /// Deletes the last entry returned; `next` then returns the one after it. Requires a
    /// transaction that may write.
    package func delete() throws { try check(mdb_cursor_del(raw, 0), "delete") }

    private func move(_ operation: MDB_cursor_op, _ key: MDB_val) throws -> Entry? {
        var key = key
        var value = MDB_val()
        let code = mdb_cursor_get(raw, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "read")
        return (UnsafeRawBufferPointer(key), UnsafeRawBufferPointer(value))
    }
}
