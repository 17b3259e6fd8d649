package import PluginKit

/// The default strategy.
package struct ChainOfThoughtStrategy: ReasoningStrategy {
    package static let manifest = Manifest(
        name: "chain-of-thought", version: "0.1.0", author: "Hector",
        description:
            "Thinks step by step, calls tools until no call remains, and does not repeat itself")

    package init() {}

    package func prepareIteration(_ iteration: Int, state: inout ReasoningState) {
        // A run that continues a session starts with the state that the last one left.
        if iteration <= 1 { Attempts().save(in: &state.customState) }
    }

    package func contextInjection(state: ReasoningState) -> String {
        Attempts(savedIn: state.customState).report
    }

    package func shouldStop(after turn: Turn, state: inout ReasoningState) -> Bool {
        if turn.toolCalls.isEmpty { return true }
        let attempts = Attempts(savedIn: state.customState)
        guard turn.toolCalls.allSatisfy({ attempts.isFutile($0.name, $0.arguments) }) else {
            return false
        }
        state.customState[Attempts.stoppedKey] = "the same calls were repeated in vain"
        return true
    }

    package func afterIteration(_ iteration: Int, turn: Turn, state: inout ReasoningState) {
        var attempts = Attempts(savedIn: state.customState)
        for (index, call) in turn.toolCalls.enumerated() {
            let result = turn.results.indices.contains(index) ? turn.results[index] : nil
            attempts.note(
                call.name, call.arguments, result: result?.content ?? "",
                error: result.flatMap { $0.succeeded ? nil : $0.error })
        }
        attempts.save(in: &state.customState)
    }

    package var promptSlots: PromptSlots {
        PromptSlots(
            systemRole: Slots.systemRole, reasoningInstructions: Slots.reasoningInstructions,
            toolUsage: Slots.toolUsage, outputFormat: Slots.outputFormat,
            communicationStyle: Slots.communicationStyle, additional: Slots.additional)
    }
}
