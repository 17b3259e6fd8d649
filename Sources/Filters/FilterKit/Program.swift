package import ArgumentParser
internal import GivenSettings
internal import Synchronization
internal import Unix

/// A command that does its work once its options are parsed.
///
/// Unlike ArgumentParser's commands, its errors read `hector-embed: …`, and it ends as other
/// filters do: quietly when its output is no longer read, and by the signal that stopped it.
package protocol Program: ParsableCommand, Sendable {
    /// Does the work. When its task is cancelled, it stops early and cleanly.
    func work() async throws -> ExitStatus

    /// True if the command runs until a signal ends it, which is then not a failure.
    var isServer: Bool { get }
}

extension Program {
    package var isServer: Bool { false }

    package mutating func run() throws {
        preconditionFailure("a program is started by runToEnd")
    }
}

extension ParsableCommand {
    /// Does the work of an executable's `main`: parses its arguments and runs the program that they
    /// name, which is this one or one of its subcommands.
    ///
    /// - Parameter arguments: The arguments; nil for those of the command line.
    package static func runToEnd(_ arguments: [String]? = nil) -> Never {
        // This comes before the first task, for which the runtime opens descriptors.
        reserveStandardStreams()
        Diagnostics.programName = configuration.commandName ?? "hector"
        if let position = positionOfArgumentNotUTF8 {
            Diagnostics.error("argument \(position) is not UTF-8")
            endProcess(ExitStatus.usage.rawValue)
        }
        let given = arguments ?? Array(CommandLine.arguments.dropFirst())
        completeIfAsked(given)
        let arguments = joinedValuesApart(subcommandFirst(given))
        do {
            var command = try parseAsRoot(arguments)
            if let program = command as? any Program {
                if Environment.current[onlyParsesVariable] != nil { endProcess(0) }
                finish(program)
            }
            // This is one of ArgumentParser's own commands, which prints help by throwing it.
            try command.run()
            endProcess(0)
        } catch {
            ParserDiagnosis(of: error, from: self, arguments).end()
        }
    }
}

/// A variable of the environment that makes a program end once its arguments are parsed, so that a
/// command line can be checked.
package let onlyParsesVariable = "HECTOR_ONLY_PARSE"

/// Runs a program to its end, and ends the process with it.
private func finish(_ program: any Program) -> Never {
    requireResources()
    if KnownSecrets.add(environment: Environment.current) { MemoryProtection.forbidCoreFiles() }
    keepFreedMemory()
    prepareSignals()
    let stop = Stop()
    let work = Task { try await program.work() }
    onTermination { signal in
        stop.signal.store(signal, ordering: .releasing)
        work.cancel()
        // Some work cannot be cancelled, such as opening a pipe without a writer.
        die(of: signal, after: longestEnd)
    }
    Task {
        let result = await work.result
        let signal = stop.signal.load(ordering: .acquiring)
        if signal != 0, !program.isServer { die(of: signal) }
        switch result {
        case .success(let status): endProcess(status.rawValue)
        case .failure(let error): endProcess(after: error)
        }
    }
    sleepForever()
}

/// A limit longer than a clean shutdown may take.
private let longestEnd = Duration.seconds(15)

/// The signal that asked the process to end, or 0.
private final class Stop: Sendable {
    let signal = Atomic<Int32>(0)
}

/// Prints requested text, and ends the process.
func endProcess(printing text: String) -> Never {
    do { try writeToStandardOutput(text + "\n") } catch { endProcess(after: error) }
    endProcess(0)
}

/// Prints an error, and ends the process with its status.
func endProcess(after error: any Error) -> Never {
    switch error {
    case OutputError.closed:
        dieOfBrokenPipe()
    case let failure as Failure:
        Diagnostics.error(failure.message)
        endProcess(failure.status.rawValue)
    case is ResourceShortage:
        Diagnostics.error("\(error)")
        endProcess(ExitStatus.systemError.rawValue)
    case is OutputError, is SystemError:
        Diagnostics.error("\(error)")
        endProcess(ExitStatus.ioError.rawValue)
    default:
        Diagnostics.error("\(error)")
        endProcess(ExitStatus.incomplete.rawValue)
    }
}
