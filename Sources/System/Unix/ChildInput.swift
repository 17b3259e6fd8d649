import CUnix
import Glibc
import Waiting

/// The standard input of a child, which takes any number of bytes at once, and before the child is
/// there.
///
/// A thread of its own writes, so that a child which does not read does not hold up other work. What is
/// still to be written when the child ends is dropped.
final class ChildInput: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isClosed = false
    }

    private let state = Monitor(State())

    /// Begins to write. Once only.
    ///
    /// - Parameter descriptor: The write end of a pipe. It is closed once everything is written.
    func begin(takingOwnershipOf descriptor: Int32) {
        detachThread { [state] in
            // To write to a child that has gone is an error for this thread, and no signal.
            var broken = sigset_t()
            sigemptyset(&broken)
            sigaddset(&broken, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &broken, nil)
            while true {
                let bytes: [UInt8]? = state.wait { state in
                    if state.pending.isEmpty { return state.isClosed ? .some(nil) : nil }
                    defer { state.pending = [] }
                    return state.pending
                }
                guard let bytes, writeAll(bytes, to: descriptor) == nil else { break }
            }
            state.withLock { state in
                state.isClosed = true
                state.pending = []
            }
            Glibc.close(descriptor)
        }
    }

    /// Adds bytes to the child's input, and does not wait until the child has read them.
    ///
    /// - Returns: True if the child can still read them.
    func write(_ bytes: [UInt8]) -> Bool {
        let isOpen = state.withLock { state in
            if state.isClosed { return false }
            if state.pending.isEmpty { state.pending = bytes } else { state.pending += bytes }
            return true
        }
        state.signal()
        return isOpen
    }

    /// Ends the child's input after everything that has been written.
    func close() {
        state.withLock { $0.isClosed = true }
        state.signal()
    }
}
