import CUnix
import Glibc
import Synchronization
import Waiting

/// Calls `body` with the first of SIGINT, SIGTERM and SIGHUP that arrives, on a new thread. A
/// second one ends the process at once.
///
/// A signal that is ignored already, as `nohup` ignores SIGHUP, stays ignored.
package func onTermination(_ body: @escaping @Sendable (_ signal: Int32) -> Void) {
    // The action is the default again after the first signal, so that a second one ends us.
    guard let pipe = watch([SIGINT, SIGTERM, SIGHUP], Int32(bitPattern: UInt32(SA_RESETHAND)))
    else { return }
    detachThread {
        if let number = nextSignal(from: pipe) { body(number) }
    }
}

/// Calls `body` with each of these signals that arrives, on a new thread, in place of their usual
/// action.
///
/// A signal that is ignored already stays ignored.
package func onSignals(_ numbers: [Int32], _ body: @escaping @Sendable (Int32) -> Void) {
    guard let pipe = watch(numbers, 0) else { return }
    detachThread {
        while let number = nextSignal(from: pipe) { body(number) }
    }
}

/// The number of signals that were caught. ``onSignals(_:_:)`` hands each of them on, a moment later.
package var caughtSignals: Int { caught.load(ordering: .acquiring) }

/// Starts the watch. A process may do this only once.
///
/// - Parameter flags: Flags of sigaction(2).
/// - Returns: A pipe that gets the number of each signal as a byte.
private func watch(_ numbers: [Int32], _ flags: Int32) -> Int32? {
    guard let ends = try? openPipe() else { return nil }
    watchPipe.store(ends.write, ordering: .releasing)
    for number in numbers {
        var current = sigaction()
        sigaction(number, nil, &current)
        let handler = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
        if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
        catchSignal(number, flags)
    }
    return ends.read
}

private func nextSignal(from pipe: Int32) -> Int32? {
    var byte: UInt8 = 0
    var count: Int
    repeat { count = read(pipe, &byte, 1) } while count < 0 && errno == EINTR
    return count == 1 ? Int32(byte) : nil
}

/// Stops this process as ^Z would have, and returns when it goes on.
///
/// - Parameter number: A signal that ``onSignals(_:_:)`` catches.
package func stop(by number: Int32) {
    signal(number, SIG_DFL)
    raise(number)
    catchSignal(number, 0)
}

private func catchSignal(_ number: Int32, _ flags: Int32) {
    var action = sigaction()
    action.sa_flags = flags | SA_RESTART
    action.__sigaction_handler.sa_handler = { number in
        // Only functions that signal-safety(7) allows.
        var byte = UInt8(truncatingIfNeeded: number)
        let before = errno
        // Counted before it can be handed on, unless it cannot be.
        caught.add(1, ordering: .releasing)
        if write(watchPipe.load(ordering: .acquiring), &byte, 1) != 1 {
            caught.subtract(1, ordering: .releasing)
        }
        errno = before
    }
    sigaction(number, &action, nil)
}

private let watchPipe = Atomic<Int32>(-1)
private let caught = Atomic(0)
