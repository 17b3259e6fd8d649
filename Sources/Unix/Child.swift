import CUnix
import Glibc
import Synchronization
import Waiting

/// A process this one started.
///
/// One thread starts it, reads both its outputs to their end and waits for it,
/// so a child never blocks on a full pipe, is always reaped, and is killed
/// with this process, whatever kills that.
package final class Child: Sendable {
    /// The two outputs of a child.
    package enum Output: Sendable { case standard, errors }

    package let processID: Int32

    /// Nil for a child that has no input.
    package let input: ChildInput?

    private let hasOwnGroup: Bool

    // Once reaped, the process id may be given to someone else's process.
    private let isReaped = Mutex(false)

    private init(processID: Int32, input: ChildInput?, hasOwnGroup: Bool) {
        self.processID = processID
        self.input = input
        self.hasOwnGroup = hasOwnGroup
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: `NAME=value` each. Replaces this process's environment.
    ///   - takesInput: Whether its standard input is a pipe, to be written to with
    ///     `input`, and not empty. Whoever sets this ignores SIGPIPE.
    ///   - usesTerminal: Whether it stays in this process's group, as it must to read the
    ///     terminal. Else it has a group of its own, which ends with it.
    ///   - longestLine: In bytes. A longer line comes in pieces.
    ///   - onLine: Gets each line without its newline, on the child's thread.
    ///   - onUnfinishedLine: Gets what standard output has printed after its last newline, each
    ///     time that there is more of it.
    ///   - onOutputEnd: Called on the child's thread if its standard output ends while it runs.
    ///   - onExit: Called once, on the child's thread, after every line the
    ///     child itself printed.
    package static func launch(
        _ path: String, arguments: [String] = [], environment: [String],
        takesInput: Bool = false, usesTerminal: Bool = false, longestLine: Int = 64 * 1024,
        onLine: @escaping @Sendable (Output, ArraySlice<UInt8>) -> Void,
        onUnfinishedLine: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        onOutputEnd: @escaping @Sendable () -> Void = {},
        onExit: @escaping @Sendable (Ending) -> Void
    ) async throws(SystemError) -> Child {
        let launched: Result<Child, SystemError> = await withCheckedContinuation { continuation in
            detachThread {
                do throws(SystemError) {
                    let (child, watch) = try start(
                        path, arguments, environment, takesInput, usesTerminal)
                    continuation.resume(returning: .success(child))
                    let ending = child.attend(
                        watch, longestLine, onLine, onUnfinishedLine, onOutputEnd)
                    child.input?.close()
                    onExit(ending)
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try launched.get()
    }

    /// Sends a signal to the child and whatever it started. Harmless once it has ended.
    package func signal(_ number: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { _ = kill(hasOwnGroup ? -processID : processID, number) }
        }
    }

    /// The descriptors a child's thread listens to.
    private struct Watch {
        var process, output, errors: Int32
    }

    private static func start(
        _ path: String, _ arguments: [String], _ environment: [String], _ takesInput: Bool,
        _ usesTerminal: Bool
    ) throws(SystemError) -> (Child, Watch) {
        let input = try takesInput ? pipe() : (read: nothing(), write: -1)
        defer { close(input.read) }
        // What is written at once mostly has room then, and wakes the child once.
        if takesInput { hector_widen_pipe(input.write) }
        let output: (read: Int32, write: Int32)
        do { output = try pipe() } catch {
            close(input.write)
            throw error
        }
        defer { close(output.write) }
        let errors: (read: Int32, write: Int32)
        do { errors = try pipe() } catch {
            close(input.write)
            close(output.read)
            throw error
        }
        defer { close(errors.write) }

        let process = withCStrings([path] + arguments) { arguments in
            withCStrings(environment) { environment in
                (usesTerminal ? hector_spawn_here : hector_spawn)(
                    path, arguments, environment, input.read, output.write, errors.write)
            }
        }
        guard process >= 0 else {
            let code = errno
            close(input.write)
            close(output.read)
            close(errors.read)
            throw SystemError(code, "run '\(path)'")
        }
        _ = hector_set_nonblocking(output.read)
        _ = hector_set_nonblocking(errors.read)
        let watch = Watch(
            process: hector_pidfd_open(process), output: output.read, errors: errors.read)
        let writer = takesInput ? ChildInput(takingOwnershipOf: input.write) : nil
        let child = Child(processID: process, input: writer, hasOwnGroup: !usesTerminal)
        return (child, watch)
    }

    /// Reads until the child has ended, then reaps it.
    private func attend(
        _ watch: Watch, _ longestLine: Int, _ onLine: (Output, ArraySlice<UInt8>) -> Void,
        _ onUnfinishedLine: (ArraySlice<UInt8>) -> Void, _ onOutputEnd: () -> Void
    ) -> Ending {
        var output = LineSplitter(descriptor: watch.output, longest: longestLine)
        var errors = LineSplitter(descriptor: watch.errors, longest: longestLine)
        defer {
            close(watch.output)
            close(watch.errors)
            if watch.process >= 0 { close(watch.process) }
        }
        while true {
            var polled = [
                pollfd(fd: output.isAtEnd ? -1 : watch.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.isAtEnd ? -1 : watch.errors, events: Int16(POLLIN), revents: 0),
                pollfd(fd: watch.process, events: Int16(POLLIN), revents: 0),
            ]
            // Without pidfd_open (before Linux 5.3) only the ends of both
            // outputs tell that the child may have ended.
            if watch.process < 0, output.isAtEnd, errors.isAtEnd { break }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else { break }
            if polled[0].revents != 0 {
                output.read { onLine(.standard, $0) }
                if !output.unfinished.isEmpty { onUnfinishedLine(output.unfinished) }
                // A child that has ended, too, is told by its end.
                if output.isAtEnd, polled[2].revents == 0 {
                    output.finish { onLine(.standard, $0) }
                    onOutputEnd()
                }
            }
            if polled[1].revents != 0 { errors.read { onLine(.errors, $0) } }
            if polled[2].revents != 0 { break }
        }
        // Wait without reaping, so that the id stays ours until the lock is.
        var ended = siginfo_t()
        while waitid(P_PID, id_t(processID), &ended, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        // What the child printed is in the pipes by now. A grandchild may
        // hold them open, so nobody waits for their end.
        output.finish { onLine(.standard, $0) }
        errors.finish { onLine(.errors, $0) }
        return isReaped.withLock { isReaped in
            if hasOwnGroup { _ = kill(-processID, SIGKILL) }
            var status: Int32 = 0
            while waitpid(processID, &status, 0) == -1, errno == EINTR {}
            isReaped = true
            return Ending(waitStatus: status)
        }
    }
}

/// How a process ended.
package enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// - Parameter waitStatus: As `waitpid` encodes it.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
    }
}

extension Ending: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let number):
            "was killed by signal \(number) (\(String(cString: strsignal(number))))"
        }
    }
}

/// A descriptor to read the end of a file from.
private func nothing() throws(SystemError) -> Int32 {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(errno, "open '/dev/null'") }
    return descriptor
}

/// A pipe whose ends no child inherits.
private func pipe() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard hector_pipe(&ends) == 0 else { throw SystemError(errno, "open a pipe") }
    return (ends[0], ends[1])
}

/// Lends C an array of strings that ends with NULL, for the length of one call.
func withCStrings<R>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(pointers)
}
