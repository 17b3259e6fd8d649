import CUnix
import Glibc
import Synchronization

/// A process this one has started, from its start until it is reaped.
///
/// The child starts with signals as a shell sets them, and inherits only its three standard
/// streams. It is killed when the thread that started it ends, and therefore also when this process
/// ends for any reason. The same thread waits for the child once, by ``wait()`` or
/// ``read(_:_:onOutputEnd:)``.
///
/// Signals are sent under the same lock as the child is reaped, because its process id may belong
/// to another process afterwards.
final class Child: Sendable {
    /// The process group of a child.
    enum Place {
        /// The group of this process, so that the child may use the terminal.
        case ourGroup
        /// A new group, which is killed when the child ends.
        case ownGroup
        /// A new group in a new session without a terminal. It is killed when the child ends.
        case ownSession
        /// A new group in the foreground of the terminal, if there is one. It may outlive the
        /// child.
        case foreground
    }

    /// A program and the conditions that it starts under.
    struct Program {
        /// The path of the program. PATH is not searched.
        var path: String

        /// The arguments, of which the first is the program's name.
        var arguments: [String]

        /// The whole environment, as `NAME=value`. Nil for the environment of this process.
        var environment: [String]?
        var place: Place

        /// A descriptor of the working directory; -1 for the directory of this process.
        var directory: Int32 = -1

        /// The most bytes of memory of its own that each process may have; 0 for no limit.
        var mostMemory = 0

        /// The limits that the kernel keeps on it; nil for none.
        var confinement: Confinement?
    }

    let processID: Int32

    private let place: Place
    private let state = Mutex(State())

    private struct State {
        var isReaped = false
        var wasAskedToEnd = false
        /// The timers that send the signals to end the child.
        var timers: [Task<Void, any Error>] = []
    }

    /// Starts a program, which is killed when this thread ends.
    ///
    /// The caller still owns the descriptors.
    ///
    /// - Parameters:
    ///   - input: The descriptor for standard input.
    ///   - output: The descriptor for standard output.
    ///   - errors: The descriptor for standard error.
    init(
        _ program: Program, input: Int32, output: Int32, errors: Int32
    ) throws(SystemError) {
        keepStatuses()
        place = program.place
        let place = program.place.raw
        func spawn(
            _ path: String, _ arguments: [String],
            _ limits: UnsafeMutablePointer<hector_confinement>?
        ) -> pid_t {
            withCStrings(arguments) { arguments in
                guard let environment = program.environment else {
                    return hector_spawn(
                        place, program.directory, path, arguments, environ, input, output, errors,
                        program.mostMemory, limits)
                }
                return withCStrings(environment) { environment in
                    hector_spawn(
                        place, program.directory, path, arguments, environment, input, output,
                        errors, program.mostMemory, limits)
                }
            }
        }
        let process: pid_t
        if let confinement = program.confinement {
            let prepared = try PreparedConfinement(
                confinement, program.path, program.arguments, program.environment ?? [])
            process = spawn(prepared.path, prepared.arguments, prepared.raw)
            if process >= 0, let listener = prepared.listener() {
                SocketGate.open(listener, in: confinement.socketFolder)
            }
        } else {
            process = spawn(program.path, program.arguments, nil)
        }
        guard process >= 0 else { throw SystemError(errno, "run '\(program.path)'") }
        processID = process
    }

    // MARK: Ending the process

    /// Sends a signal to the process and, if it has its own group, to the processes that it has
    /// started. Does nothing once the process has ended.
    func signal(_ number: Int32) {
        state.withLock { state in
            if mayBeSignalled(state) { send(number) }
        }
    }

    /// Sends a signal to the process, and to its group if it has its own. Called under the lock.
    private func send(_ number: Int32) {
        if place != .ourGroup { kill(-processID, number) }
        // It may have left its group, even right now.
        if place == .ourGroup || number == SIGKILL || getpgid(processID) != processID {
            kill(processID, number)
        }
    }

    /// Ends the process unless it ends by itself: by a signal, and then by SIGKILL. Does not wait
    /// for the end.
    ///
    /// - Parameters:
    ///   - signal: The signal that asks the process to end. A stopped process is continued, so that
    ///     it can handle the signal.
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
            send(signal)
            send(SIGCONT)
        }
    }

    /// Called under the lock.
    private func mayBeSignalled(_ state: State) -> Bool { !state.isReaped && hasEnded != nil }

    /// True if the process has ended and has only to be reaped. Nil if the kernel has reaped it,
    /// because SIGCHLD is ignored, so that the id may be that of another process.
    private var hasEnded: Bool? {
        var found = siginfo_t()
        while waitid(P_PID, id_t(processID), &found, WEXITED | WNOHANG | WNOWAIT) == -1 {
            if errno != EINTR { return nil }
        }
        return found.si_signo != 0
    }

    // MARK: Waiting on the thread that started the process

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
            // The process is not reaped here, so that its id stays valid until the lock is held.
            var found = siginfo_t()
            if waitid(P_PID, id_t(processID), &found, changes | WNOWAIT) == -1, errno == EINTR {
                continue
            }
            let flags = WNOHANG | (changes & WSTOPPED != 0 ? WUNTRACED : 0)
            var status: Int32 = 0
            // A stopped process may already have been continued.
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
            // The kernel reaped it because SIGCHLD is ignored. Its status is lost, so it counts as
            // a failure.
            if result < 0 { status = SIGKILL }
            defer { state.timers = [] }
            return (Ending(waitStatus: status), state.timers)
        }
        for timer in timers { timer.cancel() }
        return ending
    }

    /// - Parameter status: A status of waitpid(2). Its low byte shows that the process has stopped.
    private static func isStop(_ status: Int32) -> Bool { status & 0xff == 0x7f }

    /// Reads both outputs until the process has ended, and reaps it. Does not wait for processes
    /// that it has started, even if they hold the outputs open.
    ///
    /// - Parameter onOutputEnd: Called if standard output ends while the process runs.
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
            // Without pidfd_open (before Linux 5.3) only the end of both outputs shows that the
            // process may have ended.
            if end < 0, output.awaited < 0, errors.awaited < 0 { break }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
            if polled[0].revents != 0 {
                output.read()
                // If the process has ended as well, only its end is reported.
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
        // All output of the process is in the pipes by now.
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

/// Makes the kernel keep the exit statuses of children. If the parent of this process ignored
/// SIGCHLD, this process inherits that, and the kernel reaps each child when it ends: its status is
/// lost, and its id may be used again.
private func keepStatuses() {
    var action = sigaction()
    sigaction(SIGCHLD, nil, &action)
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    if handler == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGCHLD, SIG_DFL) }
}

/// Opens an empty file as the input of a child. The caller closes it.
func openNothing() throws(SystemError) -> Int32 {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(errno, "open '/dev/null'") }
    return descriptor
}

/// Lends C an array of strings that ends with NULL, for the length of one call.
func withCStrings<R>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
    // A path among the arguments may be one that is not UTF-8.
    let pointers = strings.map { RawPath.with($0) { strdup($0) } } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
