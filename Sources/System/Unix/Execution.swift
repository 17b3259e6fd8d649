import Glibc

/// The result of a program that ran to its end or to its time limit, without input and without a
/// terminal.
package struct Execution: Sendable {
    package let ending: Ending
    package let output, errors: Excerpt

    /// True if the program was terminated because it took too long.
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
    ///   - endsAtMostOutput: True to kill the program when it prints more; some is omitted then.
    ///   - mostMemory: The most bytes of memory of its own that each process may have; 0 for no
    ///     limit.
    ///   - confinement: The limits that the kernel keeps on it; nil for none.
    package static func run(
        _ path: String, arguments: [String], environment: [String],
        in directory: ConfinedDirectory, timeout: Duration, mostOutput: Int,
        endsAtMostOutput: Bool = false, mostMemory: Int = 0, confinement: Confinement? = nil,
        until interruption: Interruption
    ) throws(SystemError) -> Execution {
        let input = Descriptor(takingOwnershipOf: try openNothing())
        var output = try Capture(limit: mostOutput)
        var errors = try Capture(limit: mostOutput)
        let child = try Child(
            Child.Program(
                path: path, arguments: arguments, environment: environment, place: .ownSession,
                directory: directory.descriptor, mostMemory: mostMemory, confinement: confinement),
            input: input.raw, output: output.end, errors: errors.end)
        output.handOver()
        errors.handOver()
        if endsAtMostOutput { output.onOmission = { child.signal(SIGKILL) } }
        child.end(after: timeout, grace: grace)
        let ending = interruption.during {
            child.read(&output, &errors)
        } onCome: {
            child.signal(SIGKILL)
        }
        return Execution(
            ending: ending, output: output.excerpt, errors: errors.excerpt,
            isTimedOut: child.wasAskedToEnd)
    }
}
