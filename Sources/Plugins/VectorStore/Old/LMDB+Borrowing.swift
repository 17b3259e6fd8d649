import LMDB

/// Returns the first key of a collection's records, whose numbers are big-endian, so that they sort.
func slotKey(_ collection: UInt32) -> [UInt8] { bytes(of: collection.byteSwapped) + [0, 0, 0, 0] }

// MARK: LMDB without pointers

extension Transaction where Self: ~Copyable {
    /// The value in the memory map, valid until the transaction ends or writes.
    func borrow(_ key: [UInt8], in database: Database) throws -> BorrowedBytes? {
        unsafe try get(key, in: database).map { unsafe BorrowedBytes($0) }
    }
}

extension Cursor {
    typealias BorrowedEntry = (key: BorrowedBytes, value: BorrowedBytes)

    /// The first entry whose key is `key` or sorts after it.
    func borrow(from key: [UInt8]) throws -> BorrowedEntry? {
        unsafe try seek(key).map { unsafe (BorrowedBytes($0.key), BorrowedBytes($0.value)) }
    }

    /// The entry after the one returned last; the first at the beginning.
    func borrowNext() throws -> BorrowedEntry? {
        unsafe try next().map { unsafe (BorrowedBytes($0.key), BorrowedBytes($0.value)) }
    }
}

/// The lowest byte first.
private func bytes<N: FixedWidthInteger>(of number: N) -> [UInt8] {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe Array($0) }
}
