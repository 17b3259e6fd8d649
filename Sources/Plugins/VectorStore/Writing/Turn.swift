/// A turn of maintenance on its way to a new catalog.
struct Turn {
    private let folder: Folder
    private var state: State
    /// The files that are removed if the turn fails.
    private var made: [String] = []
    private var hasCatalog = false

    init(_ state: State, _ folder: Folder) {
        self.state = state
        self.folder = folder
    }

    /// Puts the segments of the log into files, and merges some that are there.
    mutating func flush(_ merging: Plan.Merging = .due) throws(StoreError) {
        for number in state.collections.keys.sorted() {
            let collection = state.collections[number]!
            let groups =
                switch merging {
                case .log: collection.logAlone
                case .due: collection.merges
                case .all: collection.compacted() ?? []
                }
            for group in groups { try merge(group, in: number) }
        }
    }

    private mutating func merge(_ parts: [LiveSegment], in number: UInt32) throws(StoreError) {
        var segments = state.collections[number]!.segments
        let merged = Set(parts.map { ObjectIdentifier($0.segment) })
        segments.removeAll { merged.contains(ObjectIdentifier($0.segment)) }
        let layout = state.collections[number]!.layout
        if parts.contains(where: { $0.count > 0 }) {
            segments.append(
                LiveSegment(
                    try SegmentMerge(parts, layout).write(layout, newFile(.index), newFile(.places))
                ))
        }
        state.collections[number]!.segments = segments
    }

    private mutating func newFile(_ kind: Folder.Kind) -> (path: String, number: UInt32) {
        let number = state.nextFile
        state.nextFile += 1
        made.append(folder.file(kind, number))
        return (made.last!, number)
    }

    /// Moves the records that live out of some files, which are then removed.
    mutating func clean(_ files: [UInt32]) throws(StoreError) {
        let cleaned = Set(files)
        var found: [Found] = []
        for (number, collection) in state.collections {
            for (index, part) in collection.segments.enumerated() {
                let places = try part.segment.allPlaces()
                for slot in 0..<part.segment.count {
                    let place = Place(places, at: slot * Place.size)
                    if cleaned.contains(place.file), !part.dead.contains(UInt32(slot)) {
                        found.append(Found(number, index, slot, place))
                    }
                }
            }
        }
        found.sort {
            ($0.place.file, $0.place.offset) < ($1.place.file, $1.place.offset)
        }
        if cleaned.contains(state.activeRecords) { state.activeRecords = 0 }
        var writer = RecordWriter(state, folder)
        let moved = try move(&found, &writer)
        try writer.sync()
        for number in writer.files.keys where state.records[number] == nil {
            made.append(folder.file(.records, number))
        }
        state.records = writer.files
        state.activeRecords = writer.active
        state.nextFile = writer.nextFile
        for (number, segments) in moved {
            for (index, places) in segments { try replacePlaces(of: index, in: number, places) }
        }
        for file in files { state.records[file] = nil }
    }

    /// Adds a collection, with the next number.
    mutating func add(
        _ name: [UInt8], dimension: Int
    ) -> UInt32 {
        let number = state.nextCollection
        state.nextCollection += 1
        state.collections[number] = State.Collection(
            number: number, name: name, dimension: dimension)
        state.names[name] = number
        return number
    }

    /// Adds records that a writer has written.
    mutating func add(_ rows: SegmentRows, to number: UInt32) throws(StoreError) {
        var encoded = ByteWriter()
        rows.encode(to: &encoded)
        let source = MemoryBytes(encoded.bytes)
        var reader = ByteReader(source.all, source.path)
        let layout = state.collections[number]!.layout
        let segment = LiveSegment(try SegmentRows.segment(layout, &reader, source))
        state.collections[number]!.segments.append(segment)
        try merge([segment], in: number)
    }

    /// Takes over the record files that a writer has finished.
    mutating func adopt(_ writer: RecordWriter) {
        state.records = writer.files
        state.activeRecords = writer.active
        // Numbers of files of different kinds may be the same.
        state.nextFile = max(state.nextFile, writer.nextFile)
    }

    /// A record that is moved.
    private struct Found {
        let collection: UInt32
        let segment: Int
        let slot: Int
        let place: Place

        init(_ collection: UInt32, _ segment: Int, _ slot: Int, _ place: Place) {
            self.collection = collection
            self.segment = segment
            self.slot = slot
            self.place = place
        }
    }

    private typealias Moved = [UInt32: [Int: [(slot: Int, place: Place)]]]

    private static let window = 4 << 20

    /// Appends records to other files, after looking at each of their bytes.
    private func move(
        _ found: inout [Found], _ writer: inout RecordWriter
    ) throws(StoreError) -> Moved {
        var moved: Moved = [:]
        var rest = found[...]
        while let first = rest.first {
            let start = Int(first.place.offset)
            let group = rest.prefix { record in
                record.place.file == first.place.file
                    && (Int(record.place.offset) + Int(record.place.length) - start <= Self.window
                        || record.place == first.place)
            }
            let file = try state.file(first.place.file).bytes
            let last = group.last!.place
            let bytes = try file.read(
                at: start, count: Int(last.offset) + Int(last.length) - start)
            for record in group {
                let offset = Int(record.place.offset) - start
                guard offset >= 0, offset + Int(record.place.length) <= bytes.count,
                    let frame = Frame(Array(bytes[offset..<offset + Int(record.place.length)])),
                    frame.isWhole, frame.check == record.place.check
                else { throw file.damage(record.place) }
                moved[record.collection, default: [:]][record.segment, default: []].append(
                    (record.slot, try writer.append(frame)))
            }
            rest = rest.dropFirst(group.count)
        }
        return moved
    }

    private mutating func replacePlaces(
        of index: Int, in number: UInt32, _ moved: [(slot: Int, place: Place)]
    ) throws(StoreError) {
        let part = state.collections[number]!.segments[index]
        var places = try part.segment.allPlaces().array
        for (slot, place) in moved {
            var writer = ByteWriter()
            place.append(to: &writer)
            places.replaceSubrange(slot * Place.size..<(slot + 1) * Place.size, with: writer.bytes)
        }
        let new = newFile(.places)
        var writer = try CheckedFileWriter(new.path, number: new.number)
        try writer.append(places)
        try writer.endSection()
        let checksum = try writer.finish().checksum
        let segment = try Segment(
            part.segment.layout, part.segment.file!,
            places: CheckedFile(new.path, number: new.number, checksum: checksum))
        state.collections[number]!.segments[index] = LiveSegment(segment, dead: part.dead)
    }

    /// Writes the new log and the catalog. Files that it does not name are removed.
    mutating func finish() throws(StoreError) {
        let log = newFile(.log)
        state.log = LogPosition(
            file: try LogFile(folder, log.number, .creating), end: LogFile.start, count: 0,
            last: nil)
        state.olderLogs = []
        for number in state.collections.keys { state.collections[number]!.forgetLog() }
        state.generation += 1
        for (number, file) in state.records
        where file.live <= RecordBytes.start && number != state.activeRecords {
            state.records[number] = nil
        }
        try folder.sync()
        try Catalog.writeNew(state, in: folder)
        // From here on the catalog may count, even if there is an error.
        hasCatalog = true
        try Catalog.adoptNew(in: folder)
        try folder.removeOthers([state])
    }

    /// Removes what a turn that failed has made.
    func abandon() {
        folder.remove(folder.newCatalog)
        if !hasCatalog { for path in made { folder.remove(path) } }
    }
}
