import Glibc

/// The standard input of a child. It takes any number of bytes at once.
///
/// A separate thread writes, so that a child that does not read blocks only that thread. Bytes that
/// are not yet written when the child ends are dropped.
package final class ChildInput: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isClosed = false
    }

    private let state = Monitor(State())

    /// - Parameter descriptor: The write end of a pipe. It is closed once everything is written.
    init(takingOwnershipOf descriptor: Int32) {
        detachThread { [state] in
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
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        let isOpen = state.withLock { state in
            if state.isClosed { return false }
            if state.pending.isEmpty { state.pending = bytes } else { state.pending += bytes }
            return true
        }
        state.signal()
        return isOpen
    }

    /// Ends the child's input after everything that has been written.
    package func close() {
        state.withLock { $0.isClosed = true }
        state.signal()
    }
}
