import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some ReasoningStrategy) -> [Handler] {
    [
        unary(ReasoningMethod.prepareIteration) {
            (request: Hector_Plugin_PrepareIterationRequest) in
            var state = ReasoningState(request.state)
            let error = await errorText {
                try await plugin.prepareIteration(Int(request.iteration), state: &state)
            }
            return Hector_Plugin_PrepareIterationResponse.with {
                $0.success = error.isEmpty
                $0.error = error
                $0.customState = state.customState
            }
        },
        unary(ReasoningMethod.shouldStop) { (request: Hector_Plugin_ShouldStopRequest) in
            var state = ReasoningState(request.state)
            var stops = false
            let turn = Turn(
                text: request.text, toolCalls: request.toolCalls.map { ToolCall($0) })
            let error = await errorText {
                stops = try await plugin.shouldStop(after: turn, state: &state)
            }
            return Hector_Plugin_ShouldStopResponse.with {
                $0.stop = stops
                $0.error = error
                $0.customState = state.customState
            }
        },
        unary(ReasoningMethod.afterIteration) { (request: Hector_Plugin_AfterIterationRequest) in
            var state = ReasoningState(request.state)
            let turn = Turn(
                text: request.text, toolCalls: request.toolCalls.map { ToolCall($0) },
                results: request.results.map { ToolResult($0) })
            let error = await errorText {
                try await plugin.afterIteration(
                    Int(request.iteration), turn: turn, state: &state)
            }
            return Hector_Plugin_AfterIterationResponse.with {
                $0.success = error.isEmpty
                $0.error = error
                $0.customState = state.customState
            }
        },
        unary(ReasoningMethod.getContextInjection) {
            (request: Hector_Plugin_GetContextInjectionRequest) in
            var response = Hector_Plugin_GetContextInjectionResponse()
            response.error = await errorText {
                response.text = try await plugin.contextInjection(
                    state: ReasoningState(request.state))
            }
            return response
        },
        unary(ReasoningMethod.getPromptSlots) { (_: Hector_Plugin_Empty) in
            let slots = try await reportingStatus { try await plugin.promptSlots }
            return Hector_Plugin_PromptSlots.with {
                $0.systemRole = slots.systemRole
                $0.reasoningInstructions = slots.reasoningInstructions
                $0.toolUsage = slots.toolUsage
                $0.outputFormat = slots.outputFormat
                $0.communicationStyle = slots.communicationStyle
                $0.additional = slots.additional
            }
        },
        unary(ReasoningMethod.getStrategyInfo) { (_: Hector_Plugin_Empty) in
            let info = try await reportingStatus { try await plugin.strategyInfo }
            return Hector_Plugin_StrategyInfo.with {
                $0.name = info.name
                $0.description_p = info.description
            }
        },
    ]
}

extension ReasoningState {
    fileprivate init(_ state: Hector_Plugin_ReasoningState) {
        self.init(
            iteration: Int(state.iteration), totalTokens: Int(state.totalTokens),
            query: state.query, conversation: state.conversation.map { Message($0) },
            assistantResponse: state.assistantResponse,
            firstIterationToolCalls: state.firstIterationToolCalls.map { ToolCall($0) },
            customState: state.customState)
    }
}

extension ToolResult {
    fileprivate init(_ result: Hector_Plugin_ToolResult) {
        self.init(
            toolName: result.toolName, succeeded: result.success, content: result.content,
            error: result.error, duration: .milliseconds(result.executionTimeMs),
            metadata: result.metadata)
    }
}
