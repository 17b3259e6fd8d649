import CUnix
import Glibc

/// A pipe that a program writes to, and the bytes read from it.
struct Capture: ~Copyable {
    private let reading: Descriptor
    private var writing: Descriptor?
    private var isAtEnd = false
    private(set) var excerpt: Excerpt

    private static let block = 64 * 1024

    /// - Parameter limit: The number of bytes to keep.
    init(limit: Int) throws(SystemError) {
        var ends: [Int32] = [0, 0]
        guard hector_pipe(&ends) == 0 else { throw SystemError(errno, "open a pipe") }
        reading = Descriptor(takingOwnershipOf: ends[0])
        writing = Descriptor(takingOwnershipOf: ends[1])
        excerpt = Excerpt(limit: limit)
        _ = hector_set_nonblocking(ends[0])
    }

    /// The descriptor to wait for; -1 once the output has ended.
    var awaited: Int32 { isAtEnd ? -1 : reading.raw }

    /// The end of the pipe for the program.
    var end: Int32 {
        switch writing {
        case .some(let writing): writing.raw
        case .none: -1
        }
    }

    /// Closes our copy of the program's end.
    mutating func handOver() { writing = nil }

    /// Reads the available bytes, at most one block.
    ///
    /// - Returns: True if there was anything.
    @discardableResult
    mutating func read() -> Bool {
        var code: Int32 = 0
        let descriptor = reading.raw
        let block = [UInt8](unsafeUninitializedCapacity: Self.block) { buffer, count in
            let result = Glibc.read(descriptor, buffer.baseAddress, Self.block)
            code = result < 0 ? errno : 0
            count = max(0, result)
        }
        excerpt.append(block)
        if block.isEmpty, code != EAGAIN, code != EINTR { isAtEnd = true }
        return !block.isEmpty
    }

    /// Reads the rest of the output of a program that has ended.
    mutating func finish() {
        // Bounded, because a process that the program has started may go on writing forever.
        for _ in 0..<32 where !isAtEnd {
            if !read() { return }
        }
    }
}
