internal import Documents
internal import FilterKit
internal import LMDB
internal import OpenSSL

/// A file beside a collection, with the documents in it and its provenance.
///
/// It is written before the database is asked for a change, and again when the database has
/// acknowledged the change. So it never claims a record that the collection may not have.
final class IndexState: Sendable {
    private let environment: Environment
    private let files: Database

    /// The entries of a new collection that is still a spool.
    private let next: Database
    private let about: Database

    /// The documents that have failed, and the files that were reported as skipped.
    private let failed, skipped: Database

    /// The digests of chunks that were put through standing questions, and the documents whose
    /// chunks are due for that.
    private let chunks, due: Database

    private static let format: UInt8 = 1
    private static let formatKey = Array("format".utf8)
    private static let provenanceKey = Array("provenance".utf8)
    private static let nextKey = Array("next collection".utf8)
    private static let lastRunKey = Array("last run".utf8)
    private static let standingKey = Array("standing questions".utf8)

    /// The longest key in bytes, below LMDB's limit of 511.
    private static let longestKey = 500

    /// - Parameter folder: An existing folder. Only one process at a time may use it.
    init(folder: String) throws {
        environment = try Environment(folder: folder, databases: 7)
        let environment = environment
        (files, next, about, failed, skipped, chunks, due) = try environment.withWrite {
            transaction in
            let isNew = try environment.isEmpty(in: transaction)
            let files = try environment.database("files", in: transaction)
            let next = try environment.database("next", in: transaction)
            let about = try environment.database("about", in: transaction)
            // Earlier versions have none of these.
            let failed = try environment.database("failed", in: transaction)
            let skipped = try environment.database("skipped", in: transaction)
            let chunks = try environment.database("chunks", in: transaction)
            let due = try environment.database("due", in: transaction)
            if isNew {
                try transaction.put(Self.formatKey, [Self.format], in: about)
            } else if try transaction.bytes(Self.formatKey, in: about) != [Self.format] {
                throw Failure(
                    .ioError,
                    "'\(folder)' is not of the format that this version of hector-index reads; "
                        + "move it away and use --rebuild")
            }
            return (files, next, about, failed, skipped, chunks, due)
        }
    }

    var provenance: Provenance? {
        get throws {
            try environment.withRead { try $0.bytes(Self.provenanceKey, in: about) }
                .flatMap(Provenance.init(json:))
        }
    }

    func set(_ provenance: Provenance) throws {
        try environment.withWrite { try $0.put(Self.provenanceKey, provenance.json, in: about) }
    }

    /// The last run; nil if none has ended.
    var lastRun: LastRun? {
        get throws {
            try environment.withRead { try $0.bytes(Self.lastRunKey, in: about) }
                .flatMap(LastRun.init(json:))
        }
    }

    /// Stores the result of a run, and the provenance of the collection if it exists.
    func end(_ run: LastRun, _ provenance: Provenance?) throws {
        try environment.withWrite { transaction in
            try transaction.put(Self.lastRunKey, run.json, in: about)
            if let provenance {
                try transaction.put(Self.provenanceKey, provenance.json, in: about)
            }
        }
    }

    /// The entry of a document; nil if it is unknown.
    func entry(_ name: String) throws -> DocumentEntry? {
        try environment.withRead { try $0.bytes(Self.key(name), in: files) }.flatMap(Self.entry)
    }

    /// Calls `body` with the entry of each of these documents; nil for an unknown one.
    ///
    /// - Returns: The number of all known documents.
    func lookUp(_ names: some Sequence<String>, _ body: (DocumentEntry?) throws -> Void) throws
        -> Int
    {
        try environment.withRead { transaction in
            for name in names {
                try body(transaction.bytes(Self.key(name), in: files).flatMap(Self.entry))
            }
            return try transaction.count(files)
        }
    }

    /// Calls `body` with each known document.
    func forEach(_ body: (String, DocumentEntry) throws -> Void) throws {
        try environment.withRead { transaction in
            let cursor = try Cursor(files, in: transaction)
            while let (_, value) = try cursor.nextBytes() {
                guard let (name, entry) = Self.named(value) else { continue }
                try body(name, entry)
            }
        }
    }

    /// Writes all these entries in one transaction; nil forgets a document.
    ///
    /// - Parameter names: Those of them whose chunks are to be put through the standing questions.
    func commit(
        _ entries: [(name: String, entry: DocumentEntry?)], due names: [String] = []
    ) throws {
        if entries.isEmpty { return }
        try environment.withWrite { transaction in
            for (name, entry) in entries {
                if let entry {
                    try transaction.put(Self.key(name), Self.value(name, entry), in: files)
                } else {
                    try transaction.delete(Self.key(name), in: files)
                    try transaction.delete(Self.key(name), in: chunks)
                    try transaction.delete(Self.key(name), in: due)
                }
            }
            for name in names {
                try transaction.put(Self.key(name), Self.value(name, []), in: due)
            }
        }
    }

    // MARK: Failures and skipped files

    func failures() throws -> [Name: KnownFailure] {
        try all(failed).reduce(into: [:]) { failures, item in
            failures[Name(item.name)] = KnownFailure(json: item.value)
        }
    }

    /// Writes all these failures in one transaction; nil forgets one.
    func commit(failures: [(name: String, failure: KnownFailure?)]) throws {
        try environment.withWrite { transaction in
            for (name, failure) in failures {
                if let failure {
                    try transaction.put(
                        Self.key(name), Self.value(name, failure.json), in: failed)
                } else {
                    try transaction.delete(Self.key(name), in: failed)
                }
            }
        }
    }

    /// The files that were reported as skipped, with the reasons.
    func skippedFiles() throws -> [Name: SkipReason.Code] {
        try all(skipped).reduce(into: [:]) { files, item in
            files[Name(item.name)] = SkipReason.Code(
                rawValue: String(decoding: item.value, as: UTF8.self))
        }
    }

    /// Writes which files were reported in one transaction; nil forgets one.
    func commit(skipped files: [(name: String, reason: SkipReason.Code?)]) throws {
        if files.isEmpty { return }
        try environment.withWrite { transaction in
            for (name, reason) in files {
                if let reason {
                    try transaction.put(
                        Self.key(name), Self.value(name, Array(reason.rawValue.utf8)), in: skipped)
                } else {
                    try transaction.delete(Self.key(name), in: skipped)
                }
            }
        }
    }

    // MARK: Standing questions

    /// True once a run had standing questions.
    var hasStandingQuestions: Bool {
        get throws {
            try environment.withRead { try $0.bytes(Self.standingKey, in: about) } != nil
        }
    }

    func setStandingQuestions() throws {
        if try hasStandingQuestions { return }
        try environment.withWrite { try $0.put(Self.standingKey, [1], in: about) }
    }

    /// The documents whose chunks are to be put through the standing questions.
    func dueDocuments() throws -> [String] { try all(due).map(\.name) }

    /// The digests of the chunks that were put through the questions; nil if there are none.
    func chunks(of name: String) throws -> [UInt8]? {
        try environment.withRead { try $0.bytes(Self.key(name), in: chunks) }
    }

    /// Notes that the chunks of these documents, whose digests are given, were put through the
    /// questions.
    func commit(asked documents: [(name: String, digests: [UInt8])]) throws {
        if documents.isEmpty { return }
        try environment.withWrite { transaction in
            for (name, digests) in documents {
                try transaction.put(Self.key(name), digests, in: chunks)
                try transaction.delete(Self.key(name), in: due)
            }
        }
    }

    private func all(_ database: Database) throws -> [(name: String, value: [UInt8])] {
        try environment.withRead { transaction in
            var items: [(name: String, value: [UInt8])] = []
            let cursor = try Cursor(database, in: transaction)
            while let (_, value) = try cursor.nextBytes() {
                guard let length = Self.length(value) else { continue }
                items.append(
                    (
                        String(decoding: value[4..<4 + length], as: UTF8.self),
                        Array(value[(4 + length)...])
                    ))
            }
            return items
        }
    }

    // MARK: A new collection

    /// The collection that a rebuild is filling, or has filled and left; nil if there is none.
    var nextCollection: String? {
        get throws {
            try environment.withRead { try $0.bytes(Self.nextKey, in: about) }
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    func set(nextCollection name: String?) throws {
        try environment.withWrite { transaction in
            if let name {
                try transaction.put(Self.nextKey, Array(name.utf8), in: about)
            } else {
                try transaction.delete(Self.nextKey, in: about)
            }
        }
    }

    /// Stores that a new collection is complete and will replace the current one.
    ///
    /// - Parameter spool: The name of the new collection's file.
    func beginSwap(
        to provenance: Provenance, _ spool: String,
        _ entries: [(name: String, entry: DocumentEntry)]
    ) throws {
        var provenance = provenance
        provenance.spool = spool
        try environment.withWrite { transaction in
            try transaction.clear(next)
            for (name, entry) in entries {
                try transaction.put(Self.key(name), Self.value(name, entry), in: next)
            }
            try transaction.put(Self.provenanceKey, provenance.json, in: about)
        }
    }

    /// Stores that the new collection is lost, and that the database may have any part of it or of
    /// the old one. All documents are then new, and records of either may have to be deleted.
    func giveUpSwap() throws {
        guard let provenance = try provenance else { return }
        let fresh = try swapped()
        var entries = fresh.mapValues { Self.unacknowledged([$0]) }
        try forEach { name, entry in
            let name = Name(name)
            entries[name] = Self.unacknowledged([entry, fresh[name]].compactMap(\.self))
        }
        try endSwap(provenance, entries)
    }

    private static func unacknowledged(_ entries: [DocumentEntry]) -> DocumentEntry {
        DocumentEntry(
            .unacknowledged,
            possible: entries.lazy.map { max($0.records, $0.possible) }.max() ?? 0)
    }

    /// The entries of the new collection.
    func swapped() throws -> [Name: DocumentEntry] {
        try environment.withRead { transaction in
            var entries: [Name: DocumentEntry] = [:]
            let cursor = try Cursor(next, in: transaction)
            while let (_, value) = try cursor.nextBytes() {
                if let (name, entry) = Self.named(value) { entries[Name(name)] = entry }
            }
            return entries
        }
    }

    /// Stores that the new collection has replaced the old one.
    func endSwap(_ provenance: Provenance, _ entries: [Name: DocumentEntry]) throws {
        var provenance = provenance
        provenance.spool = nil
        try environment.withWrite { transaction in
            if try transaction.bytes(Self.standingKey, in: about) != nil {
                for (name, entry) in entries {
                    let key = Self.key(name.text)
                    let old = try transaction.bytes(key, in: files).flatMap(Self.entry)
                    guard let digest = entry.version?.digest, digest != old?.version?.digest
                    else { continue }
                    try transaction.put(key, Self.value(name.text, []), in: due)
                }
            }
            try transaction.clear(files)
            try transaction.clear(next)
            for (name, entry) in entries {
                try transaction.put(
                    Self.key(name.text), Self.value(name.text, entry), in: files)
            }
            try transaction.put(Self.provenanceKey, provenance.json, in: about)
        }
    }

    // MARK: Keys and values

    /// Returns the key of a name; the key of a long name ends in a digest of the whole name.
    private static func key(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        if bytes.count <= longestKey { return bytes }
        return bytes.prefix(longestKey - 65) + [0] + SHA256.hex(of: bytes).utf8
    }

    /// Returns the name's length, the name, and the entry.
    private static func value(_ name: String, _ entry: DocumentEntry) -> [UInt8] {
        value(name, entry.bytes)
    }

    private static func value(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let length = name.utf8.count
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: length >> $0) } + name.utf8 + bytes
    }

    private static func length(_ value: [UInt8]) -> Int? {
        guard value.count >= 4 else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(value[$1]) << ($1 * 8) }
        return value.count >= 4 + length ? length : nil
    }

    private static func entry(_ value: [UInt8]) -> DocumentEntry? {
        length(value).flatMap { DocumentEntry(Array(value[(4 + $0)...])) }
    }

    private static func named(_ value: [UInt8]) -> (String, DocumentEntry)? {
        guard let length = length(value), let entry = entry(value) else { return nil }
        return (String(decoding: value[4..<4 + length], as: UTF8.self), entry)
    }
}
