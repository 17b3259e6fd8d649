import CUnix
import Glibc

/// A program that ran to its end or to its limit, without input and without a terminal.
package struct Execution: Sendable {
    package let ending: Ending
    package let output, errors: Excerpt

    /// Whether it was told to end because it took too long.
    package let isTimedOut: Bool

    /// How long a program that is told to end has before it is killed.
    private static let grace = Duration.seconds(1)

    /// Runs a program on this thread, in a session and process group of its own.
    ///
    /// The program is killed when this thread ends, however it ends. What the program started
    /// and left in its group is killed with it.
    ///
    /// - Parameters:
    ///   - arguments: Begin with the program's name.
    ///   - environment: `NAME=value` each; there is nothing else in it.
    ///   - mostOutput: How many bytes of each output are kept.
    package static func run(
        _ path: String, arguments: [String], environment: [String],
        in directory: ConfinedDirectory, timeout: Duration, mostOutput: Int,
        until interruption: Interruption
    ) throws(SystemError) -> Execution {
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw SystemError(errno, "open '/dev/null'") }
        let nothing = Descriptor(takingOwnershipOf: input)
        var output = try Capture(limit: mostOutput)
        var errors = try Capture(limit: mostOutput)
        let (outputEnd, errorsEnd) = (output.end, errors.end)
        let process = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                hector_spawn_apart(
                    directory.descriptor, path, arguments, environment, nothing.raw,
                    outputEnd, errorsEnd)
            }
        }
        guard process >= 0 else { throw SystemError(errno, "run '\(path)'") }
        interruption.watch(process)
        let watched = hector_pidfd_open(process)
        guard watched >= 0 else {
            let code = errno
            kill(-process, SIGKILL)
            _ = interruption.reap(process)
            throw SystemError(code, "watch '\(path)'")
        }
        let end = Descriptor(takingOwnershipOf: watched)

        output.handOver()
        errors.handOver()
        let isTimedOut = attend(process, end, timeout, &output, &errors)
        // What the program printed is in the pipes by now. What it has started may hold them
        // open, so nobody waits for their end.
        output.finish()
        errors.finish()
        kill(-process, SIGKILL)
        return Execution(
            ending: interruption.reap(process), output: output.excerpt, errors: errors.excerpt,
            isTimedOut: isTimedOut)
    }

    /// Reads until the program has ended, which is not reaped yet: its id stays its own.
    ///
    /// - Returns: Whether it took too long.
    private static func attend(
        _ process: Int32, _ end: borrowing Descriptor, _ timeout: Duration,
        _ output: inout Capture, _ errors: inout Capture
    ) -> Bool {
        let clock = ContinuousClock()
        var deadline = clock.now + timeout
        // What comes next, in this order.
        var signals = [SIGTERM, SIGKILL][...]
        while true {
            var polled = [
                pollfd(fd: output.awaited, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.awaited, events: Int16(POLLIN), revents: 0),
                pollfd(fd: end.raw, events: Int16(POLLIN), revents: 0),
            ]
            let left = Int(max(.zero, deadline - clock.now) / .milliseconds(1)) + 1
            let wait = signals.isEmpty ? -1 : Int32(min(left, 60_000))
            if poll(&polled, nfds_t(polled.count), wait) < 0 { continue }
            if polled[0].revents != 0 { output.read() }
            if polled[1].revents != 0 { errors.read() }
            if polled[2].revents != 0 { return signals.count < 2 }
            if clock.now >= deadline, let signal = signals.popFirst() {
                kill(-process, signal)
                deadline = clock.now + grace
            }
        }
    }
}
