/// The rows of a new segment as the log has them, and the segment that they make.
struct SegmentRows {
    /// A record's part of a row.
    struct Row {
        let place: Place
        let id: [UInt8]
        let codes: Codes
    }

    var rows: [Row] = []
    /// The texts of the rows.
    var texts: [ForwardText] = []
    private(set) var metadata: [UInt8] = []

    /// Makes the index of the metadata.
    ///
    /// - Parameter metadata: Those of all rows.
    mutating func index(
        metadata: [[(key: [UInt8], value: [UInt8])]]
    ) throws(StoreError) {
        var builder = MetadataIndexBuilder()
        for (slot, pairs) in metadata.enumerated() { builder.add(slot: UInt32(slot), pairs) }
        var sink = MemorySink()
        try builder.write(to: &sink)
        self.metadata = sink.bytes
    }

    /// The number of bytes that `encode` appends, with some to spare.
    var size: Int {
        rows.reduce(64 + ForwardTexts.size(of: texts) + metadata.count) {
            $0 + Place.size + 12 + $1.id.count + $1.codes.components.count
        }
    }

    func encode(to writer: inout ByteWriter) {
        writer.append(UInt32(rows.count))
        for row in rows {
            row.place.append(to: &writer)
            writer.append(counted: row.id)
            writer.append(row.codes.scale.bitPattern)
            writer.append(row.codes.error.bitPattern)
            unsafe row.codes.components.withUnsafeBytes {
                unsafe writer.bytes.append(contentsOf: $0)
            }
        }
        writer.append(UInt32(ForwardTexts.size(of: texts)))
        ForwardTexts.append(texts, to: &writer)
        writer.append(counted: metadata)
    }

    /// Reads rows that were encoded, into a segment.
    ///
    /// - Parameter source: The bytes that `reader` reads.
    static func segment(
        _ layout: CodeLayout, _ reader: inout ByteReader, _ source: MemoryBytes
    ) throws(StoreError) -> Segment {
        let count = try reader.count()
        var places = ByteWriter()
        var ids = IDTableBuilder()
        var blocks = CodeBlocks(layout, capacity: count)
        for _ in 0..<count {
            source.all.slice(try reader.skip(Place.size)).append(to: &places.bytes)
            ids.add(source.all.slice(try reader.skip(try reader.count())))
            let scale = Float(bitPattern: try reader.number())
            let error = Float(bitPattern: try reader.number())
            let components = source.all.slice(try reader.skip(layout.dimension))
            blocks.append(components, scale: scale, error: error)
        }
        let text = Section(source, try reader.skip(try reader.count()))
        let texts = text.count == 0 ? nil : try ForwardTexts(text)
        guard texts?.slots ?? count == count else { throw text.damage }
        let metadata = Section(source, try reader.skip(try reader.count()))
        var idBytes = MemorySink()
        try ids.write(to: &idBytes)
        return try Segment(
            layout, places: Section(places.bytes), ids: Section(idBytes.bytes),
            codes: Section(blocks.take()), text: SegmentText([(texts, count)]), metadata: metadata)
    }
}
