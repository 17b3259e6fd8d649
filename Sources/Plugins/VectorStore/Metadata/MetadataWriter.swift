/// A writer of an index of metadata, key after key.
///
/// The section holds for each key its tables, then for each key what finds them, then where each
/// of those begins, and at its end where that list begins, the number of keys and a magic number.
struct MetadataWriter {
    private var directory: [UInt8] = []
    private var entries: [Int] = []

    static let magic: UInt32 = 0x3149_444D
    static let endSize = 20

    /// The facts about a key besides its values.
    struct Key {
        let name: [UInt8]
        /// False if only the existence of values is indexed.
        let isIndexed: Bool
        /// The records that have a value.
        var slots: [UInt32]
        /// The records that have a number that is too long to be kept.
        var longNumbers: [UInt32]
    }

    /// Writes a key.
    ///
    /// - Parameters:
    ///   - key: One that sorts after all keys before.
    ///   - write: Calls its argument for each value, first the numbers and then the other texts.
    mutating func append<Sink: SectionSink>(
        _ key: Key, to sink: inout Sink,
        _ write: (inout ValueTableWriter, ValueTable.Order, inout Sink) throws(StoreError) -> Void
    ) throws(StoreError) {
        var entry: [UInt8] = []
        entry.appendVarint(key.name.count)
        entry += key.name
        entry.append(key.isIndexed ? 1 : 0)
        try SlotList.append(key.slots, to: &entry, &sink)
        try SlotList.append(key.longNumbers, to: &entry, &sink)
        for order in [ValueTable.Order.numbers, .texts] {
            var table = ValueTableWriter(order)
            try write(&table, order, &sink)
            try table.finish(&entry, &sink)
        }
        entries.append(directory.count)
        directory += entry
    }

    func finish(_ sink: inout some SectionSink) throws(StoreError) {
        let start = sink.count
        try sink.append(directory)
        var end: [UInt8] = []
        for entry in entries { end.append(number: UInt64(start + entry)) }
        end.append(number: UInt64(start + directory.count))
        end.append(number: UInt64(entries.count))
        end.append(number: Self.magic)
        try sink.append(end)
    }
}
