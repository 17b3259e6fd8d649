internal import TextAnalysis

/// The rows of a new segment as the log has them, and the segment that they make.
struct SegmentRows {
    /// A record's part of a row.
    struct Row {
        let place: Place
        let id: [UInt8]
        let codes: Codes
    }

    var rows: [Row] = []
    /// The inverted index over the texts of the rows; empty if none has a text.
    private(set) var text: [UInt8] = []
    /// The values of the metadata of the rows.
    private(set) var metadata: [UInt8] = []

    /// Makes the indexes.
    ///
    /// - Parameters:
    ///   - texts: The texts of all rows.
    ///   - metadata: The metadata of all rows.
    mutating func index(
        _ texts: [AnalyzedText], _ metadata: [[(key: [UInt8], value: [UInt8])]]
    ) throws(StoreError) {
        var values = MetadataIndexBuilder()
        for (slot, metadata) in metadata.enumerated() { values.add(slot: UInt32(slot), metadata) }
        var written = MemorySink()
        try values.write(to: &written)
        self.metadata = written.bytes
        if texts.allSatisfy(\.terms.isEmpty) { return }
        var builder = TextIndexBuilder()
        for (slot, text) in texts.enumerated() { builder.add(slot: UInt32(slot), text) }
        var sink = MemorySink()
        try builder.write(to: &sink)
        text = sink.bytes
    }

    private static func emptyMetadata() throws(StoreError) -> Section {
        var sink = MemorySink()
        try MetadataIndexBuilder().write(to: &sink)
        return Section(sink.bytes)
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
        writer.append(counted: text)
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
        let metadataRange = try reader.skip(try reader.count())
        // A batch that only deletes has no rows.
        let metadata = count == 0 ? try emptyMetadata() : Section(source, metadataRange)
        var idBytes = MemorySink()
        try ids.write(to: &idBytes)
        return try Segment(
            layout, places: Section(places.bytes), ids: Section(idBytes.bytes),
            codes: Section(blocks.take()), text: text, metadata: metadata)
    }
}
