import Glibc
import LMDB
import Synchronization
internal import TextAnalysis

/// A store of format 1, which is one LMDB file.
struct OldStore {
    private let folder: Folder

    // A process must not have an LMDB file open twice.
    private static let isOpen = Mutex(())

    /// The most records of a segment of the conversion, before segments are merged.
    private static let rows = 32_768

    init(_ folder: Folder) { self.folder = folder }

    /// Throws if the file cannot be read.
    func check() throws(StoreError) {
        try withErrors {
            let environment = try Environment(readOnly: folder.path, databases: 8)
            try environment.withRead { transaction in
                try checked { _ = try OldTables(environment, in: transaction) }
            }
        }
    }

    /// Converts the file, then removes it. If the process is killed, the old file counts or the new
    /// ones do.
    func convertInPlace() throws(StoreError) {
        try withErrors {
            // While this transaction lasts, no process with an older version writes.
            let environment = try Environment(folder: folder.path, databases: 8)
            try environment.withWrite { transaction in
                try checked {
                    try convert(OldTables(environment, in: transaction), transaction, to: folder)
                }
            }
        }
        try remove()
    }

    /// Removes a file that has been converted.
    func remove() throws(StoreError) {
        folder.remove(folder.oldData)
        folder.remove(folder.oldLock)
        try folder.sync()
    }

    /// Returns a converted copy, whose files go away with this process.
    func temporary() throws(StoreError) -> State {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/hector-vectors-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw StoreError(errno, "create a folder in '\(parent)'")
        }
        let copy = Folder(
            path: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        )
        defer { copy.removeAll() }
        try withErrors {
            let environment = try Environment(readOnly: folder.path, databases: 8)
            try environment.withRead { transaction in
                try checked {
                    try convert(OldTables(environment, in: transaction), transaction, to: copy)
                }
            }
        }
        guard let catalog = try Catalog(in: copy) else { throw .missing(copy.catalog) }
        var state = try State(catalog, in: copy, reusing: nil)
        for file in state.records.values { try file.bytes.checkSize(file.end) }
        state.log = nil
        return state
    }

    private func convert(
        _ tables: OldTables, _ transaction: borrowing some Transaction & ~Copyable,
        to target: Folder
    ) throws {
        var turn = Turn(State(), target)
        do {
            var writer = RecordWriter(State(), target)
            for row in try tables.rows(in: transaction) {
                let number = turn.add(row.name, dimension: row.dimension)
                try convert(row, number, tables, transaction, &turn, &writer)
            }
            try writer.sync()
            turn.adopt(writer)
            try turn.flush()
            try turn.finish()
        } catch {
            turn.abandon()
            throw error
        }
    }

    private func convert(
        _ row: OldTables.Row, _ number: UInt32, _ tables: OldTables,
        _ transaction: borrowing some Transaction & ~Copyable, _ turn: inout Turn,
        _ writer: inout RecordWriter
    ) throws {
        let cursor = try Cursor(tables.records, in: transaction)
        let first = slotKey(row.number)
        let analyzer = try Analyzers().analyzer(for: [:])
        var rows = SegmentRows()
        var metadata: [[(key: [UInt8], value: [UInt8])]] = []
        var count = 0
        var entry = try cursor.borrow(from: first)
        while let (key, value) = entry, key.hasPrefix(Array(first.prefix(4))) {
            guard let record = StoredRecord(value), record.dimension == row.dimension else {
                throw StoreError("a record is damaged")
            }
            let frame = Frame(of: value.array, dimension: row.dimension)
            let codes = Codes(record.vector, length: record.length)
            rows.rows.append(
                SegmentRows.Row(
                    place: try writer.append(frame), id: record.idBytes.array, codes: codes))
            rows.texts.append(ForwardText(analyzer.text(of: record.metadata)))
            metadata.append(record.pairs)
            count += 1
            if rows.rows.count == Self.rows {
                try rows.index(metadata: metadata)
                try turn.add(rows, to: number)
                rows = SegmentRows()
                metadata = []
            }
            entry = try cursor.borrowNext()
        }
        if !rows.rows.isEmpty {
            try rows.index(metadata: metadata)
            try turn.add(rows, to: number)
        }
        guard count == row.count else {
            throw StoreError("a collection has \(count) records, not \(row.count)")
        }
    }

    /// Adds the file's name to errors about its contents.
    private func checked<R>(_ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as StoreError where error.kind == .other {
            throw StoreError("cannot use '\(folder.oldData)': \(error)")
        }
    }

    private func withErrors(_ body: () throws -> Void) throws(StoreError) {
        do {
            try Self.isOpen.withLock { _ in try body() }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError("\(error)")
        }
    }
}
