internal import Messages
internal import SwiftProtobuf
internal import Synchronization

func reasoningPoints(_ subject: Subject) -> [Point] {
    let strategy = ReasoningWalk()
    return [
        Point("GetStrategyInfo names the strategy", strategy.checkInfo),
        Point("GetPromptSlots answers", strategy.checkSlots),
        Point("PrepareIteration prepares the first iteration", quietly: strategy.prepare),
        Point("GetContextInjection answers", quietly: strategy.checkInjection),
        Point("ShouldStop decides on a turn that calls a tool", strategy.checkTurn),
        Point("AfterIteration takes the results of the calls", quietly: strategy.finishIteration),
        Point("custom_state is taken back in the next iteration", strategy.checkRoundTrip),
        Point("ShouldStop decides on a turn that calls nothing", strategy.checkLastTurn),
        Point(
            "\(sideBySide) runs side by side are not mixed up", quietly: strategy.checkSideBySide),
        cancellationPoint(
            "PrepareIteration",
            Hector_Plugin_PrepareIterationRequest.with { $0.iteration = 1 }),
    ]
}

/// An invented run of an agent, and the state that the strategy keeps in it.
private final class ReasoningWalk: Sendable {
    private let state = Mutex(
        Hector_Plugin_ReasoningState.with {
            $0.iteration = 1
            $0.query = "What is the weather in Rome?"
            $0.conversation = [
                .with {
                    $0.role = "user"
                    $0.content = "What is the weather in Rome?"
                }
            ]
        })

    private static let call = Hector_Plugin_ToolCall.with {
        $0.id = "call_1"
        $0.name = "weather"
        $0.argumentsJson = #"{"city":"Rome"}"#
    }

    func checkInfo(_ caller: Caller) async throws -> [String] {
        let info: Hector_Plugin_StrategyInfo = try await caller.call(
            "GetStrategyInfo", Hector_Plugin_Empty())
        if info.name.isEmpty { throw Finding("the strategy has no name") }
        return ["the strategy is '\(info.name)'"]
    }

    func checkSlots(_ caller: Caller) async throws -> [String] {
        let slots: Hector_Plugin_PromptSlots = try await caller.call(
            "GetPromptSlots", Hector_Plugin_Empty())
        return slots == Hector_Plugin_PromptSlots() ? ["all its prompt slots are empty"] : []
    }

    func prepare(_ caller: Caller) async throws {
        let state = state.withLock { $0 }
        let response = try await prepare(state, caller)
        keep(response.customState)
    }

    private func prepare(
        _ state: Hector_Plugin_ReasoningState, _ caller: Caller
    ) async throws(Finding) -> Hector_Plugin_PrepareIterationResponse {
        let response: Hector_Plugin_PrepareIterationResponse = try await caller.call(
            "PrepareIteration",
            Hector_Plugin_PrepareIterationRequest.with {
                $0.iteration = state.iteration
                $0.state = state
            })
        try check("PrepareIteration", response.success, response.error)
        return response
    }

    func checkInjection(_ caller: Caller) async throws {
        let response: Hector_Plugin_GetContextInjectionResponse = try await caller.call(
            "GetContextInjection",
            Hector_Plugin_GetContextInjectionRequest.with { $0.state = state.withLock { $0 } })
        try check("GetContextInjection", true, response.error)
    }

    func checkTurn(_ caller: Caller) async throws -> [String] {
        state.withLock { state in
            state.firstIterationToolCalls = [Self.call]
            state.assistantResponse = ""
            state.conversation.append(
                .with {
                    $0.role = "assistant"
                    $0.toolCalls = [Self.call]
                })
        }
        return try await decide("", [Self.call], caller)
    }

    func checkLastTurn(_ caller: Caller) async throws -> [String] {
        try await decide("It is sunny in Rome.", [], caller)
    }

    private func decide(
        _ text: String, _ calls: [Hector_Plugin_ToolCall], _ caller: Caller
    ) async throws -> [String] {
        let response: Hector_Plugin_ShouldStopResponse = try await caller.call(
            "ShouldStop",
            Hector_Plugin_ShouldStopRequest.with {
                $0.text = text
                $0.toolCalls = calls
                $0.state = state.withLock { $0 }
            })
        try check("ShouldStop", true, response.error)
        keep(response.customState)
        return [response.stop ? "it stops" : "it goes on"]
    }

    func finishIteration(_ caller: Caller) async throws {
        let response: Hector_Plugin_AfterIterationResponse = try await caller.call(
            "AfterIteration",
            Hector_Plugin_AfterIterationRequest.with {
                $0.iteration = 1
                $0.toolCalls = [Self.call]
                $0.results = [
                    .with {
                        $0.success = true
                        $0.content = "sunny"
                        $0.toolName = "weather"
                    }
                ]
                $0.state = state.withLock { $0 }
            })
        try check("AfterIteration", response.success, response.error)
        keep(response.customState)
    }

    /// Checks that a strategy returns its state, and notes if the same state, sent twice, leads to
    /// different results. A strategy has to keep its memory only in `custom_state`.
    func checkRoundTrip(_ caller: Caller) async throws -> [String] {
        let next = state.withLock { state in
            state.iteration = 2
            return state
        }
        let first = try await prepare(next, caller).customState
        let second = try await prepare(next, caller).customState
        keep(first)
        if first.isEmpty, !next.customState.isEmpty {
            throw Finding(
                "custom_state is lost",
                expected: next.customState.keys.sorted().joined(separator: " "),
                found: "nothing")
        }
        var notes = first.isEmpty ? ["it keeps no state"] : []
        if first != second { notes.append("the same state leads to another the second time") }
        return notes
    }

    func checkSideBySide(_ caller: Caller) async throws {
        try await callSideBySide { number in
            let state = Hector_Plugin_ReasoningState.with {
                $0.iteration = 2
                $0.query = "question \(number)"
                $0.customState = ["hector_check": "\(number)"]
            }
            // A strategy may drop unknown state, and must not return the state of another run.
            let own = try await self.prepare(state, caller).customState["hector_check"]
            if let own, own != "\(number)" {
                throw Finding(
                    "a run gets the state of another", expected: "\(number)", found: own)
            }
        }
    }

    private func keep(_ customState: [String: String]) {
        state.withLock { $0.customState = customState }
    }

    private func check(_ method: String, _ success: Bool, _ error: String) throws(Finding) {
        if success && error.isEmpty { return }
        throw Finding("\(method) failed: \(error.isEmpty ? "it does not say why" : error)")
    }
}
