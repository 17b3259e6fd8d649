internal import JSON

// The questions to a strategy, if the agent has one.
extension AgentRun {
    func slots() async throws -> Value? {
        guard let reason = stages.reason else { return nil }
        let name = "\(id).slots"
        return try await reason.answer(record(name, ["step": "slots"]), id: name)
            .value("reasoning")?["prompt_slots"]
    }

    /// - Returns: The text that the model should read before it answers.
    func prepare(_ progress: inout Progress) async throws -> String {
        let decision = try await decide("prepare", &progress)
        return decision?["context"]?.string ?? ""
    }

    func shouldStop(_ progress: inout Progress, calls: [Value]) async throws -> Bool {
        guard let decision = try await decide("stop", &progress) else { return calls.isEmpty }
        return decision["stop"]?.bool ?? calls.isEmpty
    }

    func finishIteration(_ progress: inout Progress) async throws {
        // A strategy sees only iterations with tools, as others have nothing to report.
        guard progress.messages.last?["role"] == "tool" else { return }
        _ = try await decide("after", &progress)
    }

    /// - Returns: Nil if the agent has no strategy.
    func decide(_ step: String, _ progress: inout Progress) async throws -> Value? {
        guard let reason = stages.reason else { return nil }
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
                    "messages": .array(progress.messagesForStages),
                ]),
            id: name)
        if let customState = answer.value("state")?["custom_state"] {
            progress.customState = customState
        }
        return answer.value("reasoning")
    }

    /// Returns the user's prompt followed by each slot, where the user's slots replace the
    /// strategy's.
    func systemPrompt(_ strategy: Value?, hasTools: Bool) -> String {
        let order = [
            "system_role", "reasoning_instructions", "tool_usage", "output_format",
            "communication_style", "additional",
        ]
        let slots = order.map { name in
            if name == "tool_usage", !hasTools { return "" }
            return plan.slots[name] ?? strategy?[name]?.string ?? ""
        }
        return Self.joined([plan.systemPrompt] + slots)
    }

    static func joined(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
