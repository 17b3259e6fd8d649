/// Changes on their way into one commit.
struct Edit {
    private let state: State
    private let folder: Folder
    private var names: [[UInt8]: UInt32]
    private var collections: [UInt32: CollectionEdit] = [:]
    private var operations: [Operation] = []
    private var nextCollection: UInt32
    /// The bytes that no longer live, by record file.
    private var killed: [UInt32: Int] = [:]

    /// A collection with the changes to it.
    private struct CollectionEdit {
        var collection: State.Collection
        var dead: [(file: UInt32, slot: UInt32)] = []
        /// The records to be written, or nil for those that the same commit takes back.
        var new: [EncodedRecord?] = []
        var places: [[UInt8]: Int] = [:]
    }

    init(_ state: State, _ folder: Folder) {
        self.state = state
        self.folder = folder
        names = state.names
        nextCollection = state.nextCollection
    }

    /// Applies a change. An error is about this change, which has then left no trace.
    mutating func apply(_ change: Change) throws(StoreError) {
        switch change {
        case .create(let name, let dimension, let properties):
            try create(name, dimension, properties)
        case .setProperties(let name, let properties):
            let number = try number(name)
            let old = collections[number]!.collection.properties[languageProperty]
            guard old == properties[languageProperty] else {
                throw StoreError(
                    "the language of collection '\(name)' cannot change: make another collection")
            }
            operations.append(.setProperties(number: number, properties))
            collections[number]!.collection.properties = properties
        case .drop(let name): try drop(try number(name, isWanted: false))
        case .move(let from, let to, let replaces): try move(from, to, replaces)
        case .upsert(let name, let record): try upsert(record, name)
        case .delete(let name, let id):
            let number = try number(name)
            let hash = BorrowedBytes.with(id) { $0.hash() }
            if let place = collections[number]!.places.removeValue(forKey: id) {
                collections[number]!.new[place] = nil
            } else if let old = try find(id, hash, number) {
                try kill(old, number)
            }
        }
    }

    /// Returns the number of a collection, which then has an entry in `collections`.
    private mutating func number(_ name: String, isWanted: Bool = true) throws(StoreError) -> UInt32
    {
        guard let number = names[Array(name.utf8)] else {
            throw StoreError.noCollection(name, isWanted: isWanted)
        }
        if collections[number] == nil {
            collections[number] = CollectionEdit(collection: state.collections[number]!)
        }
        return number
    }

    private mutating func create(
        _ name: String, _ dimension: Int, _ properties: [String: String]
    ) throws(StoreError) {
        let key = Array(name.utf8)
        if names[key] != nil {
            let existing = collections[try number(name)]!.collection.dimension
            guard existing == dimension else {
                throw StoreError(
                    "collection '\(name)' exists with dimension \(existing), not \(dimension)")
            }
            return
        }
        let number = nextCollection
        nextCollection += 1
        names[key] = number
        var new = State.Collection(number: number, name: key, dimension: dimension)
        new.properties = properties
        collections[number] = CollectionEdit(collection: new)
        operations.append(
            .create(number: number, name: key, dimension: dimension, properties: properties))
    }

    private mutating func drop(_ number: UInt32) throws(StoreError) {
        var freed: [UInt32: Int] = [:]
        for part in collections[number]!.collection.segments {
            let places = try part.segment.allPlaces()
            for slot in 0..<part.segment.count where !part.dead.contains(UInt32(slot)) {
                let place = Place(places, at: slot * Place.size)
                freed[place.file, default: 0] += Int(place.length)
            }
        }
        killed.merge(freed) { $0 + $1 }
        names[collections[number]!.collection.name] = nil
        collections[number] = nil
        operations.append(.drop(number: number))
    }

    private mutating func move(
        _ from: String, _ to: String, _ replaces: Bool
    ) throws(StoreError) {
        let number = try number(from, isWanted: false)
        if from.utf8.elementsEqual(to.utf8) { return }
        if names[Array(to.utf8)] != nil {
            guard replaces else { throw StoreError("there is a collection '\(to)' already") }
            try drop(try self.number(to))
        }
        names[Array(from.utf8)] = nil
        names[Array(to.utf8)] = number
        collections[number]!.collection.name = Array(to.utf8)
        operations.append(.rename(number: number, Array(to.utf8)))
    }

    private mutating func upsert(_ record: EncodedRecord, _ name: String) throws(StoreError) {
        let number = try number(name)
        let dimension = collections[number]!.collection.dimension
        guard record.codes.components.count == dimension else {
            throw StoreError.dimension(
                record.codes.components.count, of: "vector", in: name, dimension)
        }
        if let place = collections[number]!.places[record.id] {
            collections[number]!.new[place] = record
            return
        }
        if let old = try find(record.id, record.hash, number) {
            // Indexing the same documents again is common, and should cost nothing.
            if try holds(record, old, number) { return }
            try kill(old, number)
        }
        collections[number]!.places[record.id] = collections[number]!.new.count
        collections[number]!.new.append(record)
    }

    private typealias Found = (segment: Int, slot: Int)

    private func find(
        _ id: [UInt8], _ hash: UInt64, _ number: UInt32
    ) throws(StoreError) -> Found? {
        let segments = collections[number]!.collection.segments
        for place in segments.indices.reversed() {
            if let slot = try segments[place].slot(of: id, hash) { return (place, slot) }
        }
        return nil
    }

    /// Returns true if a slot has the same record.
    private func holds(
        _ record: EncodedRecord, _ found: Found, _ number: UInt32
    ) throws(StoreError) -> Bool {
        let segment = collections[number]!.collection.segments[found.segment].segment
        let place = try segment.place(of: found.slot)
        guard place.check == record.frame.check, Int(place.length) == record.frame.bytes.count
        else { return false }
        // A record that is damaged may be replaced.
        return (try? state.file(place.file).bytes.record(place))?.bytes == record.frame.bytes
    }

    private mutating func kill(_ found: Found, _ number: UInt32) throws(StoreError) {
        let part = collections[number]!.collection.segments[found.segment]
        let place = try part.segment.place(of: found.slot)
        killed[place.file, default: 0] += Int(place.length)
        collections[number]!.collection.segments[found.segment].dead.insert(UInt32(found.slot))
        if let file = part.segment.file {
            collections[number]!.dead.append((file.number, UInt32(found.slot)))
        } else {
            collections[number]!.dead.append((0, part.base! + UInt32(found.slot)))
        }
    }

    /// Appends the records to record files.
    ///
    /// - Returns: The commit, or nil if nothing changes.
    mutating func finish(_ records: inout RecordWriter) throws(StoreError) -> Batch? {
        var batch = Batch(operations: operations)
        for (number, edit) in collections.sorted(by: { $0.key < $1.key }) {
            let new = edit.new.compactMap { $0 }
            if new.isEmpty, edit.dead.isEmpty { continue }
            var part = Batch.Part(collection: number, dead: edit.dead)
            part.rows.rows.reserveCapacity(new.count)
            for record in new {
                let place = try records.append(record.frame)
                part.rows.rows.append(
                    SegmentRows.Row(place: place, id: record.id, codes: record.codes))
            }
            part.rows.texts = new.map(\.text)
            try part.rows.index(metadata: new.map { $0.frame.withRecord(\.pairs) ?? [] })
            part.count = edit.collection.count + new.count
            batch.parts.append(part)
        }
        if batch.parts.isEmpty, operations.isEmpty { return nil }
        for (file, count) in killed { try records.kill(count, in: file) }
        batch.records = try records.finish()
        batch.activeRecords = records.active
        batch.nextFile = records.nextFile
        batch.nextCollection = nextCollection
        return batch
    }
}
