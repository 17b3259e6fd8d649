extension State {
    /// Opens the files that a catalog names. The commits of the logs are not yet in this state, whose
    /// log is the oldest.
    ///
    /// - Parameter old: A state whose open files may be used again.
    init(_ catalog: Catalog, in folder: Folder, reusing old: State?) throws(StoreError) {
        let log = try LogFile(folder, catalog.logs[0], .reading)
        self.init(log: LogPosition(file: log, end: LogFile.start, count: 0, last: nil))
        generation = catalog.generation
        nextFile = catalog.nextFile
        nextCollection = catalog.nextCollection
        activeRecords = catalog.activeRecords
        for (number, end, live) in catalog.records {
            records[number] = RecordFile(
                bytes: old?.records[number]?.bytes ?? RecordBytes(folder, number), end: end,
                live: live)
        }
        for entry in catalog.collections {
            var collection = entry.facts
            for segment in entry.segments {
                collection.segments.append(
                    try LiveSegment(
                        segment, collection, in: folder,
                        reusing: old?.collections[collection.number]))
            }
            names[collection.name] = collection.number
            collections[collection.number] = collection
        }
    }
}

extension LiveSegment {
    init(
        _ entry: Catalog.Segment, _ collection: State.Collection, in folder: Folder,
        reusing old: State.Collection?
    ) throws(StoreError) {
        let known = old?.segments.first {
            $0.segment.file?.header.checksum == entry.index.checksum
        }?.segment
        let segment: Segment
        if let known, known.placesFile?.header.checksum == entry.places.checksum {
            segment = known
        } else {
            var index = known?.file
            if index == nil {
                index = try CheckedFile(
                    folder.file(.index, entry.index.number), number: entry.index.number,
                    checksum: entry.index.checksum)
            }
            segment = try Segment(
                collection.layout, index!,
                places: CheckedFile(
                    folder.file(.places, entry.places.number), number: entry.places.number,
                    checksum: entry.places.checksum))
        }
        guard segment.count == entry.count else {
            throw .damage(folder.catalog, "its contents do not fit together")
        }
        self.init(segment, dead: entry.dead, aliases: entry.aliases)
    }
}
