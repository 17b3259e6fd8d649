import Agent
import ArgumentParser
import FilterKit
import FilterProcesses
import JSON
import Unix

/// A run of an agent for a question, or one for each line.
struct RunAgent: Program {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Answer a question, or each line; the default subcommand.")

    @Argument(
        help: ArgumentHelp(
            "The question; before or after it, '-' sends standard input as context.",
            valueName: "text"))
    var text: [String] = []

    @OptionGroup var options: Options

    func work() async throws -> ExitStatus {
        let question = try QuestionWords(text)
        // With a context, a single word is not a command.
        if !question.readsStandardInput, options.context.file.isEmpty {
            try OtherProgram.refuseCommand(
                in: text, of: Hector.subcommandFirst(Array(CommandLine.arguments.dropFirst())),
                continues: options.session.goesOn)
        }
        return try await options.run(question)
    }
}

extension RunAgent {
    struct Options: ParsableArguments {
        @OptionGroup(title: "The agent")
        var agent: AgentOptions

        @OptionGroup(title: "Context")
        var context: ContextOptions

        @OptionGroup(title: "Permissions of tools")
        var permissions: PermissionOverrides

        @Flag(
            inversion: .prefixedNo,
            help: "Print text as it comes, not only what is known to be the answer.")
        var stream: Bool?

        @Flag(help: "Print a line of JSON for each event.")
        var json = false

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("Answer up to N lines at a time.", valueName: "n"))
        var jobs = 1

        @Flag(help: "Show on standard error how many lines are answered.")
        var progress = false

        @Option(
            help: ArgumentHelp(
                "Write everything that crosses a pipe to this file.", valueName: "file"))
        var trace: String?

        @OptionGroup(title: "The session")
        var session: SessionOptions

        func validate() throws {
            if !(1...1000).contains(jobs) {
                throw ValidationError("--jobs must be from 1 to 1000, not \(jobs)")
            }
            if jobs > 1, session.goesOn || session.session != nil {
                throw ValidationError("a session has one run at a time; leave out --jobs")
            }
        }

        func run(_ question: QuestionWords) async throws -> ExitStatus {
            if agent.quiet { Diagnostics.beQuiet() }
            let context = try await context.read(for: question)
            let question = question.text
            if question == nil, isStandardInputTerminal { try becomeShell() }
            let readsInput =
                context?.sources.contains { $0.name == InputContext.standardInput } == true
            var notice = UnreadInputNotice(isRead: question == nil || readsInput)
            notice.giveIfNeeded()
            let plan = try agent.plan(agent.overrides(jobs: jobs, permissions: permissions))
            let session = try chosenSession(hasQuestion: question != nil)
            let trace = try self.trace.map { path throws(SystemError) in try Trace(creating: path) }
            trace?.begin(plan)
            let streams = stream ?? (isStandardOutputTerminal || plan.tools.isEmpty)
            let form: Output.Form = json ? .events : jobs == 1 && streams ? .text : .answer
            let output = Output(form)
            let runs = AgentRuns(
                plan, output, context: context, session: session, trace: trace, jobs: jobs,
                progress: progress && !agent.quiet ? Progress(of: "runs") : nil)
            let result = try await AgentStages.withFailures(plan, trace) { stages in
                if let question { return try await runs.answer(question, stages) }
                return try await runs.answerLines(stages)
            }
            try await output.finish()
            // The program that writes into a pipe may have been slower than this program's start.
            notice.giveIfNeeded()
            if let problem = trace?.problem { throw problem }
            return result
        }

        /// Becomes the interactive shell, which is for a user without a question.
        private func becomeShell() throws {
            let environment = Environment.current
            guard !json, jobs == 1,
                let shell = Executables.find("hector-shell", environment: environment)
            else {
                throw Failure(
                    .usage, "no question: give one after the options, or pipe in one a line")
            }
            let arguments = Hector.subcommandFirst(Array(CommandLine.arguments.dropFirst()))
            let error = execute(
                shell,
                arguments: ["hector-shell"]
                    + arguments.dropFirst(arguments.first == "run" ? 1 : 0))
            throw Failure(.unavailable, "\(error)")
        }

        private func chosenSession(hasQuestion: Bool) throws -> Session? {
            let environment = Environment.current
            if let chosen = try session.chosen(environment: environment) { return chosen }
            // The lines of a pipe are many questions, not one conversation.
            return session.noSession || !hasQuestion
                ? nil : try Session.new(environment: environment)
        }
    }
}
