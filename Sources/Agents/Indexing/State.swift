internal import LMDB
internal import OpenSSL

/// The known facts about a collection: its documents, and the settings with which it was made.
///
/// It is written before the database is asked for a change, and again after the database has
/// acknowledged it, so that it never claims too much.
final class State: Sendable {
    private let environment: Environment
    private let files: Database

    /// The contents of a fresh collection that is not in use yet.
    private let next: Database
    private let about: Database

    private static let makingKey = Array("making".utf8)
    private static let lastRunKey = Array("last run".utf8)

    /// A length below LMDB's limit of 511.
    private static let longestKey = 500

    /// - Parameter folder: An existing folder. Only one process at a time may use it.
    init(folder: String) throws {
        environment = try Environment(folder: folder, databases: 3)
        let environment = environment
        (files, next, about) = try environment.withWrite { transaction in
            (
                try environment.database("files", in: transaction),
                try environment.database("next", in: transaction),
                try environment.database("about", in: transaction)
            )
        }
    }

    var making: Making? {
        get throws {
            try environment.withRead { try $0.bytes(Self.makingKey, in: about) }
                .flatMap(Making.init(json:))
        }
    }

    func set(_ making: Making) throws {
        try environment.withWrite { try $0.put(Self.makingKey, making.json, in: about) }
    }

    /// The last run; nil if none has ended.
    var lastRun: LastRun? {
        get throws {
            try environment.withRead { try $0.bytes(Self.lastRunKey, in: about) }
                .flatMap(LastRun.init(json:))
        }
    }

    /// Records the result of a run, and the settings with which the collection is made, if it
    /// exists.
    func end(_ run: LastRun, _ making: Making?) throws {
        try environment.withWrite { transaction in
            try transaction.put(Self.lastRunKey, run.json, in: about)
            if let making { try transaction.put(Self.makingKey, making.json, in: about) }
        }
    }

    /// Returns the known facts about a document.
    func entry(_ name: String) throws -> Entry? {
        try environment.withRead { try $0.bytes(Self.key(name), in: files) }.flatMap(Self.entry)
    }

    /// Calls `body` with the known facts about each of these documents.
    ///
    /// - Returns: The number of all known documents.
    func lookUp(_ names: some Sequence<String>, _ body: (Entry?) throws -> Void) throws -> Int {
        try environment.withRead { transaction in
            for name in names {
                try body(transaction.bytes(Self.key(name), in: files).flatMap(Self.entry))
            }
            return try transaction.count(files)
        }
    }

    /// Calls `body` with each document that is known.
    func forEach(_ body: (String, Entry) throws -> Void) throws {
        try environment.withRead { transaction in
            let cursor = try Cursor(files, in: transaction)
            while let (_, value) = try cursor.nextBytes() {
                guard let (name, entry) = Self.named(value) else { continue }
                try body(name, entry)
            }
        }
    }

    /// Writes all these entries in one transaction; nil forgets a document.
    func commit(_ entries: [(name: String, entry: Entry?)]) throws {
        if entries.isEmpty { return }
        try environment.withWrite { transaction in
            for (name, entry) in entries {
                if let entry {
                    try transaction.put(Self.key(name), Self.value(name, entry), in: files)
                } else {
                    try transaction.delete(Self.key(name), in: files)
                }
            }
        }
    }

    // MARK: A fresh collection

    /// Records that a fresh collection is complete and is to replace the collection.
    ///
    /// - Parameter spool: The file that holds it.
    func beginSwap(
        to making: Making, _ spool: String, _ entries: [(name: String, entry: Entry)]
    ) throws {
        var making = making
        making.spool = spool
        try environment.withWrite { transaction in
            try transaction.clear(next)
            for (name, entry) in entries {
                try transaction.put(Self.key(name), Self.value(name, entry), in: next)
            }
            try transaction.put(Self.makingKey, making.json, in: about)
        }
    }

    /// Records that the fresh collection is lost, and that the remaining parts of it and of the old
    /// one are unknown. All documents are new then, and records of either may have to be deleted.
    func giveUpSwap() throws {
        guard let making = try making else { return }
        let fresh = try swapped()
        var entries = fresh.mapValues { Self.unsure([$0]) }
        try forEach { name, entry in
            let name = Name(name)
            entries[name] = Self.unsure([entry, fresh[name]].compactMap(\.self))
        }
        try endSwap(making, entries)
    }

    private static func unsure(_ entries: [Entry]) -> Entry {
        var entry = Entry()
        entry.isDirty = true
        entry.possible = entries.lazy.map { max($0.chunks, $0.possible) }.max() ?? 0
        return entry
    }

    /// Returns the contents of the collection after the swap.
    func swapped() throws -> [Name: Entry] {
        try environment.withRead { transaction in
            var entries: [Name: Entry] = [:]
            let cursor = try Cursor(next, in: transaction)
            while let (_, value) = try cursor.nextBytes() {
                if let (name, entry) = Self.named(value) { entries[Name(name)] = entry }
            }
            return entries
        }
    }

    /// Records that the fresh collection is in use.
    func endSwap(_ making: Making, _ entries: [Name: Entry]) throws {
        var making = making
        making.spool = ""
        try environment.withWrite { transaction in
            try transaction.clear(files)
            try transaction.clear(next)
            for (name, entry) in entries {
                try transaction.put(
                    Self.key(name.text), Self.value(name.text, entry), in: files)
            }
            try transaction.put(Self.makingKey, making.json, in: about)
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
    private static func value(_ name: String, _ entry: Entry) -> [UInt8] {
        let length = name.utf8.count
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: length >> $0) } + name.utf8
            + entry.bytes
    }

    private static func length(_ value: [UInt8]) -> Int? {
        guard value.count >= 4 else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(value[$1]) << ($1 * 8) }
        return value.count >= 4 + length ? length : nil
    }

    private static func entry(_ value: [UInt8]) -> Entry? {
        length(value).flatMap { Entry(Array(value[(4 + $0)...])) }
    }

    private static func named(_ value: [UInt8]) -> (String, Entry)? {
        guard let length = length(value), let entry = entry(value) else { return nil }
        return (String(decoding: value[4..<4 + length], as: UTF8.self), entry)
    }
}
