internal import FilterKit
internal import FilterProcesses
internal import JSON

extension AgentRun {
    /// Gets the model's answer.
    ///
    /// - Returns: The assistant's message, and the reason why the model ended it, which is empty if
    ///   the model gave none.
    func generate(
        _ progress: inout Progress, system: [String], _ tools: [AgentStages.AvailableTool],
        _ passages: Value?,
        _ emit: Emit
    ) async throws -> (message: Value, finishReason: String) {
        let name = "\(id).\(progress.iteration)"
        let iteration = Value.number(String(progress.iteration))
        let system = Self.joined(system)
        var messages = progress.messagesForStages
        if !system.isEmpty {
            messages.insert(["role": "system", "content": .string(system)], at: 0)
        }
        var members: Members = ["messages": .array(messages)]
        if !tools.isEmpty { members.append("tools", .array(tools.map(\.definition))) }
        if let passages { members.append("results", passages) }
        guard let stage = stages.generate else { preconditionFailure("a run without a model") }
        progress.partialText = ""
        let answer = try await stage.answer(record(name, members), id: name) { event in
            guard let text = event.value("text") else { return }
            progress.partialText += text.string ?? ""
            try await emit(Event(.delta, ["iteration": iteration, "text": text]))
        }
        progress.partialText = ""
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
        return (message, answer.value("finish_reason")?.string ?? "")
    }
}
