import Glibc

/// A splitter of a child's output into lines.
struct LineSplitter: ~Copyable, ChildOutput {
    private var pipe: OutputPipe
    private let longest: Int
    private let onLine: (ArraySlice<UInt8>) -> Void
    private let onUnfinishedLine: (ArraySlice<UInt8>) -> Void

    /// The bytes read after the last newline.
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - longest: The longest line, in bytes. A longer line comes in pieces.
    ///   - onLine: Gets each line without its newline.
    ///   - onUnfinishedLine: Gets the text after the last newline, each time that it grows.
    init(
        longest: Int, onLine: @escaping (ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping (ArraySlice<UInt8>) -> Void = { _ in }
    ) throws(SystemError) {
        pipe = try OutputPipe()
        self.longest = longest
        self.onLine = onLine
        self.onUnfinishedLine = onUnfinishedLine
    }

    var awaited: Int32 { pipe.awaited }

    /// The child's end of the pipe; -1 after it was handed over.
    var end: Int32 { pipe.end }

    mutating func handOver() { pipe.handOver() }

    mutating func read() {
        if readBlock(), !pending.isEmpty { onUnfinishedLine(pending[...]) }
    }

    /// Reads all available bytes, and takes the rest after the last newline for a line.
    mutating func finish() {
        for _ in 0..<16 where pipe.awaited >= 0 {
            if !readBlock() { break }
        }
        if !pending.isEmpty { onLine(pending[...]) }
        pending.removeAll()
    }

    /// - Returns: True if anything was read.
    private mutating func readBlock() -> Bool {
        var searched = pending.count
        guard pipe.read(into: &pending) else { return false }
        var start = 0
        while let end = newline(from: searched) {
            onLine(pending[start..<end])
            start = end + 1
            searched = start
        }
        pending.removeFirst(start)
        if pending.count >= longest {
            onLine(pending[...])
            pending.removeAll(keepingCapacity: true)
        }
        return true
    }

    private func newline(from start: Int) -> Int? {
        pending.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
                .map { UnsafeRawPointer($0) - base }
        }
    }
}
