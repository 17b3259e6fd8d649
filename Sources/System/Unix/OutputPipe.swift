import CUnix
import Glibc

/// A pipe that a child writes to and this process reads from. No other child inherits an end.
struct OutputPipe: ~Copyable {
    private let reading: Descriptor
    private var writing: Descriptor?
    private var isAtEnd = false

    /// The size of a read, in bytes.
    private static let block = 64 * 1024
    private static let zeros = [UInt8](repeating: 0, count: block)

    init() throws(SystemError) {
        let ends = try openPipe()
        reading = Descriptor(takingOwnershipOf: ends.read)
        writing = Descriptor(takingOwnershipOf: ends.write)
        _ = hector_set_nonblocking(ends.read)
    }

    /// To wait for; -1 once there is nothing to come.
    var awaited: Int32 { isAtEnd ? -1 : reading.raw }

    /// The end that a child gets; -1 after it was handed over.
    var end: Int32 {
        switch writing {
        case .some(let writing): writing.raw
        case .none: -1
        }
    }

    /// Leaves the end of the child to the child.
    mutating func handOver() { writing = nil }

    /// Appends what is there, at most one block.
    ///
    /// - Returns: True if there was anything.
    mutating func read(into bytes: inout [UInt8]) -> Bool {
        let old = bytes.count
        bytes += Self.zeros
        let descriptor = reading.raw
        let count = bytes.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress! + old, Self.block)
        }
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { isAtEnd = true }
        bytes.removeLast(Self.block - max(0, count))
        return count > 0
    }
}

/// Opens a pipe whose ends no child inherits. The caller closes both.
func openPipe() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard hector_pipe(&ends) == 0 else { throw SystemError(errno, "open a pipe") }
    return (ends[0], ends[1])
}

/// An output of a child, and what is made of it.
protocol ChildOutput: ~Copyable {
    /// To wait for; -1 once there is nothing to come.
    var awaited: Int32 { get }

    /// Reads the available bytes, at most one block.
    mutating func read()

    /// Reads what is left by a process that has ended. Bounded, for one that it has started and
    /// that writes on without end.
    mutating func finish()
}
