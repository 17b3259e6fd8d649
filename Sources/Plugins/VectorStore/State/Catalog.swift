import XXHash

/// The file that says which other files a store consists of. It is written whole and renamed, and
/// the commits after it are in the log that it names.
struct Catalog {
    /// The open file, so that its inode does not go to the next catalog.
    let file: DataFile
    let identity: DataFile.Identity
    let generation: UInt64
    /// The numbers of the logs, oldest first.
    let logs: [UInt32]
    let nextFile: UInt32
    let nextCollection: UInt32
    let activeRecords: UInt32
    private(set) var records: [(number: UInt32, end: Int, live: Int)] = []
    private(set) var collections: [Collection] = []
    /// All that follows the logs and `nextFile`.
    private let rest: [UInt8]

    /// A collection with the files of its segments.
    struct Collection {
        /// Without segments.
        let facts: State.Collection
        fileprivate(set) var segments: [Segment] = []
    }

    /// The files of a segment, each with the checksum of its trailer, and the slots that are dead.
    struct Segment {
        let index: (number: UInt32, checksum: UInt64)
        let places: (number: UInt32, checksum: UInt64)
        let count: Int
        let dead: SlotSet
        let aliases: [LiveSegment.Alias]
    }

    private static let magic = Array("hector vectors\u{0}\u{0}".utf8)
    private static let format: UInt32 = 3

    /// Reads the catalog. Returns nil if there is none.
    init?(in folder: Folder) throws(StoreError) {
        guard folder.exists(folder.catalog) else { return nil }
        file = try DataFile(folder.catalog, .reading)
        identity = try file.identity
        let contents = MemoryBytes(try Self.contents(of: file, identity.size), path: file.path)
        var reader = ByteReader(contents.all, file.path)
        generation = try reader.number()
        nextFile = try reader.number()
        var logs: [UInt32] = []
        for _ in 0..<(try reader.count()) { logs.append(try reader.number()) }
        self.logs = logs
        rest = contents.all.slice(reader.place..<contents.all.count).array
        nextCollection = try reader.number()
        activeRecords = try reader.number()
        for _ in 0..<(try reader.count()) {
            let number = try reader.number(UInt32.self)
            let end = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            let live = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            records.append((number, end, live))
        }
        for _ in 0..<(try reader.count()) {
            collections.append(try Self.collection(&reader, file.path))
        }
        guard reader.isAtEnd, !logs.isEmpty else {
            throw .damage(file.path, "its contents do not fit together")
        }
    }

    /// Returns what is between the format and the checksum.
    private static func contents(of file: DataFile, _ size: Int) throws(StoreError) -> [UInt8] {
        let bytes = try file.read(at: 0, count: size)
        guard bytes.count >= Self.magic.count + 12, bytes.starts(with: Self.magic) else {
            throw .damage(file.path, "its first bytes are not those that were written")
        }
        let (body, format, hash) = BorrowedBytes.with(bytes) { bytes in
            (
                bytes.slice(0..<bytes.count - 8).hash(),
                bytes.number(at: Self.magic.count, as: UInt32.self),
                bytes.number(at: bytes.count - 8, as: UInt64.self)
            )
        }
        guard body == hash else {
            throw .damage(file.path, "its bytes are not those that were written")
        }
        guard format == Self.format else {
            throw StoreError(
                "cannot use '\(file.path)': it has format \(format), and this version of Hector "
                    + "reads format \(Self.format): use the version that wrote it, or another 'path'"
            )
        }
        return Array(bytes[(Self.magic.count + 4)..<(bytes.count - 8)])
    }

    private static func collection(
        _ reader: inout ByteReader, _ path: String
    ) throws(StoreError) -> Collection {
        let damage = StoreError.damage(path, "its contents do not fit together")
        let number = try reader.number(UInt32.self)
        let name = try reader.counted()
        let dimension = Int(try reader.number(UInt32.self))
        guard (1...Limits.dimension).contains(dimension) else { throw damage }
        var facts = State.Collection(number: number, name: name, dimension: dimension)
        facts.properties = try reader.properties()
        facts.logSlots = try reader.number()
        facts.olderLogSlots = facts.logSlots
        var collection = Collection(facts: facts)
        for _ in 0..<(try reader.count()) {
            let index = (try reader.number(UInt32.self), try reader.number(UInt64.self))
            let places = (try reader.number(UInt32.self), try reader.number(UInt64.self))
            let count = Int(try reader.number(UInt32.self))
            var aliases: [LiveSegment.Alias] = []
            for _ in 0..<(try reader.count()) {
                let alias = LiveSegment.Alias(
                    file: try reader.number(), first: try reader.number(),
                    start: try reader.number(), count: try reader.number())
                guard Int(alias.start) + Int(alias.count) <= count else { throw damage }
                aliases.append(alias)
            }
            let words = Int(try reader.number(UInt32.self))
            guard words == 0 || words == (count + 63) / 64 else { throw damage }
            var dead = SlotSet(universe: count)
            if words > 0 {
                var read: [UInt64] = []
                read.reserveCapacity(words)
                for _ in 0..<words { read.append(try reader.number()) }
                dead = SlotSet(words: read, universe: count)
            }
            collection.segments.append(
                Segment(
                    index: index, places: places, count: count, dead: dead,
                    aliases: aliases))
        }
        return collection
    }
}

// MARK: Writing

extension Catalog {
    /// Writes a catalog for a state whose records are all in index files, and whose log is empty. It
    /// does not count before it is adopted.
    static func writeNew(_ state: State, in folder: Folder) throws(StoreError) {
        var writer = ByteWriter()
        writer.append(state.nextCollection)
        writer.append(state.activeRecords)
        writer.append(UInt32(state.records.count))
        for (number, file) in state.records.sorted(by: { $0.key < $1.key }) {
            writer.append(number)
            writer.append(UInt64(file.end))
            writer.append(UInt64(file.live))
        }
        writer.append(UInt32(state.collections.count))
        for (_, collection) in state.collections.sorted(by: { $0.key < $1.key }) {
            writer.append(collection)
        }
        try write(
            writer.bytes, generation: state.generation, nextFile: state.nextFile,
            logs: [state.log!.file.number], in: folder)
    }

    /// Writes a catalog that has another log after those of this one.
    func writeNew(
        generation: UInt64, nextFile: UInt32, log: UInt32, in folder: Folder
    ) throws(StoreError) {
        try Self.write(
            rest, generation: generation, nextFile: nextFile, logs: logs + [log], in: folder)
    }

    private static func write(
        _ rest: [UInt8], generation: UInt64, nextFile: UInt32, logs: [UInt32], in folder: Folder
    ) throws(StoreError) {
        var writer = ByteWriter(bytes: magic)
        writer.append(format)
        writer.append(generation)
        writer.append(nextFile)
        writer.append(UInt32(logs.count))
        for log in logs { writer.append(log) }
        writer.bytes += rest
        writer.append(XXHash.hash(writer.bytes))
        let file = try DataFile(folder.newCatalog, .creating)
        try file.write(writer.bytes, at: 0)
        try file.sync()
    }

    /// Puts the new catalog in place of the old one, durably.
    static func adoptNew(in folder: Folder) throws(StoreError) {
        try folder.rename(folder.newCatalog, to: folder.catalog)
        try folder.sync()
    }
}

extension ByteWriter {
    fileprivate mutating func append(_ collection: State.Collection) {
        append(collection.number)
        append(counted: collection.name)
        append(UInt32(collection.dimension))
        append(collection.properties)
        append(collection.logSlots)
        append(UInt32(collection.segments.count))
        for part in collection.segments {
            let (file, places) = (part.segment.file!, part.segment.placesFile!)
            append(file.number)
            append(file.header.checksum)
            append(places.number)
            append(places.header.checksum)
            append(UInt32(part.segment.count))
            append(UInt32(part.aliases.count))
            for alias in part.aliases {
                append(alias.file)
                append(alias.first)
                append(alias.start)
                append(alias.count)
            }
            let words = part.dead.isEmpty ? [] : part.dead.words
            append(UInt32(words.count))
            append(all: words)
        }
    }
}
