import XXHash

/// The file that says which other files a store consists of. It is written whole and renamed, and
/// the commits after it are in the log that it names.
struct Catalog {
    let file: DataFile
    let identity: DataFile.Identity
    private let bytes: [UInt8]

    private static let magic = Array("hector vectors\u{0}\u{0}".utf8)
    private static let format: UInt32 = 2

    /// Reads the catalog. Returns nil if there is none.
    init?(in folder: Folder) throws(StoreError) {
        guard folder.exists(folder.catalog) else { return nil }
        file = try DataFile(folder.catalog, .reading)
        identity = try file.identity
        bytes = try file.read(at: 0, count: identity.size)
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
    }

    /// The number of the catalog.
    var generation: UInt64 {
        BorrowedBytes.with(bytes) { $0.number(at: Self.magic.count + 4, as: UInt64.self) }
    }

    /// Opens the files that the catalog names.
    ///
    /// - Parameter old: A state whose open files may be used again.
    /// - Returns: The state without the commits of the log.
    func state(in folder: Folder, reusing old: State?) throws(StoreError) -> State {
        let contents = MemoryBytes(Array(bytes.dropLast(8)), path: file.path)
        var reader = ByteReader(contents.all, file.path, from: Self.magic.count + 4)
        let generation = try reader.number(UInt64.self)
        let logNumber = try reader.number(UInt32.self)
        let log = try LogFile(folder, logNumber, .reading)
        var state = State(
            log: LogPosition(file: log, end: LogFile.start, count: 0, last: nil))
        state.generation = generation
        state.nextFile = try reader.number()
        state.nextCollection = try reader.number()
        state.activeRecords = try reader.number()
        for _ in 0..<(try reader.count()) {
            let number = try reader.number(UInt32.self)
            let end = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            let live = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            state.records[number] = RecordFile(
                bytes: old?.records[number]?.bytes ?? RecordBytes(folder, number), end: end,
                live: live)
        }
        for _ in 0..<(try reader.count()) {
            let collection = try Self.collection(&reader, folder, file.path, old)
            state.names[collection.name] = collection.number
            state.collections[collection.number] = collection
        }
        guard reader.isAtEnd else {
            throw .damage(file.path, "its contents do not fit together")
        }
        return state
    }

    private static func collection(
        _ reader: inout ByteReader, _ folder: Folder, _ path: String, _ old: State?
    ) throws(StoreError) -> State.Collection {
        let number = try reader.number(UInt32.self)
        let name = try reader.counted()
        let dimension = Int(try reader.number(UInt32.self))
        guard (1...Limits.dimension).contains(dimension) else {
            throw .damage(path, "its contents do not fit together")
        }
        var collection = State.Collection(number: number, name: name, dimension: dimension)
        collection.properties = try reader.properties()
        for _ in 0..<(try reader.count()) {
            let file = (
                number: try reader.number(UInt32.self), checksum: try reader.number(UInt64.self)
            )
            let places = (
                number: try reader.number(UInt32.self), checksum: try reader.number(UInt64.self)
            )
            let count = Int(try reader.number(UInt32.self))
            let words = Int(try reader.number(UInt32.self))
            guard words == 0 || words == (count + 63) / 64 else {
                throw .damage(path, "its contents do not fit together")
            }
            var dead = SlotMask(slots: count)
            if words > 0 {
                var read: [UInt64] = []
                read.reserveCapacity(words)
                for _ in 0..<words { read.append(try reader.number()) }
                dead = SlotMask(words: read)
            }
            let known = old?.collections[number]?.segments.first {
                $0.segment.file?.header.checksum == file.checksum
            }?.segment
            let segment: Segment
            if let known, known.placesFile?.header.checksum == places.checksum {
                segment = known
            } else {
                var index = known?.file
                if index == nil {
                    index = try CheckedFile(
                        folder.file(.index, file.number), number: file.number,
                        checksum: file.checksum)
                }
                segment = try Segment(
                    collection.layout, index!,
                    places: CheckedFile(
                        folder.file(.places, places.number), number: places.number,
                        checksum: places.checksum))
            }
            guard segment.count == count else {
                throw .damage(path, "its contents do not fit together")
            }
            collection.segments.append(LiveSegment(segment, dead: dead))
        }
        return collection
    }

    /// Writes a catalog for a state whose records are all in index files. It does not count before it
    /// is adopted.
    static func writeNew(_ state: State, in folder: Folder) throws(StoreError) {
        var writer = ByteWriter(bytes: magic)
        writer.append(format)
        writer.append(state.generation)
        writer.append(state.log!.file.number)
        writer.append(state.nextFile)
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
        append(UInt32(collection.segments.count))
        for part in collection.segments {
            let (file, places) = (part.segment.file!, part.segment.placesFile!)
            append(file.number)
            append(file.header.checksum)
            append(places.number)
            append(places.header.checksum)
            append(UInt32(part.segment.count))
            let words = part.dead.count == 0 ? [] : part.dead.words
            append(UInt32(words.count))
            append(all: words)
        }
    }
}
