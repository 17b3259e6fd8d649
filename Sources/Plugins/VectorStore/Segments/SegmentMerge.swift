internal import VectorKernels

/// The making of one segment from several.
///
/// Codes and ids are copied, and records stay where they are.
struct SegmentMerge {
    private let parts: [LiveSegment]
    private let layout: CodeLayout
    /// For each part the new slot of each old one, or `none`.
    private let slots: [[UInt32]]
    /// The number of slots of the new segment.
    let count: Int

    static let none = UInt32.max

    /// - Parameter keepsDead: True to keep the slots of dead records, so that slots keep their
    ///   distance.
    init(_ parts: [LiveSegment], _ layout: CodeLayout, keepsDead: Bool = false) {
        self.parts = parts
        self.layout = layout
        var next: UInt32 = 0
        slots = parts.map { part in
            (0..<part.segment.count).map { slot in
                if !keepsDead, part.dead.contains(UInt32(slot)) { return Self.none }
                next += 1
                return next - 1
            }
        }
        count = Int(next)
    }

    func writePlaces(to sink: inout some SectionSink) throws(StoreError) {
        for (part, slots) in zip(parts, slots) {
            let places = try part.segment.allPlaces()
            var kept: [UInt8] = []
            kept.reserveCapacity(part.count * Place.size)
            for (slot, new) in slots.enumerated() where new != Self.none {
                places.slice(slot * Place.size..<(slot + 1) * Place.size).append(to: &kept)
            }
            try sink.append(kept)
        }
    }

    func writeIDs(to sink: inout some SectionSink) throws(StoreError) {
        var table = IDTableBuilder()
        for (part, slots) in zip(parts, slots) {
            for (slot, new) in slots.enumerated() where new != Self.none {
                table.add(try part.segment.ids.id(of: slot))
            }
        }
        for (part, slots) in zip(parts, slots) {
            var order: [UInt32] = []
            order.reserveCapacity(slots.count)
            for place in 0..<slots.count {
                let old = try part.segment.ids.slot(at: place)
                guard old < slots.count else { throw part.segment.codes.damage }
                if slots[old] != Self.none { order.append(slots[old]) }
            }
            table.addOrder(order)
        }
        try table.write(to: &sink)
    }

    func writeCodes(to sink: inout some SectionSink) throws(StoreError) {
        var blocks = CodeBlocks(layout)
        for (part, slots) in zip(parts, slots) {
            for block in 0..<CodeLayout.blocks(for: slots.count) {
                let first = block * hector_block_vectors
                let lanes = 0..<min(hector_block_vectors, slots.count - first)
                if !lanes.contains(where: { slots[first + $0] != Self.none }) { continue }
                let bytes = try part.segment.block(block)
                for lane in lanes where slots[first + lane] != Self.none {
                    blocks.append(lane, of: bytes)
                    if let full = blocks.takeFullBlocks(atLeast: 1 << 19) { try sink.append(full) }
                }
            }
        }
        try sink.append(blocks.take())
    }

    /// Writes the inverted index over the texts.
    func writeText(to sink: inout some SectionSink) throws(StoreError) {
        if parts.allSatisfy(\.segment.text.isEmpty) { return }
        if parts.contains(where: { $0.segment.text.parts.isEmpty }) {
            try TextIndex.merge(indexes(), slots: count, to: &sink)
        } else {
            let texts = Self.texts(zip(parts, slots).map { ($0.segment.text, $1) })
            try TextInversion(texts, slots: count).write(to: &sink)
        }
    }

    /// The texts of segments of the log.
    private static func texts(
        _ segments: [(text: SegmentText, slots: [UInt32])]
    ) -> [TextInversion.Part] {
        var found: [TextInversion.Part] = []
        for (text, slots) in segments {
            var rest = slots[...]
            for part in text.parts {
                if let texts = part.texts { found.append((texts, Array(rest.prefix(part.slots)))) }
                rest = rest.dropFirst(part.slots)
            }
        }
        return found
    }

    /// The indexes of all segments, of which one is made for each row of segments of the log.
    private func indexes() throws(StoreError) -> [(index: TextIndex, slots: [UInt32])] {
        var found: [(index: TextIndex, slots: [UInt32])] = []
        var row: [(text: SegmentText, slots: [UInt32])] = []
        // The new slots of the segments before the row, and up to its end.
        var (first, end): (UInt32, UInt32) = (0, 0)
        func endRow() throws(StoreError) {
            if !row.isEmpty {
                let moved = row.map { text, slots in
                    (text, slots.map { $0 == Self.none ? Self.none : $0 - first })
                }
                var sink = MemorySink()
                try TextInversion(Self.texts(moved), slots: Int(end - first)).write(to: &sink)
                found.append((try TextIndex(Section(sink.bytes)), Array(first..<end)))
                row = []
            }
            first = end
        }
        for (part, slots) in zip(parts, slots) {
            let text = part.segment.text
            if text.parts.isEmpty { try endRow() }
            end += UInt32(slots.reduce(0) { $0 + ($1 == Self.none ? 0 : 1) })
            if text.parts.isEmpty {
                found.append((try text.index(), slots))
                first = end
            } else {
                row.append((text, slots))
            }
        }
        try endRow()
        return found
    }

    func writeMetadata(to sink: inout some SectionSink) throws(StoreError) {
        var sources: [(index: MetadataIndex, slots: [UInt32])] = []
        for (part, slots) in zip(parts, slots) {
            if let index = part.segment.metadata { sources.append((index, slots)) }
        }
        try MetadataIndex.merge(sources, to: &sink)
    }

    /// Makes a segment in memory from segments of the log, with dead slots.
    func inMemory() throws(StoreError) -> Segment {
        var places = MemorySink()
        var ids = MemorySink()
        var codes = MemorySink()
        var metadata = MemorySink()
        try writePlaces(to: &places)
        try writeIDs(to: &ids)
        try writeCodes(to: &codes)
        try writeMetadata(to: &metadata)
        return try Segment(
            layout, places: Section(places.bytes), ids: Section(ids.bytes),
            codes: Section(codes.bytes), text: SegmentText(joining: parts.map(\.segment.text)),
            metadata: Section(metadata.bytes))
    }

    /// Writes the sections of a segment's file, except for the places.
    func write(to writer: inout CheckedFileWriter) throws(StoreError) {
        try writeIDs(to: &writer)
        try writer.endSection()
        try writeCodes(to: &writer)
        try writer.endSection()
        try writeText(to: &writer)
        try writer.endSection()
        try writeMetadata(to: &writer)
        try writer.endSection()
    }

    /// Returns the dead slots of the new segment, if it keeps them.
    var dead: SlotSet {
        var dead = SlotSet(universe: count)
        for (part, slots) in zip(parts, slots) {
            for slot in part.dead where slots[Int(slot)] != Self.none {
                dead.insert(slots[Int(slot)])
            }
        }
        return dead
    }
}
