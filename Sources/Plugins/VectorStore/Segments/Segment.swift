internal import Synchronization

/// The index of a number of records of one collection. It never changes.
///
/// Its slots are numbered from 0. Those of replaced and deleted records are dead, which others keep
/// count of.
final class Segment: Sendable {
    /// The number of slots.
    let count: Int
    let layout: CodeLayout
    let ids: IDTable
    let codes: Section
    let text: SegmentText
    /// The values of metadata with their slots.
    let metadata: MetadataIndex?
    /// A number that no other segment of this process has.
    let identity = SegmentIdentity.next()
    /// The file of all of this, or nil for a segment of the log.
    let file: CheckedFile?

    private let places: Section
    /// The file of the records' places, which alone changes when records are moved.
    let placesFile: CheckedFile?

    /// The order of the sections in a file.
    static let sections = 4

    init(
        _ layout: CodeLayout, places: Section, ids: Section, codes: Section, text: SegmentText,
        metadata: Section, file: CheckedFile? = nil, placesFile: CheckedFile? = nil
    ) throws(StoreError) {
        self.layout = layout
        self.ids = try IDTable(ids)
        count = self.ids.count
        self.places = places
        self.codes = codes
        self.text = text
        self.metadata = metadata.count == 0 ? nil : try MetadataIndex(metadata)
        self.file = file
        self.placesFile = placesFile
        guard codes.count == layout.size(for: count), places.count == count * Place.size else {
            throw codes.damage
        }
    }

    convenience init(
        _ layout: CodeLayout, _ file: CheckedFile, places: CheckedFile
    ) throws(StoreError) {
        guard file.header.sections.count == Self.sections, places.header.sections.count == 1 else {
            throw .damage(file.path, "its contents do not fit together")
        }
        let text = try TextIndex(file.section(2))
        try self.init(
            layout, places: places.section(0), ids: file.section(0), codes: file.section(1),
            text: SegmentText(text), metadata: file.section(3), file: file, placesFile: places)
        guard text.slots == count || text.size == 0 else { throw codes.damage }
    }

    /// The number of all its bytes.
    var size: Int { sizeWithoutText + text.size }

    /// The number of bytes that it takes in a file, roughly for a segment of the log.
    var fileSize: Int { sizeWithoutText + text.indexSize }

    private var sizeWithoutText: Int {
        ids.size + codes.count + (metadata?.section.count ?? 0) + places.count
    }

    func place(of slot: Int) throws(StoreError) -> Place {
        Place(try places.bytes(slot * Place.size..<(slot + 1) * Place.size), at: 0)
    }

    /// The places of all slots.
    func allPlaces() throws(StoreError) -> BorrowedBytes { try places.bytes(0..<places.count) }

    /// Returns a block of 16 vectors.
    func block(_ block: Int) throws(StoreError) -> BorrowedBytes {
        try codes.bytes(block * layout.blockSize..<(block + 1) * layout.blockSize)
    }
}

/// The numbers of a process's segments.
private enum SegmentIdentity {
    private static let last = Atomic<UInt64>(0)

    static func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}

/// A segment with the slots that are dead.
struct LiveSegment: Sendable {
    let segment: Segment
    var dead: SlotSet
    /// The number of its first slot among those of the logs, for a segment of a log.
    let base: UInt32?
    /// The names that the log may have for slots of this file.
    var aliases: [Alias]

    /// Slots by the numbers that they had before they were put into a file, while commits went on.
    struct Alias: Sendable {
        /// The number of the file, or 0 for the logs.
        let file: UInt32
        /// The number of the first slot there.
        let first: UInt32
        /// The number of the first slot here, and the number of slots.
        let start: UInt32
        let count: UInt32
    }

    init(
        _ segment: Segment, dead: SlotSet? = nil, base: UInt32? = nil, aliases: [Alias] = []
    ) {
        self.aliases = aliases
        self.segment = segment
        self.dead = dead ?? SlotSet(universe: segment.count)
        self.base = base
    }

    /// The number of records.
    var count: Int { segment.count - dead.count }

    /// The number of a slot by its number in a file, or in the logs for 0; nil if it is not here.
    func slot(_ slot: UInt32, in file: UInt32) -> Int? {
        let own = segment.file?.number ?? 0
        if own == file {
            let base = base ?? 0
            return slot >= base && slot - base < segment.count ? Int(slot - base) : nil
        }
        for alias in aliases
        where alias.file == file && slot >= alias.first && slot - alias.first < alias.count {
            return Int(slot - alias.first + alias.start)
        }
        return nil
    }

    /// Returns the slot of a live record.
    func slot(of id: [UInt8], _ hash: UInt64) throws(StoreError) -> Int? {
        try segment.ids.slot(of: id, hash) { !dead.contains(UInt32($0)) }
    }
}
