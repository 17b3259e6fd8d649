import CUnix
import Glibc
import Synchronization

/// Calls `body` on a thread of its own with each of these signals that arrives, in place of what
/// they would do.
///
/// A signal that is ignored already stays ignored. Called once.
package func onSignals(_ numbers: [Int32], _ body: @escaping @Sendable (Int32) -> Void) {
    var ends: [Int32] = [0, 0]
    guard hector_pipe(&ends) == 0 else { return }
    watchPipe.store(ends[1], ordering: .releasing)
    for number in numbers {
        var current = sigaction()
        sigaction(number, nil, &current)
        let handler = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
        if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
        catchSignal(number)
    }
    let reader = ends[0]
    detachThread {
        while true {
            var byte: UInt8 = 0
            let count = read(reader, &byte, 1)
            if count == 1 { body(Int32(byte)) } else if count == 0 || errno != EINTR { return }
        }
    }
}

/// Stops this process as ^Z would have, and returns when it goes on.
///
/// - Parameter number: A signal that is otherwise caught by ``onSignals(_:_:)``.
package func stop(by number: Int32) {
    signal(number, SIG_DFL)
    raise(number)
    catchSignal(number)
}

private func catchSignal(_ number: Int32) {
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { number in
        // Only what signal-safety(7) allows.
        var byte = UInt8(truncatingIfNeeded: number)
        let before = errno
        _ = write(watchPipe.load(ordering: .acquiring), &byte, 1)
        errno = before
    }
    sigaction(number, &action, nil)
}

private let watchPipe = Atomic<Int32>(-1)
