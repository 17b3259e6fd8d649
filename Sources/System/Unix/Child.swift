import CUnix
import Glibc
import Synchronization

/// A process this one has started, from its start until it is reaped.
///
/// It begins with signals as a shell leaves them and with no descriptor of ours but its three
/// streams. It is killed when the thread that has started it ends, and so with this process, whatever
/// kills that. That thread also waits for it, by ``wait()`` or ``read(_:_:onOutputEnd:)``, once.
///
/// A process id is signalled only under the lock that it is reaped under: once it is reaped, the id
/// may be another process's.
final class Child: Sendable {
    /// The process group that a program belongs to.
    enum Place {
        /// This process's, so that it may use the terminal.
        case ourGroup
        /// One of its own, which ends with it.
        case ownGroup
        /// One of its own in a session of its own, which has no terminal. It ends with it.
        case ownSession
        /// One of its own, which has the terminal if there is one, and may go on after it.
        case foreground
    }

    /// A program, and what it is started with.
    struct Program {
        /// The path of the program. PATH is not searched.
        var path: String

        /// Begin with the program's name.
        var arguments: [String]

        /// `NAME=value` each; there is nothing else in it. Nil for this process's.
        var environment: [String]?
        var place: Place

        /// The descriptor of its working directory; -1 for this process's.
        var directory: Int32 = -1
    }

    let processID: Int32

    private let place: Place
    private let state = Mutex(State())

    private struct State {
        var isReaped = false
        var wasAskedToEnd = false
        /// The timers that end it step by step.
        var timers: [Task<Void, any Error>] = []
    }

    /// Starts a program, whose life is tied to this thread.
    ///
    /// - Parameters:
    ///   - input: A descriptor for its standard input. None is closed here.
    ///   - output: One for its standard output.
    ///   - errors: One for its standard error.
    init(
        _ program: Program, input: Int32, output: Int32, errors: Int32
    ) throws(SystemError) {
        keepStatuses()
        place = program.place
        let place = program.place.raw
        let process = withCStrings(program.arguments) { arguments in
            guard let environment = program.environment else {
                return hector_spawn(
                    place, program.directory, program.path, arguments, environ, input, output,
                    errors)
            }
            return withCStrings(environment) { environment in
                hector_spawn(
                    place, program.directory, program.path, arguments, environment, input, output,
                    errors)
            }
        }
        guard process >= 0 else { throw SystemError(errno, "run '\(program.path)'") }
        processID = process
    }

    /// The process, or its group where that is its own, in the form that kill(2) takes.
    private var target: Int32 { place == .ourGroup ? processID : -processID }

    // MARK: Its end

    /// Sends a signal to the process and, where it has a group of its own, to whatever it has
    /// started. Harmless once it has ended.
    func signal(_ number: Int32) {
        state.withLock { state in
            if mayBeSignalled(state) { _ = kill(target, number) }
        }
    }

    /// Has the process end unless it does so by itself: by a signal, and if that does not help by
    /// SIGKILL. Does not wait for it.
    ///
    /// - Parameters:
    ///   - signal: The signal that asks it to end. If it is stopped it is continued, so that it can.
    ///   - delay: The time before the signal. If zero, the signal is sent before this returns.
    ///   - grace: The time between the signal and SIGKILL.
    func end(
        by signal: Int32 = SIGTERM, after delay: Duration = .zero, grace: Duration
    ) {
        if delay <= .zero { ask(signal) }
        let timer = Task { [weak self] in
            if delay > .zero {
                try await Task.sleep(for: delay)
                self?.ask(signal)
            }
            try await Task.sleep(for: grace)
            self?.signal(SIGKILL)
        }
        let isOver = state.withLock { state in
            if !state.isReaped { state.timers.append(timer) }
            return state.isReaped
        }
        if isOver { timer.cancel() }
    }

    /// True once ``end(by:after:grace:)`` has sent its signal.
    var wasAskedToEnd: Bool { state.withLock { $0.wasAskedToEnd } }

    private func ask(_ signal: Int32) {
        state.withLock { state in
            guard mayBeSignalled(state) else { return }
            state.wasAskedToEnd = true
            kill(target, signal)
            kill(target, SIGCONT)
        }
    }

    /// Called under the lock.
    private func mayBeSignalled(_ state: State) -> Bool { !state.isReaped && hasEnded != nil }

    /// True if the process has ended and only has to be reaped; nil if it is already, by the kernel
    /// where SIGCHLD is ignored, so that the id may be another process's.
    private var hasEnded: Bool? {
        var found = siginfo_t()
        while waitid(P_PID, id_t(processID), &found, WEXITED | WNOHANG | WNOWAIT) == -1 {
            if errno != EINTR { return nil }
        }
        return found.si_signo != 0
    }

    // MARK: The thread that has started it

    /// Blocks this thread until the process has ended, and reaps it.
    func wait() -> Ending {
        while true {
            if let ending = waitForChange(WEXITED) { return ending }
        }
    }

    /// Blocks this thread until the process has ended, and reaps it, or until it has been stopped.
    ///
    /// - Returns: Nil if it has been stopped.
    func waitUnlessStopped() -> Ending? { waitForChange(WEXITED | WSTOPPED) }

    private func waitForChange(_ changes: Int32) -> Ending? {
        while true {
            // Without reaping, so that the id stays ours until the lock is.
            var found = siginfo_t()
            if waitid(P_PID, id_t(processID), &found, changes | WNOWAIT) == -1, errno == EINTR {
                continue
            }
            let flags = WNOHANG | (changes & WSTOPPED != 0 ? WUNTRACED : 0)
            var status: Int32 = 0
            // Nothing, if it goes on already.
            if let ending = reap(flags, &status) { return ending }
            if Self.isStop(status) { return nil }
        }
    }

    private func reap(_ flags: Int32, _ status: inout Int32) -> Ending? {
        let (ending, timers) = state.withLock { state -> (Ending?, [Task<Void, any Error>]) in
            if place == .ownGroup || place == .ownSession, hasEnded == true {
                _ = kill(-processID, SIGKILL)
            }
            var result: Int32
            repeat {
                result = waitpid(processID, &status, flags)
            } while result == -1 && errno == EINTR
            if result == 0 || (result > 0 && Self.isStop(status)) { return (nil, []) }
            state.isReaped = true
            // The kernel reaped it because SIGCHLD is ignored; its status is lost, so it counts as a failure.
            if result < 0 { status = SIGKILL }
            defer { state.timers = [] }
            return (Ending(waitStatus: status), state.timers)
        }
        for timer in timers { timer.cancel() }
        return ending
    }

    /// - Parameter status: A status of waitpid(2). Its low byte shows that the process has stopped.
    private static func isStop(_ status: Int32) -> Bool { status & 0xff == 0x7f }

    /// Reads both outputs until the process has ended, and reaps it. What it has started may hold
    /// them open, and is not waited for.
    ///
    /// - Parameter onOutputEnd: Called if its standard output ends while it runs.
    func read<Output: ChildOutput & ~Copyable, Errors: ChildOutput & ~Copyable>(
        _ output: inout Output, _ errors: inout Errors, onOutputEnd: () -> Void = {}
    ) -> Ending {
        let end = hector_pidfd_open(processID)
        defer { if end >= 0 { close(end) } }
        while true {
            var polled = [
                pollfd(fd: output.awaited, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.awaited, events: Int16(POLLIN), revents: 0),
                pollfd(fd: end, events: Int16(POLLIN), revents: 0),
            ]
            // Without pidfd_open (before Linux 5.3) only the ends of both outputs tell that the
            // process may have ended.
            if end < 0, output.awaited < 0, errors.awaited < 0 { break }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
            if polled[0].revents != 0 {
                output.read()
                // The end of a process that has ended is reported by waitid(2), too.
                if output.awaited < 0, polled[2].revents == 0 {
                    output.finish()
                    onOutputEnd()
                }
            }
            if polled[1].revents != 0 { errors.read() }
            if polled[2].revents != 0 { break }
        }
        var ended = siginfo_t()
        while waitid(P_PID, id_t(processID), &ended, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        // What it has printed is in the pipes by now.
        output.finish()
        errors.finish()
        return wait()
    }
}

extension Child.Place {
    fileprivate var raw: hector_place {
        switch self {
        case .ourGroup: hector_place_here
        case .ownGroup: hector_place_group
        case .ownSession: hector_place_session
        case .foreground: hector_place_foreground
        }
    }
}

/// Has the kernel keep how children end. A parent that ignores SIGCHLD hands that on, and then each
/// child is reaped as it ends: what it said by its status is lost, and its id may be another's.
private func keepStatuses() {
    var action = sigaction()
    sigaction(SIGCHLD, nil, &action)
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    if handler == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGCHLD, SIG_DFL) }
}

/// Opens a file that is empty, for a child without input. The caller closes it.
func openNothing() throws(SystemError) -> Int32 {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(errno, "open '/dev/null'") }
    return descriptor
}

/// Lends C an array of strings that ends with NULL, for the duration of one call.
func withCStrings<R>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
