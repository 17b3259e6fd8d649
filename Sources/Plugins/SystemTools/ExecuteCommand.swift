import JSON
import Unix

/// A tool that runs a program which the user has allowed.
struct ExecuteCommand: SystemTool {
    let workspace: Workspace
    let programs: AllowedPrograms

    /// The longest time that a call may ask for, and the default.
    let timeout: Duration

    var description: ToolDescription {
        let limit = seconds(timeout)
        return ToolDescription(
            name: "execute_command",
            text: """
                Run a program in the working directory and return its exit status and output. There \
                is no shell: 'argv' is the program and its arguments, a string each, and pipes, \
                redirection, wildcards and variables have no meaning. The program has no input and \
                no terminal, and is killed after \(limit) seconds. Long output keeps its \
                beginning and its end. These may be run: \(programs.names.joined(separator: ", ")).
                """,
            parameters: """
                {"type":"object","properties":{\
                "argv":{"type":"array","items":{"type":"string"},"minItems":1,\
                "description":"The program and its arguments, such as [\\"ls\\",\\"-l\\"]"},\
                "working_directory":{"type":"string","default":".",\
                "description":"Where to run it, relative to the working directory"},\
                "timeout":{"type":"number","exclusiveMinimum":0,\
                "description":"Kill it after so many seconds, at most \(limit)"}},\
                "required":["argv"],"additionalProperties":false}
                """,
            isReadOnly: false, isDestructive: true, isIdempotent: false, isOpenWorld: true)
    }

    func run(_ arguments: Arguments, until interruption: Interruption) throws -> ToolAnswer {
        try arguments.refuseUnknown(besides: ["argv", "working_directory", "timeout"])
        let argv = try arguments.strings("argv")
        guard let name = argv.first else {
            throw ToolError("argument 'argv' is empty: expected a program and its arguments")
        }
        for word in argv where word.utf8.contains(0) {
            throw ToolError("argument 'argv' contains a NUL, which no program can be given")
        }
        let limit = try limit(arguments)
        let program = try programs.path(of: name)
        let path = try arguments.optionalString("working_directory") ?? "."
        let directory: ConfinedDirectory
        do throws(ConfinementError) { directory = try workspace.directory.directory(path) } catch {
            throw workspace.explained(error)
        }
        let execution = try Execution.run(
            program, arguments: argv, environment: programs.environment, in: directory,
            timeout: limit, mostOutput: workspace.mostOutput / 2, until: interruption)
        if interruption.hasCome { throw CancellationError() }
        return Self.answer(execution, limit)
    }

    private func limit(_ arguments: Arguments) throws(ToolError) -> Duration {
        guard let value = arguments.value("timeout") else { return timeout }
        guard let seconds = value.double, seconds > 0 else {
            throw ToolError("argument 'timeout' is \(value): expected a number of seconds above 0")
        }
        return seconds >= timeout / .seconds(1) ? timeout : .seconds(seconds)
    }

    private static func answer(_ execution: Execution, _ limit: Duration) -> ToolAnswer {
        let output = section("stdout", execution.output) + section("stderr", execution.errors)
        let (status, ending) =
            switch execution.ending {
            case .exited(let status): (status, "exit status \(status)")
            case .signalled(let signal): (128 + signal, "it \(execution.ending)")
            }
        var metadata = ["exit_status": "\(status)"]
        var text = ending
        if execution.isTimedOut {
            metadata["timed_out"] = "true"
            text = "killed after \(seconds(limit)) seconds, the time limit; \(ending)"
        }
        return ToolAnswer(text + (output.isEmpty ? ", no output" : output), metadata: metadata)
    }

    private static func section(_ name: String, _ excerpt: Excerpt) -> String {
        guard excerpt.count > 0 else { return "" }
        var text = "\n\(name):\n"
        if excerpt.omitted == 0 {
            return text + String(decoding: excerpt.beginning + excerpt.end, as: UTF8.self)
        }
        text += excerpt.beginning.textOfWholeCharacters
        text += "\n[\(count(excerpt.omitted, "byte")) left out]\n"
        let end = excerpt.end.drop { $0 & 0xC0 == 0x80 }
        return text + String(decoding: end, as: UTF8.self)
    }
}
