import Glibc

/// A splitter of the output of a non-blocking descriptor into lines.
struct LineSplitter {
    private let descriptor: Int32
    private let longest: Int
    private var pending: [UInt8] = []
    private(set) var isAtEnd = false

    /// The bytes read after the last newline.
    var unfinished: ArraySlice<UInt8> { pending[...] }

    /// The number of bytes to read at once.
    private static let block = 64 * 1024

    /// - Parameters:
    ///   - descriptor: The descriptor; negative if there is nothing to read.
    ///   - longest: The limit in bytes. A longer line is handed on in pieces.
    init(descriptor: Int32, longest: Int = 64 * 1024) {
        self.descriptor = descriptor
        isAtEnd = descriptor < 0
        self.longest = longest
    }

    /// Reads the available bytes, at most one block.
    mutating func read(_ onLine: (ArraySlice<UInt8>) -> Void) {
        _ = readBlock(onLine)
    }

    /// Reads all available bytes, and takes the rest after the last newline for a line.
    mutating func finish(_ onLine: (ArraySlice<UInt8>) -> Void) {
        // Bounded, for a writer that outlives the child and never stops.
        for _ in 0..<16 where !isAtEnd {
            if !readBlock(onLine) { break }
        }
        if !pending.isEmpty { onLine(pending[...]) }
        pending.removeAll()
    }

    /// - Returns: True if anything was read.
    private mutating func readBlock(_ onLine: (ArraySlice<UInt8>) -> Void) -> Bool {
        let old = pending.count
        pending += repeatElement(0, count: Self.block)
        let count = pending.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress! + old, Self.block)
        }
        pending.removeLast(Self.block - max(0, count))
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { isAtEnd = true }
            return false
        }
        var start = 0
        var searched = old
        while let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
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
}
