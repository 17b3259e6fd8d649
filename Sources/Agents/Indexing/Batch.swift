/// Records that are sent together.
struct Batch {
    /// The most bytes of a batch.
    private static let most = 1 << 20

    private(set) var lines: [UInt8] = []
    private(set) var sizes: [(id: String, size: Int)] = []

    var isFull: Bool { lines.count >= Self.most }

    mutating func add(_ added: [Reading.Line]) {
        // The room is reserved at once, so that the lines need not be copied as they grow.
        if lines.isEmpty { lines.reserveCapacity(Self.most + Self.most / 4) }
        for line in added {
            lines += line.bytes
            sizes.append((line.id, line.bytes.count))
        }
    }
}
