import CUnix
import Glibc

/// The result of a program that ran to its end or to its time limit, without input and without a
/// terminal.
package struct Execution: Sendable {
    package let ending: Ending
    package let output, errors: Excerpt

    /// True if it was terminated because it took too long.
    package let isTimedOut: Bool

    /// The time between SIGTERM and SIGKILL.
    private static let grace = Duration.seconds(1)

    /// Runs a program on this thread, in a new session and process group.
    ///
    /// The program is killed when this thread ends, for whatever reason. The processes that it
    /// started and left in its group are killed with it.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, beginning with the program's name.
    ///   - environment: The complete environment, with entries as `NAME=value`.
    ///   - mostOutput: The number of bytes of each output that are kept.
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
        // Everything the program printed is in the pipes by now. Processes that it started may hold
        // them open, so their end is not waited for.
        output.finish()
        errors.finish()
        kill(-process, SIGKILL)
        return Execution(
            ending: interruption.reap(process), output: output.excerpt, errors: errors.excerpt,
            isTimedOut: isTimedOut)
    }

    /// Reads until the program has ended. Does not reap it, so that its id is not reused.
    ///
    /// - Returns: True if it took too long.
    private static func attend(
        _ process: Int32, _ end: borrowing Descriptor, _ timeout: Duration,
        _ output: inout Capture, _ errors: inout Capture
    ) -> Bool {
        let clock = ContinuousClock()
        var deadline = clock.now + timeout
        // The signals still to be sent, in this order.
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
