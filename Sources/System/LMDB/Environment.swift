internal import CLMDB
import Glibc

/// A folder with one LMDB file, mapped into memory. It allows many readers and one writer at a
/// time, in any number of processes. A process must not have the same folder open twice (fcntl(2)
/// locks belong to the process). A folder on a network file system does not work.
package final class Environment: Sendable {
    // An MDB_env, which does its own locking except when the map is moved.
    nonisolated(unsafe) private let raw: OpaquePointer

    // The map may only be moved while this process does not have a transaction.
    private let mapLock = ReadWriteLock()

    /// - Parameters:
    ///   - folder: An existing folder. The files in it are created with access for their owner
    ///     only.
    ///   - databases: The number of databases that `database(_:)` may open.
    ///   - mapSize: The initial address space in bytes. It grows as needed.
    package init(folder: String, databases: Int, mapSize: Int = 1 << 30) throws {
        let path = "\(folder)/data.mdb"
        let isNew = access(path, F_OK) != 0 && errno == ENOENT
        var size = mapSize
        var created = try Self.make(folder, databases, size)
        // Swift moves work between threads, so a reader's slot must not belong to a thread.
        var code = mdb_env_open(created, folder, UInt32(MDB_NOTLS), 0o600)
        // The address space may be limited (ulimit -v), and a small file needs little.
        while code == ENOMEM, size > Self.leastMapSize {
            mdb_env_close(created)
            size /= 4
            created = try Self.make(folder, databases, size)
            code = mdb_env_open(created, folder, UInt32(MDB_NOTLS), 0o600)
        }
        // From here on an error runs `deinit`, which is how LMDB wants a failed open to end.
        raw = created
        if code != MDB_SUCCESS, isNew { Self.removeFragment(path) }
        try check(code, "open '\(path)'")
        try refuseShortFile(folder)
        forgetDeadReaders()
    }

    /// Opens a folder for reading alone. Nothing in it changes, unless there is a lock file that this
    /// process may write, which then keeps writers from reusing what is read.
    ///
    /// - Parameter folder: A folder with an LMDB file.
    package init(readOnly folder: String, databases: Int) throws {
        let path = "\(folder)/data.mdb"
        var status = stat()
        guard stat(path, &status) == 0 else { throw LMDBError(errno, "open '\(path)'") }
        let lockFlag = access("\(folder)/lock.mdb", W_OK) == 0 ? 0 : MDB_NOLOCK
        raw = try Self.make(folder, databases, Int(status.st_size))
        let flags = UInt32(MDB_NOTLS | MDB_RDONLY | lockFlag)
        try check(mdb_env_open(raw, folder, flags, 0o600), "open '\(path)'")
        guard try size >= neededSize else { throw LMDBError(MDB_CORRUPTED, "open '\(path)'") }
    }

    private static let leastMapSize = 16 << 20

    /// Makes an environment that is yet to be opened. The caller closes it.
    private static func make(
        _ folder: String, _ databases: Int, _ mapSize: Int
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try check(mdb_env_create(&created), "open '\(folder)'")
        guard let raw = created else { throw LMDBError(ENOMEM, "open '\(folder)'") }
        do throws(LMDBError) {
            try check(mdb_env_set_maxdbs(raw, UInt32(databases)), "open '\(folder)'")
            try check(mdb_env_set_maxreaders(raw, 1024), "open '\(folder)'")
            try check(mdb_env_set_mapsize(raw, mapSize), "open '\(folder)'")
        } catch {
            mdb_env_close(raw)
            throw error
        }
        return raw
    }

    deinit { mdb_env_close(raw) }

    /// Removes a file that a full disk left incomplete, as LMDB would refuse it from then on.
    private static func removeFragment(_ path: String) {
        var status = stat()
        // With its first two pages it is complete, and another process may be using it by now.
        let whole = 2 * sysconf(Int32(_SC_PAGESIZE))
        guard stat(path, &status) == 0, status.st_size < whole else { return }
        unlink(path)
    }

    /// Runs `body` on the latest commit, which does not change while `body` runs. Transactions must
    /// not be nested, and a long one keeps freed space from being reused.
    package func withRead<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        while true {
            let result: R? = try mapLock.together {
                guard let raw = try begin(UInt32(MDB_RDONLY)) else { return nil }
                return try body(ReadTransaction(raw))
            }
            if let result { return result }
            try adoptMapSize()
        }
    }

    /// Runs `body` when no other transaction in any process is writing, and commits unless it
    /// throws. When this returns, the changes are on the disk.
    ///
    /// `body` runs again, from an unchanged environment, if the map had to grow in between.
    package func withWrite<R>(_ body: (borrowing WriteTransaction) throws -> R) throws -> R {
        while true {
            let size = mapSize
            do {
                let result: R? = try mapLock.together {
                    guard let raw = try begin(0) else { return nil }
                    let transaction = WriteTransaction(raw)
                    let result = try body(transaction)
                    try transaction.commit()
                    return result
                }
                if let result { return result }
                try adoptMapSize()
            } catch let error as LMDBError where error.code == MDB_MAP_FULL {
                forgetDeadReaders()
                try grow(from: size)
            }
        }
    }

    /// Opens a database, and creates it if it does not exist. Has to be called once for each name,
    /// before the database is used.
    package func database(_ name: String, in transaction: borrowing WriteTransaction)
        throws(LMDBError) -> Database
    {
        try open(name, UInt32(MDB_CREATE), in: transaction)
    }

    /// Opens a database for the length of a transaction. Returns nil if it does not exist.
    package func existingDatabase(
        _ name: String, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> Database? {
        var database: UInt32 = 0
        let code = mdb_dbi_open(transaction.raw, name, 0, &database)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "open the database '\(name)'")
        return Database(raw: database)
    }

    /// Returns true if there are no databases at all.
    package func isEmpty(in transaction: borrowing WriteTransaction) throws -> Bool {
        try transaction.count(open(nil, 0, in: transaction)) == 0
    }

    private func open(
        _ name: String?, _ flags: UInt32, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) -> Database {
        var database: UInt32 = 0
        try check(
            mdb_dbi_open(transaction.raw, name, flags, &database),
            "open the database '\(name ?? "")'")
        return Database(raw: database)
    }

    /// The address space of the map in bytes, which is the limit for the file.
    package var mapSize: Int {
        var info = MDB_envinfo()
        mdb_env_info(raw, &info)
        return info.me_mapsize
    }

    /// Begins a transaction. Returns nil if another process has made the file larger than our map.
    private func begin(_ flags: UInt32) throws -> OpaquePointer? {
        var transaction: OpaquePointer?
        var code = mdb_txn_begin(raw, nil, flags, &transaction)
        if code == MDB_READERS_FULL {
            forgetDeadReaders()
            code = mdb_txn_begin(raw, nil, flags, &transaction)
        }
        if code == MDB_MAP_RESIZED { return nil }
        try check(code, "begin a transaction")
        return transaction
    }

    private func adoptMapSize() throws {
        try mapLock.alone { try check(mdb_env_set_mapsize(raw, 0), "map the grown file") }
    }

    /// - Parameter size: The size that was too small. If another thread has grown the map since,
    ///   there is nothing left to do.
    private func grow(from size: Int) throws {
        try mapLock.alone {
            guard mapSize == size else { return }
            let code = mdb_env_set_mapsize(raw, size * 2)
            if code != MDB_SUCCESS {
                // The old map is gone by now, and LMDB would read through a null pointer.
                let again = mdb_env_set_mapsize(raw, size)
                precondition(again == MDB_SUCCESS, "cannot map the database again")
                throw LMDBError(code, "grow the map to \(size * 2) bytes")
            }
        }
    }

    /// Frees the slots of readers that were killed, which would keep the pages they saw from being
    /// reused.
    private func forgetDeadReaders() {
        var dead: Int32 = 0
        mdb_reader_check(raw, &dead)
    }

    /// Refuses a file that has been truncated, because reading past the end of a mapped file kills
    /// the process.
    private func refuseShortFile(_ folder: String) throws {
        if try size >= neededSize { return }
        // Checked once more while no process can write.
        try withWrite { _ in
            let (size, needed) = (try size, neededSize)
            if size >= needed { return }
            // No file system has so large a file, so that its end cannot be missing.
            guard needed < 1 << 62 else {
                throw LMDBError(MDB_CORRUPTED, "open '\(folder)/data.mdb'")
            }
            // LMDB does not write pages that a commit both allocated and freed, so the end may be
            // missing if all of it is free. The list of free pages may be cut off as well.
            try setSize(needed)
            let missing = size / pageSize..<needed / pageSize
            guard (try? freePages(missing)) == missing.count else {
                try setSize(size)
                throw LMDBError(MDB_CORRUPTED, "open '\(folder)/data.mdb'")
            }
        }
    }

    /// Returns the number of free pages in a range.
    private func freePages(_ range: Range<Int>) throws -> Int {
        // LMDB shows the list to readers only. Each of its values is a count and that many page
        // numbers.
        guard let raw = try begin(UInt32(MDB_RDONLY)) else { return 0 }
        let transaction = ReadTransaction(raw)
        let cursor = try Cursor(Database(raw: 0), in: transaction)
        var count = 0
        while let (_, value) = try cursor.next() {
            let numbers = value.bindMemory(to: Int.self)
            let length = max(0, numbers.first ?? 0)
            count += numbers.dropFirst().prefix(length).count { range.contains($0) }
        }
        return count
    }

    private var pageSize: Int {
        var statistics = MDB_stat()
        mdb_env_stat(raw, &statistics)
        return Int(statistics.ms_psize)
    }

    /// The size in bytes that the file must have to hold its last page.
    private var neededSize: Int {
        var info = MDB_envinfo()
        mdb_env_info(raw, &info)
        // A damaged file may name any page.
        let last = info.me_last_pgno
        guard last >= 0, last < Int.max / pageSize else { return .max }
        return (last + 1) * pageSize
    }

    private var file: Int32 {
        var descriptor: Int32 = -1
        mdb_env_get_fd(raw, &descriptor)
        return descriptor
    }

    /// The size of the file in bytes.
    private var size: Int {
        get throws {
            var status = stat()
            guard fstat(file, &status) == 0 else { throw LMDBError(errno, "read the file's size") }
            return Int(status.st_size)
        }
    }

    private func setSize(_ size: Int) throws {
        guard ftruncate(file, size) == 0 else { throw LMDBError(errno, "set the file's size") }
    }
}
