import CUnix
import Glibc
import Synchronization

/// A pipe from one child to the next, of which this process keeps no end once both have theirs.
package final class Link: Sendable {
    private let ends: Mutex<(exit: Int32, entrance: Int32)>

    package init() throws(SystemError) {
        var both: [Int32] = [0, 0]
        guard hector_pipe(&both) == 0 else { throw SystemError(errno, "open a pipe") }
        ends = Mutex((both[0], both[1]))
    }

    deinit {
        closeEntrance()
        let exit = takeExit()
        if exit >= 0 { close(exit) }
    }

    /// Where the first child writes to; -1 once it is closed here.
    var entrance: Int32 { ends.withLock { $0.entrance } }

    /// Where the second child reads from, which whoever takes it closes.
    func takeExit() -> Int32 {
        ends.withLock { ends in
            defer { ends.exit = -1 }
            return ends.exit
        }
    }

    func closeEntrance() {
        ends.withLock { ends in
            if ends.entrance >= 0 { close(ends.entrance) }
            ends.entrance = -1
        }
    }
}
