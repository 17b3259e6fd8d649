internal import FilterKit
package import FilterProcesses
package import JSON
internal import Taint

/// A single question and an agent's work on it.
package struct AgentRun: Sendable {
    let plan: AgentPlan
    let stages: AgentStages
    let id: String

    package typealias Emit = @Sendable (Event) async throws -> Void

    /// The result of a run.
    package struct Outcome: Sendable {
        package var answer: String

        /// The messages of this run, the question first.
        package var messages: [Value]

        package var tokens: Int

        /// True if a tool call was denied.
        package var hasDenied: Bool

        /// The reason why there is no answer; nil if there is one.
        package var failure: StageError?

        package init(
            answer: String, messages: [Value], tokens: Int, hasDenied: Bool,
            failure: StageError? = nil
        ) {
            self.answer = answer
            self.messages = messages
            self.tokens = tokens
            self.hasDenied = hasDenied
            self.failure = failure
        }
    }

    /// - Parameter id: An id that is unique among the runs of this process.
    package init(_ plan: AgentPlan, _ stages: AgentStages, id: String) {
        self.plan = plan
        self.stages = stages
        self.id = id
    }

    /// - Parameters:
    ///   - history: The earlier messages, oldest first.
    ///   - emit: Gets each event as it happens; the run waits for it.
    /// - Returns: The answer, or the reason why there is none, after the event that reports it; a
    ///   run that was cancelled has no such event.
    /// - Throws: Only the errors that `emit` throws.
    package func run(
        _ message: UserMessage, history: [Value] = [], emit: @escaping Emit
    ) async throws -> Outcome {
        try await emit(
            Event(
                .started,
                ["agent": .string(plan.name), "question": .string(message.question)]))
        var progress = Progress(
            query: message.question,
            history: History.cut(
                history, mostMessages: plan.maxHistoryMessages,
                mostTokens: plan.maxHistoryTokens),
            messages: [message.value])
        do {
            try await answer(&progress, files: message.files, emit)
            let outcome = progress.outcome
            var members: Members = ["answer": .string(outcome.answer)]
            if outcome.tokens > 0 {
                members.append("usage", ["total_tokens": .number(String(outcome.tokens))])
            }
            try await emit(Event(.finished, members))
            return outcome
        } catch let error as StageError {
            try await emit(Event(failure: error))
            return progress.outcome(failing: error)
        } catch is CancellationError {
            return progress.outcome(
                failing: StageError("agent", "cancelled", "the run was stopped"))
        }
    }

    /// The progress of a run.
    struct Progress {
        let query: String

        /// The messages before this run.
        let history: [Value]
        var messages: [Value]
        var iteration = 0
        var tokens = 0
        var customState: Value = [:]
        var hasDenied = false

        /// The passages that the agent's own searches have found.
        var found: Value = []

        /// The part of an unfinished answer that has come so far.
        var partialText = ""

        /// All messages in the form that the model and the strategy get.
        var messagesForStages: [Value] { (history + messages).map(\.withoutContext) }

        var outcome: Outcome {
            Outcome(
                answer: messages.last?["content"]?.string ?? "", messages: messages,
                tokens: tokens, hasDenied: hasDenied)
        }

        /// Returns the messages before a failure in a form from which another run can go on: no
        /// call is left open, and the model has had its turn.
        func outcome(failing error: StageError) -> Outcome {
            var messages = messages
            for call in messages.last?["tool_calls"]?.array ?? [] {
                messages.append(AgentRun.failure(of: call, "not_run", AgentRun.notRun))
            }
            if messages.last?["role"] == "assistant", messages.last?.hasText != true {
                messages.removeLast()
            }
            if messages.last?["role"] != "assistant" {
                let text = partialText.isEmpty ? "" : partialText + "\n\n"
                messages.append(
                    ["role": "assistant", "content": .string(text + AgentRun.failureMark)])
            }
            return Outcome(
                answer: "", messages: messages, tokens: tokens, hasDenied: hasDenied,
                failure: error)
        }
    }

    /// The text in a session in place of an answer that a run does not have.
    package static let failureMark = TaintSources.failureNote

    private static let notRun = "the run has ended before this call"

    /// - Throws: `StageError` if there is no answer; `CancellationError`; the errors that `emit`
    ///   throws.
    private func answer(
        _ progress: inout Progress, files: Value?, _ emit: @escaping Emit
    ) async throws {
        let question = progress.query
        async let firstTools = stages.availableTools()
        async let strategy = slots()
        let passages = Self.joined(
            (progress.history + progress.messages).flatMap(\.givenPassages),
            try await context(for: question))
        progress.found = passages ?? []
        if passages != nil || files != nil {
            let stores = Value.array(plan.sources.map { .string($0.name) })
            var members: Members = ["stores": stores]
            if let files { members.append("files", files) }
            members.append("results", passages ?? [])
            try await emit(Event(.context, members))
        }
        _ = try await firstTools
        let slots = try await strategy

        while progress.iteration < plan.maxIterations {
            progress.iteration += 1
            // A stage's tools may have changed since its last call, or the stage may have ended.
            let tools = try await stages.availableTools()
            let system = systemPrompt(slots, hasTools: !tools.isEmpty)
            let injection = try await prepare(&progress)
            let (message, finishReason) = try await generate(
                &progress, system: [system, injection], tools, passages, emit)
            progress.messages.append(message)
            let calls = message["tool_calls"]?.array ?? []
            if try await shouldStop(&progress, calls: calls) {
                return try Self.checkAnswer(message, finishReason)
            }
            if let most = plan.maxTokens, progress.tokens >= most {
                throw StageError(
                    "agent", "budget_exhausted",
                    "the run has used \(progress.tokens) tokens, and may use \(most)",
                    status: .tryLater)
            }
            if calls.isEmpty {
                // The strategy wants more than this answer.
                progress.messages.append(["role": "user", "content": "Go on."])
            } else {
                let (results, failure) = try await run(
                    calls, progress, tools, finishReason: finishReason, emit)
                progress.hasDenied =
                    progress.hasDenied || results.contains { $0["error"]?["code"] == "denied" }
                progress.messages += results
                if let failure { throw failure }
            }
            try await finishIteration(&progress)
        }
        throw StageError(
            "agent", "max_iterations",
            "no answer after \(plan.maxIterations) iterations; see max_iterations")
    }

    /// Returns the passages that a user has given, followed by those that a search has found; nil
    /// if there are none of the former, and no search was made.
    private static func joined(_ given: [Value], _ found: Value?) -> Value? {
        var all: [Value] = []
        for passage in given where !all.contains(passage) { all.append(passage) }
        if all.isEmpty { return found }
        func isGiven(_ passage: Value) -> Bool {
            all.contains { $0["id"] == passage["id"] && $0["content"] == passage["content"] }
        }
        return .array(all + (found?.array ?? []).filter { !isGiven($0) })
    }

    /// - Parameter message: The last message of a run that is to end.
    /// - Throws: `StageError` if the message is not an answer.
    private static func checkAnswer(_ message: Value, _ finishReason: String) throws(StageError) {
        if message["tool_calls"]?.array?.isEmpty == false {
            throw StageError(
                "reason", "stopped", "the strategy stopped the run before the model had answered")
        }
        if finishReason == "nothing_found" {
            throw StageError(
                "generate", finishReason,
                message["content"]?.string ?? "nothing was found to answer from")
        }
        guard message.hasText else {
            let known = finishReason.isEmpty || finishReason == "stop"
            let reason = known ? "" : " (finish_reason '\(finishReason)')"
            throw StageError("generate", "no_answer", "the model's answer is empty\(reason)")
        }
    }

    func record(_ id: String, _ members: Members) -> Record {
        var all: Members = ["id": .string(id)]
        for (key, value) in members { all.append(key, value) }
        // The text was just written as JSON.
        return try! Record(Array(Value.object(all).description.utf8))
    }
}

extension Value {
    /// True if a message has content other than white space.
    fileprivate var hasText: Bool {
        self["content"]?.string?.contains { !$0.isWhitespace } == true
    }
}
