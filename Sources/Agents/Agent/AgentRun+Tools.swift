internal import FilterKit
internal import FilterProcesses
package import JSON
internal import Taint

extension AgentRun {
    /// Runs one tool for the user, who may have to approve it.
    ///
    /// - Parameter arguments: A JSON object.
    /// - Returns: The tool's message.
    package func call(_ name: String, arguments: String, emit: @escaping Emit) async throws -> Value
    {
        let call: Value = [
            "id": .string("\(id).call"), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
        // It is the user's own call, whatever a model had read before.
        let mark = TaintMark(
            answer: "",
            calls: [TaintMark.Call(id: "\(id).call", name: name, arguments: arguments)],
            sources: TaintSources(), key: try? TaintKey.ofUser.get())
        var message: Members = [
            "role": "assistant", "content": .null, "tool_calls": .array([call]),
        ]
        for (key, value) in mark.members { message.append(key, value) }
        let progress = Progress(query: "", history: [], messages: [.object(message)])
        let (messages, failure) = try await run([call], progress, stages.availableTools(), emit)
        if let failure { throw failure }
        return messages[0]
    }

    /// Runs calls of the last message side by side.
    ///
    /// - Parameter finishReason: The reason why the model ended the message with the calls.
    /// - Returns: A tool's message for each, in their order, and why a stage has not answered: what
    ///   the others have done is there all the same.
    /// - Throws: The errors that `emit` throws.
    func run(
        _ calls: [Value], _ progress: Progress, _ tools: [AgentStages.AvailableTool],
        finishReason: String = "", _ emit: @escaping Emit
    ) async throws -> (messages: [Value], failure: (any Error)?) {
        let iteration = Value.number(String(progress.iteration))
        var groups: [String: (available: AgentStages.AvailableTool, places: [Int])] = [:]
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
            guard let available = tools.first(where: { $0.name == name }) else {
                let known = tools.map(\.name).joined(separator: ", ")
                let absences = stages.absences
                results[place] = Self.failure(
                    of: call, "unknown_tool",
                    "there is no tool '\(name)'" + (known.isEmpty ? "" : ", only \(known)")
                        + absences, isForeign: !absences.isEmpty)
                continue
            }
            groups[available.stage.name, default: (available, [])].places.append(place)
        }
        let id = "\(id).\(progress.iteration)"
        let last = calls.count - 1
        let failure: (any Error)? = await withTaskGroup(
            of: (AgentStages.AvailableTool, [Int], Result<[Value], any Error>).self
        ) { group in
            for (available, places) in groups.values {
                group.addTask {
                    let calls = places.map { calls[$0] }
                    do {
                        // Only the last call can have been cut off.
                        let reason = places.contains(last) ? finishReason : ""
                        let answers = try await answers(
                            of: available.stage, to: calls, progress, finishReason: reason, id: id
                        ) {
                            try await take($0, of: available.stage, iteration, emit)
                        }
                        return (available, places, .success(answers))
                    } catch {
                        return (available, places, .failure(error))
                    }
                }
            }
            var failure: (any Error)?
            for await (available, places, result) in group {
                switch result {
                case .success(let answers):
                    for (place, answer) in zip(places, answers) { results[place] = answer }
                case .failure(let error as StageError) where available.mayBeMissed(after: error):
                    // The model gets the error, and goes on with the other tools.
                    if available.stage.hasFailed {
                        stages.leaveOut(available.stage, because: error)
                    }
                    for place in places {
                        results[place] = Self.failure(
                            of: calls[place], error.code,
                            "the tool is gone, and may have done its work or not: \(error.summary)",
                            isForeign: true)
                    }
                case .failure(let error):
                    failure = failure ?? error
                    for place in places {
                        results[place] = Self.failure(
                            of: calls[place], (error as? StageError)?.code ?? "cancelled",
                            "the run has ended before this call was answered")
                    }
                }
            }
            return failure
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
        return (messages, failure)
    }

    /// Handles an event that a tool stage sends before its answer.
    ///
    /// - Throws: The errors that `emit` throws.
    private func take(
        _ event: Record, of stage: any AgentStage, _ iteration: Value, _ emit: Emit
    ) async throws {
        switch event.value("event")?.string {
        case "tools":
            stages.update(
                stage, tools: event.value("tools")?.array ?? [],
                absence: event.value("missing")?.string)
        case "tool_progress":
            var members: Members = ["iteration": iteration]
            if let id = event.value("tool_call_id") { members.append("id", id) }
            for key in ["name", "progress", "total", "message"] {
                if let value = event.value(key) { members.append(key, value) }
            }
            try await emit(Event(.toolProgress, members))
        default: break
        }
    }

    func answers(
        of stage: any AgentStage, to calls: [Value], _ progress: Progress, finishReason: String,
        id: String, onEvent: (Record) async throws -> Void = { _ in }
    ) async throws -> [Value] {
        let last = progress.messages.last
        var request: Members = [
            "role": "assistant", "content": last?["content"] ?? .null, "tool_calls": .array(calls),
        ]
        for key in [TaintMark.sourcesKey, TaintMark.digestKey] {
            if let value = last?[key] { request.append(key, value) }
        }
        var members: Members = ["asked_by": asker(of: calls, progress)]
        // What the model may have read counts even if a command of the user's dropped it, or moved it
        // into a question.
        let sources = progress.sources
        if !sources.isEmpty { members.append(TaintMark.sourcesKey, sources.value) }
        members.append("messages", [.object(request)])
        if !finishReason.isEmpty { members.append("finish_reason", .string(finishReason)) }
        let answer = try await stage.answer(record(id, members), id: id, onEvent: onEvent)
        let messages = answer.value("messages")?.array?.dropFirst() ?? []
        guard messages.count == calls.count, messages.allSatisfy({ $0["role"] == "tool" }) else {
            throw StageError(
                stage.name, "stage_misbehaved",
                "stage '\(stage.name)' answered \(calls.count) tool calls with \(messages.count) "
                    + "messages", status: .unavailable)
        }
        return Array(messages)
    }

    /// Returns the origin of calls, for the user or the program that has to approve them.
    private func asker(of calls: [Value], _ progress: Progress) -> Value {
        var asker: Members = ["agent": .string(plan.name), "run": .string(id)]
        if !progress.query.isEmpty { asker.append("question", .string(progress.query)) }
        let names = Set(calls.compactMap { $0["function"]?["name"]?.string })
        let earlier = progress.callsBeforeTaint.filter { names.contains($0.key) }
        if !earlier.isEmpty { asker.append("earlier", .object(Members(earlier))) }
        return .object(asker)
    }

    /// Returns the message for a call that has no other result, with its mark.
    ///
    /// - Parameter isForeign: True if others may have written a part of it, such as the reason that
    ///   a server gives.
    static func failure(
        of call: Value, _ code: String, _ message: String, isForeign: Bool = false
    ) -> Value {
        let content = "Error: \(message)"
        let name = call["function"]?["name"] ?? .null
        var failure: Members = [
            "role": "tool", "tool_call_id": call["id"] ?? .null, "name": name,
            "content": .string(content),
            "error": [
                "code": .string(code), "message": .string(message), "retryable": .bool(false),
            ],
        ]
        let mark = TaintMark(
            result: content, callID: call["id"]?.string ?? "",
            sources: TaintSources(
                isForeign ? [TaintSources.tool(name.string ?? "without a name")] : []),
            key: try? TaintKey.ofUser.get())
        for (key, value) in mark.members { failure.append(key, value) }
        return .object(failure)
    }
}

extension AgentStages.AvailableTool {
    /// True if a run goes on without this tool's provider.
    fileprivate func mayBeMissed(after error: StageError) -> Bool {
        switch error.status {
        case .unavailable, .incomplete: !isRequired && !error.wasKilled
        // The run must not go on, or not in this way.
        default: false
        }
    }
}

extension AgentRun.Progress {
    /// The sources of all untrusted text that has come into this run: with the questions, by
    /// searches and by tools.
    fileprivate var sources: TaintSources {
        var sources = TaintSources()
        let all = history + messages
        let given = all.filter { $0["role"] == "user" }
        // Neither messages of the user's nor passages are signed.
        sources.add(messages: given, key: nil)
        for message in given { sources.add(results: .array(message.givenPassages)) }
        sources.add(results: found)
        sources.add(claimsOf: all)
        return sources
    }

    /// The arguments of the last call of each tool that the model made before it had read anything
    /// of that kind, as far as the messages say that.
    fileprivate var callsBeforeTaint: [(key: String, value: Value)] {
        var calls: [(key: String, value: Value)] = []
        for message in (history + messages).dropLast() where message["taint"]?.array == [] {
            for call in message["tool_calls"]?.array ?? [] {
                guard let name = call["function"]?["name"]?.string,
                    let arguments = call["function"]?["arguments"]
                else { continue }
                calls.removeAll { $0.key == name }
                calls.append((name, arguments))
            }
        }
        return calls
    }
}
