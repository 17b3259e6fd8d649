import CUnix
import Glibc

/// A pipe that a child writes and this process reads. Other children do not inherit it.
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

    /// The descriptor to wait for; -1 at the end of the output.
    var awaited: Int32 { isAtEnd ? -1 : reading.raw }

    /// The child's end of the pipe; -1 after it was handed over.
    var end: Int32 {
        switch writing {
        case .some(let writing): writing.raw
        case .none: -1
        }
    }

    /// Closes the child's end in this process, once the child has it.
    mutating func handOver() { writing = nil }

    /// Appends the available bytes, at most one block.
    ///
    /// - Returns: True if there were any.
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

/// Opens a pipe that children do not inherit. The caller closes both ends.
func openPipe() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard hector_pipe(&ends) == 0 else { throw SystemError(errno, "open a pipe") }
    return (ends[0], ends[1])
}

/// A reader of one of a child's outputs.
protocol ChildOutput: ~Copyable {
    /// The descriptor to wait for; -1 at the end of the output.
    var awaited: Int32 { get }

    /// Reads the available bytes, at most one block.
    mutating func read()

    /// Reads the remaining output of a process that has ended. The amount is limited, because a
    /// process that it has started may write without end.
    mutating func finish()
}
