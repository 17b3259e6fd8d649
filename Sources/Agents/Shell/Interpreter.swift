internal import FilterKit

/// Executes the lines of a user or a script.
///
/// It blocks the main thread.
@MainActor final class Interpreter {
    let parts: ShellParts
    private let commands: CommandTable

    /// True for scripts that continue after a failure.
    let keepsGoing: Bool

    init(_ parts: ShellParts, keepsGoing: Bool) {
        self.parts = parts
        self.keepsGoing = keepsGoing
        commands = CommandTable(parts)
    }

    /// Executes a line, and reports its failure.
    ///
    /// - Returns: The exit status for a script.
    func execute(_ line: Line) -> Int32 {
        do { return try run(line) } catch { return parts.report.show(error) }
    }

    private func run(_ line: Line) throws -> Int32 {
        switch line {
        case .nothing, .longInput: 0
        case .question(let text): try parts.client.ask(text)
        case .program(let commandLine): try parts.programs.shell(commandLine)
        case .pipe(let commandLine, let isRecord):
            try commands.pipe(into: commandLine, isRecord: isRecord)
        case .command(let verb, let argument): try commands.run(verb, argument, in: self)
        }
    }
}
