internal import Configuration
internal import LMDB
internal import OpenSSL
package import Unix

/// The vectors of texts that were embedded before, which all stores of a user share, so that no text
/// is paid for twice.
///
/// A vector is found by its text, its embedder with the settings, and the model. The cache has a
/// limit: the vectors go first that were not used for the longest time.
package final class VectorCache: Sendable {
    private let environment: LMDB.Environment

    /// Small values, with the beginnings of the vectors, by the digests of the texts.
    private let heads: LMDB.Database

    /// The rests of the vectors. LMDB gives a large value whole pages, which a vector of 1,024 numbers
    /// would be just too long for.
    private let bodies: LMDB.Database

    /// The digests in the order of the days on which they were last used.
    private let order: LMDB.Database
    private let about: LMDB.Database

    package static let standardLimit = 1 << 30

    private static let format: UInt8 = 1
    private static let formatKey = Array("format".utf8)
    private static let limitKey = Array("limit".utf8)
    private static let bytesKey = Array("bytes".utf8)

    /// The number of bytes of a vector that are in its head.
    private static let headBytes = 64
    private static let dayBytes = 4

    /// The size in bytes of an entry besides the rest of its vector, roughly.
    private static let overhead = 260
    private static let page = 4096

    /// The number of days after which a use is noted again.
    private static let noteInterval = 7

    /// Returns the folder of the user's cache; nil without a home directory.
    package static func folder(_ environment: [String: String]) -> String? {
        BaseDirectories(environment: environment).cache.map { "\($0)/hector/vectors" }
    }

    /// - Parameter folder: A folder, which is made if it does not exist. Only once in a process.
    package init(folder: String) throws {
        try PrivateFile.makeDirectory(folder)
        environment = try LMDB.Environment(folder: folder, databases: 4)
        let environment = environment
        (heads, bodies, order, about) = try environment.withWrite { transaction in
            let heads = try environment.database("heads", in: transaction)
            let bodies = try environment.database("bodies", in: transaction)
            let order = try environment.database("order", in: transaction)
            let about = try environment.database("about", in: transaction)
            let format = try transaction.bytes(Self.formatKey, in: about)
            if format != [Self.format] {
                for database in [heads, bodies, order, about] { try transaction.clear(database) }
                try transaction.put(Self.formatKey, [Self.format], in: about)
            }
            return (heads, bodies, order, about)
        }
    }

    /// Deletes the cache. Processes that have it open go on with what they see.
    package static func clear(folder: String) throws(SystemError) {
        for name in ["data.mdb", "lock.mdb"] {
            do throws(SystemError) { try File.remove("\(folder)/\(name)") } catch {
                if !error.isAbsence { throw error }
            }
        }
    }

    // MARK: Makers

    /// An embedder with its settings.
    package struct Maker: Sendable, Equatable {
        let digest: String

        /// Returns nil for an embedder that computes vectors for nothing.
        ///
        /// - Parameters:
        ///   - location: The program or the address.
        ///   - settings: The settings. Secrets among them do not matter.
        package init?(plugin name: String, at location: String, settings: [String: String]) {
            var location = location
            if Path.parent(of: location) == Directory.ofPrograms {
                // It takes longer to find a vector of this one than to make it.
                if Path.name(of: location) == "hash-embedder" { return nil }
                location = Path.name(of: location)
            }
            self.init(
                name: name, location: location,
                settings: settings.filter { !Settings.isSecret($0.key) })
        }

        init(name: String, location: String, settings: [String: String]) {
            var parts = [name, location]
            for (key, value) in settings.sorted(by: { $0.key < $1.key }) { parts += [key, value] }
            digest = SHA256.hex(of: Array(parts.joined(separator: "\0").utf8))
        }
    }

    /// Returns the model that the embedder had when it was last used; nil if it was not.
    package func model(of maker: Maker) throws -> String? {
        try environment.withRead { try $0.bytes(Self.modelKey(maker), in: about) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func modelKey(_ maker: Maker) -> [UInt8] { Array("model \(maker.digest)".utf8) }

    /// Returns the digest of a text, by which its vector is found.
    package static func key(_ text: String, maker: Maker, model: String) -> [UInt8] {
        let hex = SHA256.hex(of: Array("\(maker.digest)\0\(model)\0\(text)".utf8))
        return Array(hex.utf8)
    }

    // MARK: Vectors

    /// Returns the vector of each key; nil for one that is not there.
    package func vectors(_ keys: [[UInt8]]) throws -> [[Float]?] {
        let today = Self.today
        var used: [(key: [UInt8], day: Int)] = []
        let found = try environment.withRead { transaction in
            try keys.map { key -> [Float]? in
                guard let head = try transaction.bytes(key, in: heads),
                    head.count >= Self.dayBytes
                else { return nil }
                let day = Self.integer(head.prefix(Self.dayBytes))
                if day + Self.noteInterval <= today { used.append((key, day)) }
                let body = try transaction.bytes(key, in: bodies) ?? []
                return Self.vector(head.dropFirst(Self.dayBytes) + body)
            }
        }
        if !used.isEmpty { try note(used, today) }
        return found
    }

    /// Returns the number of keys that are there.
    package func count(of keys: [[UInt8]]) throws -> Int {
        try environment.withRead { transaction in
            var count = 0
            for key in keys where try transaction.bytes(key, in: heads) != nil { count += 1 }
            return count
        }
    }

    private func note(_ used: [(key: [UInt8], day: Int)], _ today: Int) throws {
        try environment.withWrite { transaction in
            for (key, day) in used {
                guard let head = try transaction.bytes(key, in: heads) else { continue }
                try transaction.delete(Self.bytes(day) + key, in: order)
                try transaction.put(Self.bytes(today) + key, [], in: order)
                try transaction.put(
                    key, Self.bytes(today) + head.dropFirst(Self.dayBytes), in: heads)
            }
        }
    }

    /// Keeps vectors, and the model that made them.
    package func put(
        _ entries: [(key: [UInt8], vector: [Float])], maker: Maker, model: String
    ) throws {
        let today = Self.today
        try environment.withWrite { transaction in
            var bytes = try transaction.bytes(Self.bytesKey, in: about).map(Self.integer) ?? 0
            for (key, vector) in entries {
                if try transaction.bytes(key, in: heads) != nil { continue }
                let value = Self.bytes(vector)
                let body = Array(value.dropFirst(Self.headBytes))
                try transaction.put(
                    key, Self.bytes(today) + value.prefix(Self.headBytes), in: heads)
                if !body.isEmpty { try transaction.put(key, body, in: bodies) }
                try transaction.put(Self.bytes(today) + key, [], in: order)
                bytes += Self.size(body.count)
            }
            let limit = try transaction.bytes(Self.limitKey, in: about).map(Self.integer)
            try shrink(&bytes, to: limit ?? Self.standardLimit, transaction)
            try transaction.put(Self.bytesKey, Self.wide(bytes), in: about)
            try transaction.put(Self.modelKey(maker), Array(model.utf8), in: about)
        }
    }

    /// Removes the vectors that were not used for the longest time, with some room for new ones.
    private func shrink(
        _ bytes: inout Int, to limit: Int, _ transaction: borrowing WriteTransaction
    ) throws {
        if bytes <= limit { return }
        let cursor = try Cursor(order, in: transaction)
        while bytes > limit / 10 * 9, let (name, _) = try cursor.nextBytes() {
            let key = Array(name.dropFirst(Self.dayBytes))
            let body = try transaction.bytes(key, in: bodies)?.count ?? 0
            try transaction.delete(key, in: heads)
            try transaction.delete(key, in: bodies)
            try cursor.delete()
            bytes -= Self.size(body)
        }
        if bytes < 0 { bytes = 0 }
    }

    // MARK: Size

    package struct Facts: Sendable {
        package let vectors: Int

        /// The bytes on the disk that vectors take, roughly, and the most that they may take.
        package let bytes, limit: Int
    }

    package var facts: Facts {
        get throws {
            try environment.withRead { transaction in
                Facts(
                    vectors: try transaction.count(heads),
                    bytes: try transaction.bytes(Self.bytesKey, in: about).map(Self.integer) ?? 0,
                    limit: try transaction.bytes(Self.limitKey, in: about).map(Self.integer)
                        ?? Self.standardLimit)
            }
        }
    }

    /// Sets the most bytes, and removes what is over it.
    package func limit(to limit: Int) throws {
        try environment.withWrite { transaction in
            var bytes = try transaction.bytes(Self.bytesKey, in: about).map(Self.integer) ?? 0
            try transaction.put(Self.limitKey, Self.wide(limit), in: about)
            try shrink(&bytes, to: limit, transaction)
            try transaction.put(Self.bytesKey, Self.wide(bytes), in: about)
        }
    }

    /// Returns the room of an entry, of which a long rest has pages of its own.
    private static func size(_ body: Int) -> Int {
        overhead + (body > page / 2 ? (body + 16 + page - 1) / page * page : body)
    }

    // MARK: Encoding

    /// The number of days since 1970.
    private static var today: Int { Timestamp.now.microseconds / 86_400_000_000 }

    private static func bytes(_ day: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: day >> $0) }
    }

    private static func wide(_ number: Int) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Returns a number of up to eight bytes, the highest first.
    private static func integer(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func bytes(_ vector: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vector.count * 4)
        for number in vector {
            let bits = number.bitPattern
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
        }
        return bytes
    }

    private static func vector(_ bytes: ArraySlice<UInt8>) -> [Float]? {
        if bytes.isEmpty || bytes.count % 4 != 0 { return nil }
        var vector: [Float] = []
        vector.reserveCapacity(bytes.count / 4)
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let bits =
                UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8
                | UInt32(bytes[position + 2]) << 16 | UInt32(bytes[position + 3]) << 24
            vector.append(Float(bitPattern: bits))
            position += 4
        }
        return vector
    }
}
