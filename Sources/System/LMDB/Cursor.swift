internal import CLMDB

/// A place between the keys of a database.
package struct Cursor: ~Copyable {
    private let raw: OpaquePointer

    deinit { mdb_cursor_close(raw) }

    /// The cursor must end before `transaction` does.
    package init(_ database: Database, in transaction: borrowing some Transaction & ~Copyable)
        throws
    {
        var raw: OpaquePointer?
        try check(mdb_cursor_open(transaction.raw, database.raw, &raw), "read")
        self.raw = raw!
    }

    package typealias Entry = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

    /// The first entry whose key is `key` or sorts after it.
    package func seek(_ key: [UInt8]) throws -> Entry? {
        try key.withUnsafeBytes { key in try move(MDB_SET_RANGE, MDB_val(key)) }
    }

    /// The entry after the one returned last; the first at the beginning.
    package func next() throws -> Entry? { try move(MDB_NEXT, MDB_val()) }

    /// As `next`, with copies, which last.
    package func nextBytes() throws -> (key: [UInt8], value: [UInt8])? {
        try next().map { (Array($0.key), Array($0.value)) }
    }

    /// Deletes the entry returned last; `next` then gives the one after it. Only in a
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
