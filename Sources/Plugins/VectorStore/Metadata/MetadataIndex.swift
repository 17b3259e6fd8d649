/// The values of the metadata of a segment's records, with the slots that have them.
///
/// It answers filters without a look at the records.
struct MetadataIndex {
    let section: Section
    private let directoryEnd: Int
    let keyCount: Int

    /// - Parameter section: One that `MetadataIndexBuilder` or `merge` wrote.
    init(_ section: Section) throws(StoreError) {
        self.section = section
        guard section.count >= MetadataWriter.endSize else { throw .damagedMetadata }
        var reader = MetadataReader(
            try section.bytes(section.count - MetadataWriter.endSize..<section.count))
        let end = try reader.number(as: UInt64.self)
        let count = try reader.number(as: UInt64.self)
        guard try reader.number(as: UInt32.self) == MetadataWriter.magic,
            let directoryEnd = Int(exactly: end), let keyCount = Int(exactly: count),
            directoryEnd <= section.count - MetadataWriter.endSize,
            (section.count - MetadataWriter.endSize - directoryEnd) / 8 == keyCount
        else { throw .damagedMetadata }
        self.directoryEnd = directoryEnd
        self.keyCount = keyCount
    }

    /// Returns the values under a key, or nil if no record has it.
    func key(_ name: [UInt8]) throws(StoreError) -> KeyIndex? {
        var (low, high) = (0, keyCount)
        while low < high {
            let middle = low + (high - low) / 2
            let order = byteOrder(try self.name(ofKey: middle), name)
            if order == 0 { return try key(middle) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// - Parameter place: Less than `keyCount`; keys are sorted.
    func name(ofKey place: Int) throws(StoreError) -> [UInt8] {
        var reader = MetadataReader(try entry(place))
        let count = try reader.count()
        return try reader.take(count).array
    }

    /// - Parameter place: Less than `keyCount`.
    func key(_ place: Int) throws(StoreError) -> KeyIndex { try KeyIndex(entry(place), section) }

    private func entry(_ place: Int) throws(StoreError) -> BorrowedBytes {
        let start = try offset(place)
        let end = place + 1 < keyCount ? try offset(place + 1) : directoryEnd
        guard start <= end, end <= directoryEnd else { throw .damagedMetadata }
        return try section.bytes(start..<end)
    }

    private func offset(_ place: Int) throws(StoreError) -> Int {
        let start = directoryEnd + place * 8
        let offset = try section.bytes(start..<start + 8).number(as: UInt64.self)
        guard let offset = Int(exactly: offset) else { throw .damagedMetadata }
        return offset
    }
}

/// The values of one key in an index.
struct KeyIndex {
    let name: [UInt8]
    /// False if the values are not there, only which records have one.
    let isIndexed: Bool
    let numbers: ValueTable
    let texts: ValueTable

    private let section: Section
    // Both are at lists of slots.
    private let slots: MetadataReader
    private let longNumbers: MetadataReader

    fileprivate init(_ entry: BorrowedBytes, _ section: Section) throws(StoreError) {
        self.section = section
        var reader = MetadataReader(entry)
        let count = try reader.count()
        name = try reader.take(count).array
        isIndexed = try reader.byte() == 1
        slots = reader
        try SlotList.skip(&reader)
        longNumbers = reader
        try SlotList.skip(&reader)
        numbers = try ValueTable(&reader, section, .numbers)
        texts = try ValueTable(&reader, section, .texts)
    }

    /// Adds the records that have a value.
    func addSlots(to set: inout SlotSet) throws(StoreError) {
        var reader = slots
        try SlotList.add(&reader, of: section, to: &set)
    }

    /// Adds the records that have a number that is too long to be kept.
    func addLongNumbers(to set: inout SlotSet) throws(StoreError) {
        var reader = longNumbers
        try SlotList.add(&reader, of: section, to: &set)
    }

    /// Returns the records that have a value, and those that have a number that is too long.
    func lists() throws(StoreError) -> (slots: [UInt32], longNumbers: [UInt32]) {
        var lists: (slots: [UInt32], longNumbers: [UInt32]) = ([], [])
        var reader = slots
        try SlotList.append(&reader, of: section, to: &lists.slots)
        reader = longNumbers
        try SlotList.append(&reader, of: section, to: &lists.longNumbers)
        return lists
    }
}
