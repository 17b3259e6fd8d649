internal import LMDB
internal import OpenSSL

/// What is known of a collection: which documents are in it, and what it was made with.
///
/// Written before the database is asked to change something, and again when it has acknowledged
/// that, so that it never claims more than is so.
final class State: Sendable {
    private let environment: Environment
    private let files: Database

    /// What a fresh collection will have, while it is not the collection yet.
    private let next: Database
    private let about: Database

    private static let makingKey = Array("making".utf8)
    private static let lastRunKey = Array("last run".utf8)

    /// LMDB's limit is 511.
    private static let longestKey = 500

    /// - Parameter folder: Must be there. One process at a time may have it.
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

    /// Nil if none has ended.
    var lastRun: LastRun? {
        get throws {
            try environment.withRead { try $0.bytes(Self.lastRunKey, in: about) }
                .flatMap(LastRun.init(json:))
        }
    }

    /// Says how a run has ended, and what the collection is made with, if it has been made.
    func end(_ run: LastRun, _ making: Making?) throws {
        try environment.withWrite { transaction in
            try transaction.put(Self.lastRunKey, run.json, in: about)
            if let making { try transaction.put(Self.makingKey, making.json, in: about) }
        }
    }

    /// What is known of a document.
    func entry(_ name: String) throws -> Entry? {
        try environment.withRead { try $0.bytes(Self.key(name), in: files) }.flatMap(Self.entry)
    }

    /// Calls `body` with what is known of each of these documents.
    ///
    /// - Returns: How many documents are known at all.
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

    /// Writes all of these at once; nil forgets a document.
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

    /// Says that a fresh collection is complete and is to become the collection.
    ///
    /// - Parameter spool: Where it is.
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

    /// Says that the fresh collection is lost, and that nobody knows how much of it or of the old
    /// one there is. All documents are new then, and records of either may have to be deleted.
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

    /// What is to be in the collection once it has been swapped.
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

    /// Says that the fresh collection is the collection.
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

    /// A long name ends in a digest of all of it.
    private static func key(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        if bytes.count <= longestKey { return bytes }
        return bytes.prefix(longestKey - 65) + [0] + SHA256.hex(of: bytes).utf8
    }

    /// The name's length, the name, the entry.
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
