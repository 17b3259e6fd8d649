import CUnix
import Glibc
import Waiting

/// The standard input of a child. It takes any number of bytes at any time, even before the child
/// has been started.
///
/// A separate thread writes, so that a child that does not read does not block other work. Bytes
/// that have not been written when the child ends are dropped.
final class ChildInput: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isClosed = false
    }

    private let state = Monitor(State())

    /// Starts to write. Called only once.
    ///
    /// - Parameter descriptor: The write end of a pipe. It is closed once everything is written.
    func begin(takingOwnershipOf descriptor: Int32) {
        detachThread { [state] in
            // Writing to a child that has ended is an error in this thread, not a signal.
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

    /// Ends the child's input after all bytes that have been written.
    func close() {
        state.withLock { $0.isClosed = true }
        state.signal()
    }
}
