import Roaring

/// The slots that have a value, as an index of metadata stores them.
///
/// A list of a few slots stands where its value stands: their number, then the differences between
/// them. A longer one stands elsewhere in the section, as differences or as a bitmap, whichever is
/// smaller, and only its place and length are with the value.
enum SlotList {
    private static let longestInPlace = 48

    private enum Form: UInt8 {
        case differences, bitmap
    }

    /// Appends a list to `bytes`, after its slots were written to the sink if there are many.
    ///
    /// - Parameter slots: Ascending, without duplicates.
    static func append(
        _ slots: [UInt32], to bytes: inout [UInt8], _ sink: inout some SectionSink
    ) throws(StoreError) {
        var differences: [UInt8] = []
        let runs = appendDifferences(of: slots, to: &differences)
        if differences.count <= longestInPlace {
            bytes.appendVarint(slots.count << 1)
            bytes += differences
            return
        }
        var list = [Form.differences.rawValue]
        let span = Int(slots[slots.count - 1] - slots[0])
        if runs * 4 < differences.count || span / 8 < differences.count {
            let bitmap = Bitmap(slots).portable
            if bitmap.count < differences.count {
                list = [Form.bitmap.rawValue]
                differences = bitmap
            }
        }
        list += differences
        bytes.appendVarint(slots.count << 1 | 1)
        bytes.appendVarint(sink.count)
        bytes.appendVarint(list.count)
        try sink.append(list)
    }

    /// - Returns: The number of runs of slots next to each other.
    private static func appendDifferences(of slots: [UInt32], to bytes: inout [UInt8]) -> Int {
        var next: UInt32 = 0
        var runs = 0
        for slot in slots {
            if slot != next || runs == 0 { runs += 1 }
            bytes.appendVarint(UInt64(slot - next))
            // Beyond the last slot there is none.
            next = slot &+ 1
        }
        return runs
    }

    /// Skips a list.
    static func skip(_ reader: inout MetadataReader) throws(StoreError) {
        let head = try reader.count()
        if head & 1 == 1 {
            _ = try reader.varint()
            _ = try reader.varint()
        } else {
            for _ in 0..<(head >> 1) { _ = try reader.varint() }
        }
    }

    /// Adds the slots of a list to a set.
    static func add(
        _ reader: inout MetadataReader, of section: Section, to set: inout SlotSet
    ) throws(StoreError) {
        let universe = UInt64(set.universe)
        try forEachPart(&reader, section) { part throws(StoreError) in
            switch part {
            case .number(let slot):
                guard slot < universe else { throw .damagedMetadata }
                set.insert(slot)
            case .range(let range):
                guard range.upperBound < universe else { throw .damagedMetadata }
                set.insert(range)
            case .bits(let bits, let first):
                guard UInt64(first) + UInt64(63 - bits.leadingZeroBitCount) < universe else {
                    throw .damagedMetadata
                }
                set.insert(bits: bits, from: first)
            }
        }
    }

    /// Appends the slots of a list, ascending.
    static func append(
        _ reader: inout MetadataReader, of section: Section, to slots: inout [UInt32]
    ) throws(StoreError) {
        try forEachPart(&reader, section) { part throws(StoreError) in
            switch part {
            case .number(let slot): slots.append(slot)
            case .range(let range): slots += range
            case .bits(var bits, let first):
                while bits != 0 {
                    slots.append(first + UInt32(bits.trailingZeroBitCount))
                    bits &= bits - 1
                }
            }
        }
    }

    private static func forEachPart(
        _ reader: inout MetadataReader, _ section: Section,
        _ body: (PortableBitmap.Part) throws(StoreError) -> Void
    ) throws(StoreError) {
        let head = try reader.count()
        if head & 1 == 0 {
            try differences(&reader, head >> 1, body)
            return
        }
        let (start, length) = (try reader.count(), try reader.count())
        guard start <= section.count, length <= section.count - start else {
            throw .damagedMetadata
        }
        let bytes = try section.bytes(start..<start + length)
        var elsewhere = MetadataReader(bytes)
        switch Form(rawValue: try elsewhere.byte()) {
        case .differences: try differences(&elsewhere, head >> 1, body)
        case .bitmap: try bitmap(bytes.slice(1..<bytes.count), body)
        case nil: throw .damagedMetadata
        }
    }

    private static func differences(
        _ reader: inout MetadataReader, _ count: Int,
        _ body: (PortableBitmap.Part) throws(StoreError) -> Void
    ) throws(StoreError) {
        var next: UInt64 = 0
        for _ in 0..<count {
            let (slot, overflows) = next.addingReportingOverflow(try reader.varint())
            guard !overflows, slot <= UInt64(UInt32.max) else { throw .damagedMetadata }
            try body(.number(UInt32(slot)))
            next = slot + 1
        }
    }

    private static func bitmap(
        _ bytes: BorrowedBytes, _ body: (PortableBitmap.Part) throws(StoreError) -> Void
    ) throws(StoreError) {
        do {
            unsafe try bytes.withRaw { bytes in
                let bitmap = unsafe PortableBitmap(bytes)
                try bitmap.forEachPart { part throws(BitmapError) in
                    do { try body(part) } catch { throw BitmapError(problem: "\(error)") }
                }
            }
        } catch {
            throw .damagedMetadata
        }
    }
}
