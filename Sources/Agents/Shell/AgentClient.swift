internal import Agent
internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Unix

/// A client that asks the selected agent and runs its tools, and shows the events on the screen.
@MainActor final class AgentClient {
    private let agent: SelectedAgent
    private let history: ChatHistory
    private let loop: EventLoop
    private let screen: Screen
    private var runs = 0

    init(_ agent: SelectedAgent, _ history: ChatHistory, _ loop: EventLoop, _ screen: Screen) {
        self.agent = agent
        self.history = history
        self.loop = loop
        self.screen = screen
    }

    // MARK: Questions

    /// Asks the agent, if there is a question.
    ///
    /// - Returns: The exit status for a script.
    func ask(_ question: String) throws -> Int32 {
        question.isEmpty ? 0 : try ask(UserMessage(question))
    }

    /// - Parameter replaces: True to forget the last question and its answer.
    func ask(_ message: UserMessage, replaces: Bool = false) throws -> Int32 {
        let runningAgent = try agent.current()
        let (id, plan) = (nextRun(), agent.plan)
        let streams =
            agent.preferences.streams ?? (isStandardOutputTerminal || plan.tools.isEmpty)
        let before = history.begin(message, with: plan, replaces: replaces)
        agent.note(Question(run: id, message: message, history: before))
        screen.beginAnswer()
        let result = loop.perform(onEvent: { event in
            history.add(event, run: id)
            screen.show(event, streams: streams)
        }) { [loop] in
            let stages = try await runningAgent.stages()
            return try await AgentRun(plan, stages, id: id)
                .run(message, history: before) { event in await loop.report(event) }
        }
        // The answer is stored before more is shown, because the terminal may be closed by then.
        let status = Result { try conclude(result) }
        screen.endLine()
        if loop.isInterrupted, (try? result.get().failure == nil) != true {
            if loop.isInteractive { screen.note(Transcript.cutMark) }
            agent.restart(loop)
        }
        return try status.get()
    }

    private func conclude(_ result: Result<AgentRun.Outcome, any Error>) throws -> Int32 {
        switch result {
        case .success(let outcome) where outcome.failure == nil || !loop.isInterrupted:
            try history.keep(outcome)
            if let failure = outcome.failure { throw Failure(failure.status, failure.summary) }
            return (outcome.hasDenied ? ExitStatus.notPermitted : .success).rawValue
        case .success,
            .failure where loop.isInterrupted:
            try history.keepCut()
            return EventLoop.interruptedStatus
        case .failure(let error as StageError):
            throw Failure(error.status, error.summary)
        case .failure(let error): throw error
        }
    }

    private func nextRun() -> String {
        runs += 1
        return "\(runs)"
    }

    // MARK: Tools

    /// The definitions of the agent's tools.
    func toolDefinitions() throws -> [Value] {
        let runningAgent = try agent.current()
        let tools = try value(
            of: loop.perform { try await runningAgent.stages().toolDefinitions() })
        agent.note(tools: tools)
        return tools
    }

    /// Runs a tool for the user.
    ///
    /// - Returns: The message of the tool.
    func call(_ name: String, arguments: String) throws -> Value {
        let runningAgent = try agent.current()
        let (id, plan) = (nextRun(), agent.plan)
        return try value(
            of: loop.perform {
                try await AgentRun(plan, runningAgent.stages(), id: id)
                    .call(name, arguments: arguments) { _ in }
            })
    }

    // MARK: Other work

    /// Runs slow work, with filters in the process group that ^C reaches.
    ///
    /// - Throws: `Failure`, or `CancellationError` if this process is to end.
    func perform<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) throws -> R {
        try value(of: loop.perform(body))
    }

    private func value<R>(of result: Result<R, any Error>) throws -> R {
        if loop.isInterrupted {
            agent.restart(loop)
            throw loop.interruption
        }
        return try loop.value(of: result)
    }
}
