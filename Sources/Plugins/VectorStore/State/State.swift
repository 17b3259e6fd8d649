/// All that a store holds after a certain commit: which files, which slots of them, and the
/// collections that they belong to.
struct State: Sendable {
    /// The number of the catalog.
    var generation: UInt64 = 0
    /// The numbers of the next file and collection. None is used twice.
    var nextFile: UInt32 = 1
    var nextCollection: UInt32 = 1
    var collections: [UInt32: Collection] = [:]
    var names: [[UInt8]: UInt32] = [:]
    var records: [UInt32: RecordFile] = [:]
    /// The record file that is appended to, or 0.
    var activeRecords: UInt32 = 0
    /// The logs before the latest one, oldest first: those that are being made a file of.
    var olderLogs: [LogPosition] = []
    /// Nil for a state that no log goes on: one without collections, or a converted one.
    var log: LogPosition?

    struct Collection: Sendable {
        let number: UInt32
        var name: [UInt8]
        let layout: CodeLayout
        var properties: [String: String] = [:]
        /// Those in files come before those of the log, which are in the order of their slots.
        var segments: [LiveSegment] = []
        /// The number of slots that the logs have had since they were last empty, and the number
        /// before the latest log was begun.
        var logSlots: UInt32 = 0
        var olderLogSlots: UInt32 = 0

        /// Numbers the slots of logs from the beginning, once none is left.
        mutating func forgetLog() {
            logSlots = 0
            olderLogSlots = 0
            for place in segments.indices { segments[place].aliases = [] }
        }

        var dimension: Int { layout.dimension }
        var count: Int { segments.reduce(0) { $0 + $1.count } }
        /// The weight of the vector beside the text of a query.
        var alpha: Double {
            let own = properties["alpha"].flatMap { Double($0) } ?? Query.standardAlpha
            return (0...1).contains(own) ? own : Query.standardAlpha
        }
        var nameText: String { String(decoding: name, as: UTF8.self) }

        init(number: UInt32, name: [UInt8], dimension: Int) {
            self.number = number
            self.name = name
            layout = CodeLayout(dimension: dimension)
        }

        /// Returns the index among `segments` of the one that has a slot, and the slot in it.
        ///
        /// - Parameter file: The number of the segment's file, or 0 for the log.
        func find(_ slot: UInt32, in file: UInt32) -> (segment: Int, slot: Int)? {
            for (place, part) in segments.enumerated() {
                if let slot = part.slot(slot, in: file) { return (place, slot) }
            }
            return nil
        }
    }

    init(log: LogPosition? = nil) { self.log = log }

    /// Lets commits go on in another log.
    mutating func begin(_ file: LogFile) {
        if let log { olderLogs.append(log) }
        log = LogPosition(file: file, end: LogFile.start, count: 0, last: nil)
        for number in collections.keys {
            collections[number]!.olderLogSlots = collections[number]!.logSlots
        }
    }

    /// The bytes of all logs.
    var logSize: Int { olderLogs.reduce(log?.end ?? 0) { $0 + $1.end } }

    /// The bytes of records that live, and of those that do not.
    var recordBytes: (live: Int, dead: Int) {
        records.values.reduce((0, 0)) { ($0.0 + $1.live, $0.1 + $1.end - $1.live) }
    }

    func collection(_ name: String) throws(StoreError) -> Collection {
        guard let number = names[Array(name.utf8)], let found = collections[number] else {
            throw StoreError.noCollection(name)
        }
        return found
    }

    func file(_ number: UInt32) throws(StoreError) -> RecordFile {
        guard let file = records[number] else {
            throw StoreError(
                "the index names a record file \(number) that the catalog does not have; "
                    + "hector-search verify tells what is affected", kind: .damage)
        }
        return file
    }
}

/// The end of the commits that a state has taken from a log.
struct LogPosition: Sendable {
    let file: LogFile
    /// The offset behind the last commit.
    var end: Int
    /// The number of commits.
    var count: UInt64
    /// The place and the checksum of the last commit, from which it is known again.
    var last: (offset: Int, checksum: UInt64)?
}

/// A file of records, of which some bytes live.
struct RecordFile: Sendable {
    let bytes: RecordBytes
    /// The offset behind the last record.
    var end: Int
    /// The number of bytes of records that live.
    var live: Int
}
