import Glibc

/// Cuts what a non-blocking descriptor delivers into lines.
struct LineSplitter {
    private let descriptor: Int32
    private let longest: Int
    private var pending: [UInt8] = []
    private(set) var isAtEnd = false

    /// The bytes read after the last newline.
    var unfinished: ArraySlice<UInt8> { pending[...] }

    /// How much is read at once.
    private static let block = 64 * 1024

    /// - Parameters:
    ///   - descriptor: Negative if there is nothing to read.
    ///   - longest: In bytes. A longer line is handed on in pieces.
    init(descriptor: Int32, longest: Int = 64 * 1024) {
        self.descriptor = descriptor
        isAtEnd = descriptor < 0
        self.longest = longest
    }

    /// Reads what is there, at most one block.
    mutating func read(_ onLine: (ArraySlice<UInt8>) -> Void) {
        _ = readBlock(onLine)
    }

    /// Reads all that is there, and takes what follows the last newline for a line.
    mutating func finish(_ onLine: (ArraySlice<UInt8>) -> Void) {
        // Bounded, for a writer that outlives the child and never stops.
        for _ in 0..<16 where !isAtEnd {
            if !readBlock(onLine) { break }
        }
        if !pending.isEmpty { onLine(pending[...]) }
        pending.removeAll()
    }

    /// - Returns: Whether anything was read.
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
