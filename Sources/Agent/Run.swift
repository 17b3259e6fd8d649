internal import Command
package import JSON

/// One question and what an agent makes of it.
package struct Run: Sendable {
    let blueprint: Blueprint
    let crew: Crew
    let id: String

    package typealias Emit = @Sendable (Event) async throws -> Void

    /// What a run has come to.
    package struct Outcome: Sendable {
        package var answer: String

        /// What was said in this run, the question first.
        package var messages: [Value]

        package var tokens: Int

        /// Whether a tool call was denied.
        package var hasDenied: Bool

        package init(answer: String, messages: [Value], tokens: Int, hasDenied: Bool) {
            self.answer = answer
            self.messages = messages
            self.tokens = tokens
            self.hasDenied = hasDenied
        }
    }

    /// - Parameter id: Unique among the runs of this process.
    package init(_ blueprint: Blueprint, _ crew: Crew, id: String) {
        self.blueprint = blueprint
        self.crew = crew
        self.id = id
    }

    /// - Parameters:
    ///   - history: What was said before, oldest first.
    ///   - emit: Gets what happens, as it happens; the run waits for it.
    /// - Throws: `StageError` when there is no answer, after the event that says so;
    ///   `CancellationError`; what `emit` throws.
    package func run(
        _ question: String, history: [Value] = [], emit: @escaping Emit
    ) async throws -> Outcome {
        try await emit(
            Event(
                .started, ["agent": .string(blueprint.name), "question": .string(question)]))
        do {
            let outcome = try await answer(question, history, emit)
            var members: Members = ["answer": .string(outcome.answer)]
            if outcome.tokens > 0 {
                members.append("usage", ["total_tokens": .number(String(outcome.tokens))])
            }
            try await emit(Event(.finished, members))
            return outcome
        } catch let error as StageError {
            try await emit(
                Event(
                    failure: error.stage, error.code, error.message,
                    isRetryable: error.isRetryable))
            throw error
        }
    }

    /// How far the run has come.
    struct Progress {
        let query: String

        /// Before this run.
        let history: [Value]
        var messages: [Value]
        var iteration = 0
        var tokens = 0
        var customState: Value = [:]
        var hasDenied = false

        var outcome: Outcome {
            Outcome(
                answer: messages.last?["content"]?.string ?? "", messages: messages,
                tokens: tokens, hasDenied: hasDenied)
        }
    }

    private func answer(
        _ question: String, _ history: [Value], _ emit: @escaping Emit
    ) async throws -> Outcome {
        var progress = Progress(
            query: question,
            history: History.cut(
                history, mostMessages: blueprint.maxHistoryMessages,
                mostTokens: blueprint.maxHistoryTokens),
            messages: [["role": "user", "content": .string(question)]])
        async let offers = crew.toolOffers()
        async let strategy = slots()
        let passages = try await context(for: question)
        if let passages { try await emit(Event(.context, ["results": passages])) }
        let tools = try await offers
        let system = systemPrompt(try await strategy, hasTools: !tools.isEmpty)

        while progress.iteration < blueprint.maxIterations {
            progress.iteration += 1
            let injection = try await prepare(&progress)
            let message = try await generate(
                &progress, system: [system, injection], tools, passages, emit)
            progress.messages.append(message)
            let calls = message["tool_calls"]?.array ?? []
            if try await shouldStop(&progress, calls: calls) {
                return leaving(calls, progress)
            }
            if let most = blueprint.maxTokens, progress.tokens >= most {
                throw StageError(
                    "agent", "budget_exhausted",
                    "the run has used \(progress.tokens) tokens, and may use \(most)",
                    status: .tryLater)
            }
            if calls.isEmpty {
                // The strategy wants more than it got.
                progress.messages.append(["role": "user", "content": "Go on."])
            } else {
                let results = try await run(calls, progress, tools, emit)
                progress.hasDenied =
                    progress.hasDenied || results.contains { $0["error"]?["code"] == "denied" }
                progress.messages += results
            }
            try await finishIteration(&progress)
        }
        throw StageError(
            "agent", "max_iterations",
            "no answer after \(blueprint.maxIterations) iterations; see max_iterations")
    }

    /// Ends a run whose model still wants to call something: the calls must not stay open.
    private func leaving(_ calls: [Value], _ progress: Progress) -> Outcome {
        var outcome = progress.outcome
        for call in calls {
            outcome.messages.append(
                Self.failure(of: call, "not_run", "the run has ended before this call"))
        }
        return outcome
    }

    func record(_ id: String, _ members: Members) -> Record {
        var all: Members = ["id": .string(id)]
        for (key, value) in members { all.append(key, value) }
        // What was just written is JSON.
        return try! Record(Array(Value.object(all).description.utf8))
    }
}
