/// A record as a line for a filter.
struct RecordLine: Sendable {
    let id: String

    /// The line with its newline.
    let bytes: [UInt8]
}

/// Records that are sent to a filter together.
struct RecordBatch {
    /// The size in bytes at which a batch is sent.
    private static let most = 1 << 20

    private(set) var lines: [UInt8] = []
    private(set) var sizes: [(id: String, size: Int)] = []

    var isFull: Bool { lines.count >= Self.most }

    mutating func add(_ added: [RecordLine]) {
        // The space is reserved at once, so that growing does not copy the lines.
        if lines.isEmpty { lines.reserveCapacity(Self.most + Self.most / 4) }
        for line in added {
            lines += line.bytes
            sizes.append((line.id, line.bytes.count))
        }
    }

    /// Sends the records and empties the batch.
    ///
    /// - Returns: False if sending more is useless.
    mutating func send(
        to pipeline: Pipeline, onAnswers: ([Pipeline.Answer]) async throws -> Void
    ) async throws -> Bool {
        if sizes.isEmpty { return true }
        defer { self = RecordBatch() }
        return try await pipeline.send(lines, sizes: sizes, onAnswers: onAnswers)
    }
}
