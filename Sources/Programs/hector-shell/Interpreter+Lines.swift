import Agent
import FilterKit
import Glibc
import JSON
import Shell
import Unix

extension Interpreter {
    /// Does what a line says.
    ///
    /// - Returns: The exit status that a script would have. What failed has been told.
    func execute(_ line: Line) -> Int32 {
        do {
            return try run(line)
        } catch let failure as Failure {
            tell(failure.message)
            return failure.status.rawValue
        } catch is CancellationError {
            return 128 + SIGINT
        } catch {
            tell("\(error)")
            return ExitStatus.ioError.rawValue
        }
    }

    private func run(_ line: Line) throws -> Int32 {
        switch line {
        case .nothing, .longInput: return 0
        case .question(let text): return try ask(text)
        case .program(let program): return try shell(program, input: isInteractive ? nil : [])
        case .pipe(let program, let isRecord):
            let text = isRecord ? try record() : try answer()
            return try shell(
                program, input: Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
        case .command(let verb, let argument): return try run(verb, argument)
        }
    }

    private func run(_ verb: Verb, _ argument: String) throws -> Int32 {
        switch verb {
        case .help: try help(argument)
        case .info: info()
        case .agent: try agent(argument)
        case .agents: try agents()
        case .model: try model(argument)
        case .plugin: try plugin(argument)
        case .plugins: try plugins()
        case .tools: try tools()
        case .tool: return try tool(argument)
        case .session: try session(argument)
        case .sessions: try sessions()
        case .new: begin()
        case .history: screen.write(history())
        case .save: try save(argument)
        case .retry: return try ask(lastMessage(), replaces: true)
        case .continue: return try continueAnswer()
        case .edit: return try edit()
        case .copy: try copy()
        case .context:
            screen.write(try lastRun().transcript.passages.map(Passages.whole).joined())
        case .sources: screen.write(Passages.sources(try lastRun().transcript.passages))
        case .records:
            screen.write(try lastRun().transcript.lines.map { $0 + "\n" }.joined())
        case .pipeline: try pipeline()
        case .search: return try search(argument)
        case .embed: try embed(argument)
        case .index: return try index(argument)
        case .run: return try Script(self).run(file: argument)
        case .set:
            if argument.isEmpty { screen.write(preferences.text) } else { try set(argument) }
        case .verbose: try verbose(argument)
        case .exit: isLeaving = true
        }
        return 0
    }

    // MARK: Programs

    /// Runs a command line of the user's.
    ///
    /// - Parameter input: Nil for the terminal.
    func shell(_ program: String, input: [UInt8]?) throws -> Int32 {
        if program.utf8.contains(0) {
            throw Failure(.usage, "a command cannot have NUL characters")
        }
        return try start("/bin/sh", ["sh", "-c", program], input: input)
    }

    func start(_ path: String, _ arguments: [String], input: [UInt8]?) throws -> Int32 {
        let ending = try ForegroundJob.run(
            path, arguments: arguments, takesTerminal: isInteractive, input: input)
        // A signal that asks this process to end may have come meanwhile.
        settle()
        if self.ending != 0 { throw CancellationError() }
        switch ending {
        case .exited(let status): return status
        case .signalled(let signal):
            if isInteractive { screen.write("\n") }
            return 128 + signal
        }
    }

    // MARK: What was said

    func lastRun() throws(Failure) -> Asked {
        if let last { return last }
        throw Failure(
            .usage,
            exchanges.isEmpty
                ? "nothing was asked yet" : "nothing was asked since the session was taken up")
    }

    /// The last question, with the context that a command line gave to it.
    func lastMessage() throws(Failure) -> UserMessage {
        if let last { return last.transcript.message }
        if let message = exchanges.last?.first { return UserMessage(value: message) }
        throw Failure(.usage, "nothing was asked yet")
    }

    /// The last answer, or what came of it.
    func answer() throws(Failure) -> String {
        if let text = last?.answer ?? last?.transcript.text, !text.isEmpty { return text }
        if last?.isKept != false, let text = exchanges.last?.last?["content"]?.string,
            text != AgentRun.failureMark
        {
            return text
        }
        throw Failure(
            .usage,
            last == nil ? "there is no answer yet" : "the last question has no answer")
    }

    /// The conversation as a record, as the filters hand it on.
    private func record() throws(Failure) -> String {
        _ = try answer()
        var record: Members = ["id": "1"]
        if let last { record.append("results", .array(last.transcript.passages)) }
        record.append("messages", .array(exchanges.flatMap { $0 }))
        return Value.object(record).description
    }

    private func continueAnswer() throws -> Int32 {
        _ = try answer()
        return try ask("Go on exactly where your last answer stopped, and repeat none of it.")
    }

    private func pipeline() throws {
        let last = try lastRun()
        let pipeline = Pipeline(
            last.plan, question: last.transcript.message.content, history: last.history,
            iterations: last.transcript.iterations,
            hasContext: !last.transcript.passages.isEmpty)
        screen.write(pipeline.description)
    }
}
