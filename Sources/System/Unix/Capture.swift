/// The beginning and the end of a child's output.
struct Capture: ~Copyable, ChildOutput {
    private var pipe: OutputPipe
    private(set) var excerpt: Excerpt
    private var block: [UInt8] = []

    /// Called once when some of the output is omitted.
    var onOmission: (() -> Void)?

    /// - Parameter limit: The number of bytes to keep.
    init(limit: Int) throws(SystemError) {
        pipe = try OutputPipe()
        excerpt = Excerpt(limit: limit)
    }

    var awaited: Int32 { pipe.awaited }

    /// The child's end of the pipe; -1 after it was handed over.
    var end: Int32 { pipe.end }

    mutating func handOver() { pipe.handOver() }

    mutating func read() { _ = readBlock() }

    mutating func finish() {
        for _ in 0..<32 where pipe.awaited >= 0 {
            if !readBlock() { return }
        }
    }

    private mutating func readBlock() -> Bool {
        block.removeAll(keepingCapacity: true)
        defer {
            excerpt.append(block)
            if excerpt.omitted > 0, let body = onOmission.take() { body() }
        }
        return pipe.read(into: &block)
    }
}
