/// A change of the list of collections.
enum Operation: Sendable {
    case create(number: UInt32, name: [UInt8], dimension: Int, properties: [String: String])
    case setProperties(number: UInt32, [String: String])
    case rename(number: UInt32, [UInt8])
    case drop(number: UInt32)
}

/// A commit as the log has it: all that turns one state into the next.
struct Batch: Sendable {
    var operations: [Operation] = []
    var nextFile: UInt32 = 0
    var nextCollection: UInt32 = 0
    var activeRecords: UInt32 = 0
    /// The record files that changed, with their new lengths.
    var records: [(number: UInt32, end: Int, live: Int)] = []
    var parts: [Part] = []

    /// The changes of a collection.
    struct Part: Sendable {
        let collection: UInt32
        /// The slots that die, each after the number of its segment's file, or 0 for the log.
        var dead: [(file: UInt32, slot: UInt32)] = []
        var rows = SegmentRows()
        /// The number of records afterwards, by which missing ones are noticed.
        var count = 0
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(parts.reduce(4096) { $0 + $1.dead.count * 8 + $1.rows.size })
        writer.append(UInt32(operations.count))
        for operation in operations { operation.encode(to: &writer) }
        writer.append(nextFile)
        writer.append(nextCollection)
        writer.append(activeRecords)
        writer.append(UInt32(records.count))
        for record in records {
            writer.append(record.number)
            writer.append(UInt64(record.end))
            writer.append(UInt64(record.live))
        }
        writer.append(UInt32(parts.count))
        for part in parts {
            writer.append(part.collection)
            writer.append(UInt64(part.count))
            writer.append(UInt32(part.dead.count))
            for dead in part.dead {
                writer.append(dead.file)
                writer.append(dead.slot)
            }
            part.rows.encode(to: &writer)
        }
        return writer.bytes
    }
}

extension Operation {
    fileprivate func encode(to writer: inout ByteWriter) {
        switch self {
        case .create(let number, let name, let dimension, let properties):
            writer.append(UInt32(0))
            writer.append(number)
            writer.append(counted: name)
            writer.append(UInt32(dimension))
            writer.append(properties)
        case .setProperties(let number, let properties):
            writer.append(UInt32(1))
            writer.append(number)
            writer.append(properties)
        case .rename(let number, let name):
            writer.append(UInt32(2))
            writer.append(number)
            writer.append(counted: name)
        case .drop(let number):
            writer.append(UInt32(3))
            writer.append(number)
        }
    }

    fileprivate init(_ reader: inout ByteReader, _ damage: StoreError) throws(StoreError) {
        let kind = try reader.number(UInt32.self)
        let number = try reader.number(UInt32.self)
        switch kind {
        case 0:
            let name = try reader.counted()
            let dimension = Int(try reader.number(UInt32.self))
            guard (1...Limits.dimension).contains(dimension) else { throw damage }
            self = .create(
                number: number, name: name, dimension: dimension,
                properties: try reader.properties())
        case 1: self = .setProperties(number: number, try reader.properties())
        case 2: self = .rename(number: number, try reader.counted())
        case 3: self = .drop(number: number)
        default: throw damage
        }
    }
}

extension State {
    /// Takes in a commit of the log.
    mutating func apply(_ entry: LogFile.Entry, _ folder: Folder) throws(StoreError) {
        let contents = entry.contents
        let damage = StoreError.damage(contents.path, "its contents do not fit together")
        var reader = ByteReader(contents.all, contents.path)
        for _ in 0..<(try reader.count()) { try apply(Operation(&reader, damage), damage) }
        // Files may have been numbered since, for logs and for what is made of them.
        nextFile = max(nextFile, try reader.number())
        nextCollection = try reader.number()
        activeRecords = try reader.number()
        for _ in 0..<(try reader.count()) {
            let number = try reader.number(UInt32.self)
            let end = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            let live = Int(truncatingIfNeeded: try reader.number(UInt64.self))
            let bytes = records[number]?.bytes ?? RecordBytes(folder, number)
            records[number] = RecordFile(bytes: bytes, end: end, live: live)
        }
        for _ in 0..<(try reader.count()) {
            let number = try reader.number(UInt32.self)
            guard collections[number] != nil else { throw damage }
            try collections[number]!.apply(&reader, contents, damage)
        }
        guard reader.isAtEnd else { throw damage }
        log!.last = (log!.end, entry.checksum)
        log!.end = entry.end
        log!.count += 1
    }

    mutating func apply(_ operation: Operation, _ damage: StoreError) throws(StoreError) {
        switch operation {
        case .create(let number, let name, let dimension, let properties):
            var new = Collection(number: number, name: name, dimension: dimension)
            new.properties = properties
            collections[number] = new
            names[name] = number
        case .setProperties(let number, let properties):
            guard collections[number] != nil else { throw damage }
            collections[number]!.properties = properties
        case .rename(let number, let name):
            guard let old = collections[number]?.name else { throw damage }
            names[old] = nil
            names[name] = number
            collections[number]!.name = name
        case .drop(let number):
            guard let old = collections.removeValue(forKey: number) else { throw damage }
            if names[old.name] == number { names[old.name] = nil }
        }
    }
}

extension State.Collection {
    fileprivate mutating func apply(
        _ reader: inout ByteReader, _ contents: MemoryBytes, _ damage: StoreError
    ) throws(StoreError) {
        let expected = Int(truncatingIfNeeded: try reader.number(UInt64.self))
        for _ in 0..<(try reader.count()) {
            let file = try reader.number(UInt32.self)
            guard let place = find(try reader.number(), in: file) else { throw damage }
            segments[place.segment].dead.insert(UInt32(place.slot))
        }
        let segment = try SegmentRows.segment(layout, &reader, contents)
        if segment.count > 0 {
            segments.append(LiveSegment(segment, base: logSlots))
            logSlots += UInt32(segment.count)
            try mergeSmallOnes()
        }
        guard count == expected else { throw damage }
    }

    /// Merges segments of the log in memory, so that there are few, each record a few times. Those of
    /// older logs stay as they are.
    private mutating func mergeSmallOnes() throws(StoreError) {
        func tier(_ part: LiveSegment) -> Int {
            part.segment.file != nil
                ? .max : (Int.bitWidth - part.segment.count.leadingZeroBitCount) / 3
        }
        while segments.count >= 8 {
            let last = segments.suffix(8)
            guard let smallest = segments.last.map(tier), last.allSatisfy({ tier($0) <= smallest }),
                last.first!.base! >= olderLogSlots
            else { return }
            let merge = SegmentMerge(Array(last), layout, keepsDead: true)
            let merged = LiveSegment(
                try merge.inMemory(), dead: merge.dead, base: last.first!.base)
            segments.removeLast(8)
            segments.append(merged)
        }
    }
}
