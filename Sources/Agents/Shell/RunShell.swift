internal import FilterKit
internal import Unix

/// Runs the shell until the user leaves, or the script on standard input to its end, and ends the
/// process. It blocks the main thread.
@MainActor package func runShell(_ options: ShellOptions, editor: some LineEditing) -> Never {
    prepareSignals()
    do {
        let environment = Environment.current
        let screen = Screen(isInteractive: isStandardInputTerminal, environment: environment)
        let parts = try ShellParts(options, screen: screen, environment: environment)
        parts.loop.begin()
        parts.agent.start()
        let interpreter = Interpreter(parts, keepsGoing: options.keepsGoing)
        let status =
            parts.loop.isInteractive
            ? Interaction(interpreter, editor).run() : Script(interpreter).run()
        end(parts, status)
    } catch let failure as Failure {
        Diagnostics.error(failure.message)
        endProcess(failure.status.rawValue)
    } catch {
        Diagnostics.error("\(error)")
        endProcess(ExitStatus.ioError.rawValue)
    }
}

/// Ends all filters, and then this process.
@MainActor private func end(_ parts: ShellParts, _ status: Int32) -> Never {
    parts.agent.stop(parts.loop)
    Diagnostics.divert(to: nil)
    parts.loop.settle()
    if let problem = parts.agent.traceProblem {
        Diagnostics.error(problem)
        endProcess(ExitStatus.ioError.rawValue)
    }
    if parts.loop.ending != 0 { die(of: parts.loop.ending) }
    endProcess(status)
}
