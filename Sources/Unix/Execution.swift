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
        let input = Descriptor(takingOwnershipOf: try openNothing())
        var output = try Capture(limit: mostOutput)
        var errors = try Capture(limit: mostOutput)
        let child = try Child(
            Child.Program(
                path: path, arguments: arguments, environment: environment, place: .ownSession,
                directory: directory.descriptor),
            input: input.raw, output: output.end, errors: errors.end)
        output.handOver()
        errors.handOver()
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
