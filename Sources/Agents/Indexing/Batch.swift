/// Records that go together.
struct Batch {
    /// In bytes.
    private static let most = 1 << 20

    private(set) var lines: [UInt8] = []
    private(set) var sizes: [(id: String, size: Int)] = []

    var isFull: Bool { lines.count >= Self.most }

    mutating func add(_ added: [Reading.Line]) {
        // At once, so that it need not be copied as it grows.
        if lines.isEmpty { lines.reserveCapacity(Self.most + Self.most / 4) }
        for line in added {
            lines += line.bytes
            sizes.append((line.id, line.bytes.count))
        }
    }
}
