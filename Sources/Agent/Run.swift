internal import Command
package import JSON

/// One question and what an agent makes of it.
package struct Run: Sendable {
    private let blueprint: Blueprint
    private let crew: Crew
    private let id: String

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
            try await emit(
                Event(
                    .finished,
                    [
                        "answer": .string(outcome.answer),
                        "usage": ["total_tokens": .number(String(outcome.tokens))],
                    ]))
            return outcome
        } catch let error as StageError {
            try await emit(
                Event(
                    .failed,
                    [
                        "error": [
                            "stage": .string(error.stage), "code": .string(error.code),
                            "message": .string(error.message),
                            "retryable": .bool(error.isRetryable),
                        ]
                    ]))
            throw error
        }
    }

    /// How far the run has come.
    private struct Progress {
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

    // MARK: Context

    /// What a search for a text finds in the agent's sources, best first.
    package func passages(for text: String) async throws -> [Value] {
        try await context(for: text)?.array ?? []
    }

    /// The best passages of all sources, or nil if the agent has none.
    private func context(for question: String) async throws -> Value? {
        guard !crew.sources.isEmpty else { return nil }
        let found = try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            for (index, source) in crew.sources.enumerated() {
                group.addTask {
                    (index, try await results(for: question, in: source, number: index + 1))
                }
            }
            var found = [[Value]](repeating: [], count: crew.sources.count)
            for try await (index, results) in group { found[index] = results }
            return found.flatMap { $0 }
        }
        // Stable for equal scores, so that a run can be repeated.
        let best = found.enumerated().sorted {
            let (left, right) = ($0.element["score"]?.double ?? 0, $1.element["score"]?.double ?? 0)
            return left != right ? left > right : $0.offset < $1.offset
        }
        return .array(best.prefix(blueprint.topK).map(\.element))
    }

    private func results(
        for question: String, in source: Crew.Source, number: Int
    ) async throws -> [Value] {
        let name = "\(id).context.\(number)"
        let record = record(name, ["content": .string(question)])
        do {
            let embedded = try await source.embed.answer(record, id: name)
            let answer = try await source.search.answer(embedded, id: name)
            return answer.value("results")?.array ?? []
        } catch let error as StageError where source.isOptional && error.isAboutRecord {
            return []
        }
    }

    // MARK: Reasoning

    private func slots() async throws -> Value? {
        guard let reason = crew.reason else { return nil }
        let name = "\(id).slots"
        return try await reason.answer(record(name, ["step": "slots"]), id: name)
            .value("reasoning")?["prompt_slots"]
    }

    /// - Returns: What the model should read before it answers.
    private func prepare(_ progress: inout Progress) async throws -> String {
        let decision = try await decide("prepare", &progress)
        return decision?["context"]?.string ?? ""
    }

    private func shouldStop(_ progress: inout Progress, calls: [Value]) async throws -> Bool {
        guard let decision = try await decide("stop", &progress) else { return calls.isEmpty }
        return decision["stop"]?.bool ?? calls.isEmpty
    }

    private func finishIteration(_ progress: inout Progress) async throws {
        // A strategy hears of iterations with tools only, as there is nothing to tell of others.
        guard progress.messages.last?["role"] == "tool" else { return }
        _ = try await decide("after", &progress)
    }

    /// - Returns: Nil if the agent has no strategy.
    private func decide(_ step: String, _ progress: inout Progress) async throws -> Value? {
        guard let reason = crew.reason else { return nil }
        let name = "\(id).\(progress.iteration).\(step)"
        let state: Value = [
            "iteration": .number(String(progress.iteration)),
            "total_tokens": .number(String(progress.tokens)), "query": .string(progress.query),
            "custom_state": progress.customState,
        ]
        let answer = try await reason.answer(
            record(
                name,
                [
                    "step": .string(step), "state": state,
                    "messages": .array(progress.history + progress.messages),
                ]),
            id: name)
        if let customState = answer.value("state")?["custom_state"] {
            progress.customState = customState
        }
        return answer.value("reasoning")
    }

    /// The user's own words first, then each slot, the user's before the strategy's.
    private func systemPrompt(_ strategy: Value?, hasTools: Bool) -> String {
        let order = [
            "system_role", "reasoning_instructions", "tool_usage", "output_format",
            "communication_style", "additional",
        ]
        let slots = order.map { name in
            if name == "tool_usage", !hasTools { return "" }
            return blueprint.slots[name] ?? strategy?[name]?.string ?? ""
        }
        return Self.joined([blueprint.systemPrompt] + slots)
    }

    private static func joined(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    // MARK: The model

    private func generate(
        _ progress: inout Progress, system: [String], _ tools: [Crew.Offer], _ passages: Value?,
        _ emit: Emit
    ) async throws -> Value {
        let name = "\(id).\(progress.iteration)"
        let iteration = Value.number(String(progress.iteration))
        let system = Self.joined(system)
        var messages = progress.history + progress.messages
        if !system.isEmpty {
            messages.insert(["role": "system", "content": .string(system)], at: 0)
        }
        var members: Members = ["messages": .array(messages)]
        if !tools.isEmpty { members.append("tools", .array(tools.map(\.definition))) }
        if let passages { members.append("results", passages) }
        guard let stage = crew.generate else { throw CancellationError() }
        let answer = try await stage.answer(record(name, members), id: name) { event in
            guard let text = event.value("text") else { return }
            try await emit(Event(.delta, ["iteration": iteration, "text": text]))
        }
        guard let message = answer.value("messages")?.array?.last,
            message["role"] == "assistant"
        else {
            throw StageError(
                stage.name, "stage_misbehaved",
                "stage '\(stage.name)' added no assistant's message", status: .unavailable)
        }
        if let usage = answer.value("usage")?.object {
            progress.tokens += usage["total_tokens"]?.int ?? 0
            var members: Members = ["iteration": iteration]
            for (key, value) in usage { members.append(key, value) }
            try await emit(Event(.usage, members))
        }
        return message
    }

    // MARK: Tools

    /// Runs one tool for the user, who may be asked to approve it.
    ///
    /// - Parameter arguments: A JSON object.
    /// - Returns: What it said.
    package func call(_ name: String, arguments: String, emit: @escaping Emit) async throws -> Value
    {
        let call: Value = [
            "id": .string("\(id).call"), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
        let progress = Progress(query: "", history: [], messages: [])
        return try await run([call], progress, crew.toolOffers(), emit)[0]
    }

    /// Runs calls side by side.
    ///
    /// - Returns: A tool's message for each, in their order.
    private func run(
        _ calls: [Value], _ progress: Progress, _ tools: [Crew.Offer], _ emit: Emit
    ) async throws -> [Value] {
        let iteration = Value.number(String(progress.iteration))
        var groups: [String: (stage: any Stage, places: [Int])] = [:]
        var results = [Value?](repeating: nil, count: calls.count)
        for (place, call) in calls.enumerated() {
            let name = call["function"]?["name"]?.string ?? ""
            try await emit(
                Event(
                    .toolCall,
                    [
                        "iteration": iteration, "id": call["id"] ?? .null, "name": .string(name),
                        "arguments": call["function"]?["arguments"] ?? .null,
                    ]))
            guard let offer = tools.first(where: { $0.name == name }) else {
                let known = tools.map(\.name).joined(separator: ", ")
                results[place] = Self.failure(
                    of: call, "unknown_tool",
                    "there is no tool '\(name)'" + (known.isEmpty ? "" : ", only \(known)"))
                continue
            }
            groups[offer.stage.name, default: (offer.stage, [])].places.append(place)
        }
        let id = "\(id).\(progress.iteration)"
        try await withThrowingTaskGroup(of: ([Int], [Value]).self) { group in
            for (stage, places) in groups.values {
                group.addTask {
                    (places, try await answers(of: stage, to: places.map { calls[$0] }, id: id))
                }
            }
            for try await (places, answers) in group {
                for (place, answer) in zip(places, answers) { results[place] = answer }
            }
        }
        let messages = results.compactMap { $0 }
        for message in messages {
            var members: Members = [
                "iteration": iteration, "id": message["tool_call_id"] ?? .null,
                "name": message["name"] ?? .null, "content": message["content"] ?? .null,
            ]
            if let error = message["error"] { members.append("error", error) }
            try await emit(Event(.toolResult, members))
        }
        return messages
    }

    private func answers(
        of stage: any Stage, to calls: [Value], id: String
    ) async throws -> [Value] {
        let request: Value = [
            "role": "assistant", "content": .null, "tool_calls": .array(calls),
        ]
        let answer = try await stage.answer(record(id, ["messages": [request]]), id: id)
        let messages = answer.value("messages")?.array?.dropFirst() ?? []
        guard messages.count == calls.count, messages.allSatisfy({ $0["role"] == "tool" }) else {
            throw StageError(
                stage.name, "stage_misbehaved",
                "stage '\(stage.name)' answered \(calls.count) tool calls with \(messages.count) "
                    + "messages", status: .unavailable)
        }
        return Array(messages)
    }

    private static func failure(of call: Value, _ code: String, _ message: String) -> Value {
        [
            "role": "tool", "tool_call_id": call["id"] ?? .null,
            "name": call["function"]?["name"] ?? .null, "content": .string("Error: \(message)"),
            "error": [
                "code": .string(code), "message": .string(message), "retryable": .bool(false),
            ],
        ]
    }

    private func record(_ id: String, _ members: Members) -> Record {
        var all: Members = ["id": .string(id)]
        for (key, value) in members { all.append(key, value) }
        // What was just written is JSON.
        return try! Record(Array(Value.object(all).description.utf8))
    }
}

extension StageError {
    /// Whether the stage lives and has refused this one record.
    fileprivate var isAboutRecord: Bool {
        ["plugin_error", "not_found", "invalid_argument"].contains(code)
    }
}
