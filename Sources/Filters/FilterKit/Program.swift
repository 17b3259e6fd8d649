package import ArgumentParser
internal import Synchronization
internal import Unix

/// A command that does something, once its options are parsed.
///
/// Unlike ArgumentParser's own its errors read `hector-embed: …`, and it ends
/// as other filters do: quietly when nobody reads its output, and by the
/// signal that stopped it.
package protocol Program: ParsableCommand, Sendable {
    /// Does the work. When its task is cancelled it stops early, in order.
    func work() async throws -> ExitStatus

    /// Whether it runs until it is told to end, so that a signal which does that is no failure.
    var isServer: Bool { get }
}

extension Program {
    package var isServer: Bool { false }

    package mutating func run() throws {
        preconditionFailure("a program is started by runToEnd")
    }
}

extension ParsableCommand {
    /// What the `main` of an executable does: parses its arguments and runs the
    /// program that they name, which is this one or one of its subcommands.
    ///
    /// - Parameter arguments: Those of the command line unless given.
    package static func runToEnd(_ arguments: [String]? = nil) -> Never {
        // Before the first task, for which the runtime opens descriptors.
        reserveStandardStreams()
        Diagnostics.programName = configuration.commandName ?? "hector"
        if let position = positionOfArgumentNotUTF8 {
            Diagnostics.error("argument \(position) is not UTF-8")
            endProcess(ExitStatus.usage.rawValue)
        }
        completeIfAsked(arguments ?? Array(CommandLine.arguments.dropFirst()))
        let arguments = joinedValuesApart(
            subcommandFirst(arguments ?? Array(CommandLine.arguments.dropFirst())))
        do {
            var command = try parseAsRoot(arguments)
            if let program = command as? any Program { finish(program) }
            // One of ArgumentParser's own, which prints help by throwing it.
            try command.run()
            endProcess(0)
        } catch {
            end(badArguments: error, of: arguments)
        }
    }

    /// Serves a shell that completes a command line, or wants to know how; returns for anybody
    /// else.
    private static func completeIfAsked(_ arguments: [String]) {
        guard let first = arguments.first,
            first.hasPrefix("---completion") || first.hasPrefix("--generate-completion-script"),
            let command = self as? any HasStandardOptions.Type
        else { return }
        func complete<Command: HasStandardOptions>(_ command: Command.Type) {
            if let shell = CompletionShell(askedForBy: arguments) {
                let script = Completed<Command>.completionScript(for: shell)
                endProcess(printing: Command.extended(script, for: shell))
            }
            do { _ = try Completed<Command>.parseAsRoot(arguments) } catch {
                Completed<Command>.end(badArguments: error, of: arguments)
            }
        }
        complete(command)
    }

    fileprivate static func end(
        badArguments error: any Error, of arguments: [String]
    ) -> Never {
        widenHelp()
        guard exitCode(for: error) == .success else {
            let problem = unknownSubcommand(message(for: error), arguments) ?? message(for: error)
            // "Unknown option", as ArgumentParser has it, is not how a sentence goes on.
            Diagnostics.error(problem.prefix(1).lowercased() + problem.dropFirst())
            Diagnostics.line(
                "Try '\(Diagnostics.programName)\(namedSubcommand(arguments)) --help' for more information."
            )
            endProcess(ExitStatus.usage.rawValue)
        }
        let asked = arguments.contains {
            ["-h", "--help", "help", "--version"].contains($0) || $0.hasPrefix("--generate-")
                || $0.hasPrefix("---") || $0.hasPrefix("--help-") || $0.hasPrefix("--experimental-")
        }
        if !asked,
            let cluster = arguments.first(where: { argument in
                argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.contains("h")
            })
        {
            // ArgumentParser sees the h in it before that it knows none of the others.
            Diagnostics.error("unknown option '\(cluster)'")
            endProcess(ExitStatus.usage.rawValue)
        }
        let isForAll = arguments.allSatisfy {
            ["-h", "--help"].contains($0)
        }
        var text = isForAll ? wholeHelp() : fullMessage(for: error)
        if let name = configuration.defaultSubcommand?.configuration.commandName {
            // Nobody types it, so nobody needs to know it.
            text = text.replacing(
                "\(Diagnostics.programName) \(name)", with: Diagnostics.programName)
        }
        // Help and version were asked for, so they are output.
        endProcess(printing: text)
    }

    /// Leaves the help's columns some room, without which ArgumentParser crashes: it breaks lines
    /// where COLUMNS says, which is 0 in some containers.
    private static func widenHelp() {
        let columns = Environment.current["COLUMNS"].flatMap { Int($0) } ?? terminalWidth
        if let columns, columns < 40 {
            Environment.set("COLUMNS", to: "40")
        }
    }

    /// What is wrong if it is that a subcommand is none, which ArgumentParser only calls unexpected.
    private static func unknownSubcommand(_ problem: String, _ arguments: [String]) -> String? {
        guard problem.lowercased().contains("unexpected argument") else { return nil }
        var command: any ParsableCommand.Type = self
        for word in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty || word.hasPrefix("-") { return nil }
            guard let named = subcommands.first(where: { $0._commandName == word })
            else {
                // It may be an argument of the subcommand that need not be named.
                guard problem.contains("'\(word)'") else { return nil }
                let names = subcommands.map { $0._commandName }
                return "no command '\(word)', expected one of \(names.joined(separator: ", "))"
            }
            command = named
        }
        return nil
    }

    /// The subcommand that the command line begins with, behind a blank, or nothing.
    private static func namedSubcommand(_ arguments: [String]) -> String {
        guard let name = arguments.first else { return "" }
        return configuration.subcommands.contains { $0._commandName == name }
            ? " \(name)" : ""
    }

    /// The help of a command that does something of its own beside having
    /// subcommands: ArgumentParser would show but the subcommands.
    private static func wholeHelp() -> String {
        let own = helpMessage()
        guard let standard = configuration.defaultSubcommand,
            let beginning = own.firstRange(of: "USAGE:"),
            let subcommands = own.firstRange(of: "SUBCOMMANDS:")
        else { return own }
        let help = helpMessage(for: standard)
        guard let usage = help.firstRange(of: "USAGE:") else { return own }
        return own[..<beginning.lowerBound] + help[usage.lowerBound...] + "\n"
            + own[subcommands.lowerBound...]
    }
}

/// A command with subcommands of which one need not be named.
package protocol HasStandardOptions: ParsableCommand {
    /// The options of that one, without its arguments: where those may stand a shell completes the
    /// names of subcommands.
    associatedtype StandardOptions: ParsableArguments

    /// The script for a shell with what it should complete beyond the options and subcommands.
    static func extended(_ script: String, for shell: CompletionShell) -> String
}

extension HasStandardOptions {
    package static func extended(_ script: String, for shell: CompletionShell) -> String { script }
}

/// A command as a shell should complete it: with the options of the subcommand that need not be
/// named, which ArgumentParser offers only after its name.
private struct Completed<Root: HasStandardOptions>: ParsableCommand {
    static var configuration: CommandConfiguration {
        var configuration = Root.configuration
        configuration.defaultSubcommand = nil
        // ArgumentParser adds one of this name itself.
        configuration.subcommands.removeAll { $0.configuration.commandName == "help" }
        return configuration
    }

    @OptionGroup var options: Root.StandardOptions
}

extension CompletionShell {
    /// The one whose script the arguments ask for, if they ask for one that there is.
    fileprivate init?(askedForBy arguments: [String]) {
        let words = arguments.flatMap { $0.split(separator: "=", maxSplits: 1) }.map(String.init)
        guard words.first == "--generate-completion-script", words.count <= 2,
            let shell = words.count == 2 ? Self(rawValue: words[1]) : .autodetected()
        else { return nil }
        self = shell
    }
}

/// Runs a program to its end, which is the process's.
private func finish(_ program: any Program) -> Never {
    requireResources()
    keepFreedMemory()
    ignoreBrokenPipes()
    let stop = Stop()
    let work = Task { try await program.work() }
    onTermination { signal in
        stop.signal.store(signal, ordering: .releasing)
        work.cancel()
        // For what cannot be called off, such as opening a pipe that nobody writes to.
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

/// Ends the process if limits keep it from what every program takes. Before the first task, for
/// which the runtime would end it without a word, or wait for ever.
package func requireResources() {
    saveAddressSpace()
    do throws(ResourceShortage) { try ResourceNeed.program.check() } catch {
        endProcess(after: error)
    }
    if ResourceNeed.areDescriptorsScarce { takeTimer() }
}

/// Has the runtime open what its timers need, which it does with the first of them: it would end
/// the process if the program had taken the last descriptor by then.
private func takeTimer() {
    let pause = Pause()
    Task {
        try? await Task.sleep(for: .nanoseconds(1))
        pause.isOver.store(true, ordering: .releasing)
    }
    // Nothing else runs yet, and there is no queue to wait in.
    while !pause.isOver.load(ordering: .acquiring) { yieldThread() }
}

private final class Pause: Sendable {
    let isOver = Atomic(false)
}

/// Longer than all that is to end in order may take.
private let longestEnd = Duration.seconds(15)

/// The signal that asked the process to end, or 0.
private final class Stop: Sendable {
    let signal = Atomic<Int32>(0)
}

private func endProcess(printing text: String) -> Never {
    do { try writeToStandardOutput(text + "\n") } catch { endProcess(after: error) }
    endProcess(0)
}

/// Tells why and ends with the status that says so.
private func endProcess(after error: any Error) -> Never {
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
