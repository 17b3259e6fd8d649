extension MetadataIndex {
    /// Writes one index of the records of several, reading each from its beginning to its end.
    ///
    /// - Parameter parts: Each index with the new slot of each of its slots; `UInt32.max` for a
    ///   record that is dropped. New slots are unique.
    static func merge(
        _ parts: [(index: MetadataIndex, slots: [UInt32])], to sink: inout some SectionSink
    ) throws(StoreError) {
        var writer = MetadataWriter()
        var places = parts.map { _ in 0 }
        while true {
            // The least name that is left.
            var names: [(part: Int, name: [UInt8])] = []
            for (part, place) in places.enumerated() where place < parts[part].index.keyCount {
                names.append((part, try parts[part].index.name(ofKey: place)))
            }
            guard let name = names.min(by: { byteOrder($0.name, $1.name) < 0 })?.name else { break }
            var keys: [(key: KeyIndex, slots: [UInt32])] = []
            for (part, candidate) in names where candidate == name {
                keys.append((try parts[part].index.key(places[part]), parts[part].slots))
                places[part] += 1
            }
            try merge(keys, &writer, &sink)
        }
        try writer.finish(&sink)
    }

    private static func merge(
        _ keys: [(key: KeyIndex, slots: [UInt32])], _ writer: inout MetadataWriter,
        _ sink: inout some SectionSink
    ) throws(StoreError) {
        var merged = MetadataWriter.Key(
            name: keys[0].key.name, isIndexed: keys[0].key.isIndexed, slots: [], longNumbers: [])
        for (key, slots) in keys {
            let lists = try key.lists()
            try append(lists.slots, by: slots, to: &merged.slots)
            try append(lists.longNumbers, by: slots, to: &merged.longNumbers)
        }
        merged.slots = ascending(merged.slots)
        merged.longNumbers = ascending(merged.longNumbers)
        if merged.slots.isEmpty { return }
        try writer.append(merged, to: &sink) { table, order, sink throws(StoreError) in
            var inputs: [MergeInput] = []
            for (key, slots) in keys {
                let input = try MergeInput(order == .numbers ? key.numbers : key.texts, slots)
                if let input { inputs.append(input) }
            }
            while let first = inputs.indices.min(by: { one, other in
                ValueKey.isBefore(inputs[one].key, inputs[other].key)
            }) {
                let key = inputs[first].key
                var slots: [UInt32] = []
                for place in inputs.indices.reversed() where inputs[place].key == key {
                    try append(inputs[place].takeSlots(), by: inputs[place].slots, to: &slots)
                    if try !inputs[place].next() { inputs.remove(at: place) }
                }
                if !slots.isEmpty { try table.append(key, ascending(slots), to: &sink) }
            }
        }
    }

    /// Appends the new slots of those that are kept.
    private static func append(
        _ old: [UInt32], by slots: [UInt32], to new: inout [UInt32]
    ) throws(StoreError) {
        for slot in old {
            guard slot < slots.count else { throw .damagedMetadata }
            if slots[Int(slot)] != .max { new.append(slots[Int(slot)]) }
        }
    }
}

/// A table that is being merged, at one of its values.
private struct MergeInput {
    private let table: ValueTable
    let slots: [UInt32]
    private var block = 0
    private var values: ValueCursor
    private(set) var key: ValueKey

    /// Nil for a table without values.
    init?(_ table: ValueTable, _ slots: [UInt32]) throws(StoreError) {
        guard table.blockCount > 0 else { return nil }
        self.table = table
        self.slots = slots
        values = try table.values(inBlock: 0)
        guard try values.next() else { throw .damagedMetadata }
        key = try values.key()
    }

    mutating func takeSlots() throws(StoreError) -> [UInt32] {
        var slots: [UInt32] = []
        try values.appendSlots(to: &slots)
        return slots
    }

    /// Goes to the next value.
    ///
    /// - Returns: False if there is none.
    mutating func next() throws(StoreError) -> Bool {
        if try !values.next() {
            block += 1
            guard block < table.blockCount else { return false }
            values = try table.values(inBlock: block)
            guard try values.next() else { throw .damagedMetadata }
        }
        key = try values.key()
        return true
    }
}
