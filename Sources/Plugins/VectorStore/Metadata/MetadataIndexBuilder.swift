/// The metadata of records on their way into an index.
struct MetadataIndexBuilder {
    private var keys: [[UInt8]: KeyValues] = [:]

    /// The texts under one key.
    fileprivate struct KeyValues {
        /// The place in `texts` of each text.
        var places: [[UInt8]: Int] = [:]
        var texts: [(text: [UInt8], slots: [UInt32])] = []
        var slots: [UInt32] = []
    }

    init() {}

    /// The key of the text of a record, whose values are not indexed: a text is looked for, not
    /// compared.
    static let text = Array("content".utf8)

    /// - Parameters:
    ///   - slot: Greater than all slots before.
    ///   - metadata: Of two values under one key the first counts.
    mutating func add(slot: UInt32, _ metadata: [(key: [UInt8], value: [UInt8])]) {
        for (key, value) in metadata { keys[key, default: KeyValues()].add(slot, key, value) }
    }

    func write(to sink: inout some SectionSink) throws(StoreError) {
        var writer = MetadataWriter()
        for (name, key) in keys.sorted(by: { byteOrder($0.key, $1.key) < 0 }) {
            try key.write(name, &writer, &sink)
        }
        try writer.finish(&sink)
    }
}

extension MetadataIndexBuilder.KeyValues {
    fileprivate mutating func add(_ slot: UInt32, _ key: [UInt8], _ value: [UInt8]) {
        if slots.last == slot { return }
        slots.append(slot)
        if key == MetadataIndexBuilder.text { return }
        if let place = places[value] {
            texts[place].slots.append(slot)
        } else {
            places[value] = texts.count
            texts.append((value, [slot]))
        }
    }

    fileprivate func write(
        _ name: [UInt8], _ writer: inout MetadataWriter, _ sink: inout some SectionSink
    ) throws(StoreError) {
        let values = SortedValues(texts)
        let key = MetadataWriter.Key(
            name: name, isIndexed: name != MetadataIndexBuilder.text, slots: slots,
            longNumbers: values.longNumbers)
        try writer.append(key, to: &sink) { table, order, sink throws(StoreError) in
            for (key, slots) in order == .numbers ? values.numbers : values.texts {
                try table.append(key, slots, to: &sink)
            }
        }
    }
}

/// The values of one key, with their slots, in the order of their tables.
private struct SortedValues {
    private(set) var numbers: [(key: ValueKey, slots: [UInt32])] = []
    private(set) var texts: [(key: ValueKey, slots: [UInt32])] = []
    private(set) var longNumbers: [UInt32] = []

    init(_ given: [(text: [UInt8], slots: [UInt32])]) {
        for (text, slots) in given {
            for value in MetadataValue.values(of: text) { add(value, slots) }
        }
        longNumbers = Array(Set(longNumbers)).sorted()
        Self.sort(&numbers)
        Self.sort(&texts)
    }

    private mutating func add(_ value: MetadataValue, _ slots: [UInt32]) {
        if value.kind.maySpellJSON, let integer = shortInteger(value.text) {
            let key = ValueKey(
                number: Double(integer), text: value.text, tag: value.kind.rawValue)
            numbers.append((key, slots))
            return
        }
        let kept = KeptText(value.text)
        if let number = value.number {
            guard kept.isShortened else {
                let key = ValueKey(
                    number: number.double, text: value.text, tag: value.kind.rawValue)
                numbers.append((key, slots))
                return
            }
            longNumbers += slots
        }
        let shortened = kept.isShortened ? ValueTableWriter.shortenedTag : 0
        let key = ValueKey(number: 0, text: kept.bytes, tag: value.kind.rawValue | shortened)
        texts.append((key, slots))
    }

    /// Sorts values, and makes one of those that are equal.
    private static func sort(_ values: inout [(key: ValueKey, slots: [UInt32])]) {
        values.sort { ValueKey.isBefore($0.key, $1.key) }
        var kept: [(key: ValueKey, slots: [UInt32])] = []
        kept.reserveCapacity(values.count)
        var isJoined = false
        for value in values {
            if let last = kept.last, last.key == value.key {
                kept[kept.count - 1].slots += value.slots
                isJoined = true
            } else {
                kept.append(value)
            }
        }
        values = kept
        guard isJoined else { return }
        for place in values.indices { values[place].slots = ascending(values[place].slots) }
    }
}

/// Returns the slots in ascending order, without duplicates.
func ascending(_ slots: [UInt32]) -> [UInt32] {
    if zip(slots, slots.dropFirst()).allSatisfy({ $0 < $1 }) { return slots }
    var result: [UInt32] = []
    result.reserveCapacity(slots.count)
    for slot in slots.sorted() where result.last != slot { result.append(slot) }
    return result
}
