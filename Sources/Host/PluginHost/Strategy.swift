package import ChatModel
internal import Messages
internal import SwiftProtobuf

/// A plugin that decides how an agent goes on.
package final class Strategy: Sendable {
    package static let service = "hector.plugin.ReasoningStrategy"

    package let plugin: Plugin
    private let timeout: Duration

    /// The progress of an agent.
    package struct State: Sendable, Equatable {
        /// Counted from 1.
        package var iteration: Int32 = 1
        /// Of the run so far.
        package var totalTokens: Int64 = 0
        /// The question of the user.
        package var query = ""
        /// Oldest first.
        package var conversation: [ChatMessage] = []
        /// The model's last text.
        package var assistantResponse = ""
        package var firstIterationToolCalls: [ToolCall] = []
        /// The strategy's own state.
        package var customState: [String: String] = [:]

        package init() {}
    }

    /// The message of the model in one iteration, and its results.
    package struct Turn: Sendable, Equatable {
        package var text = ""
        package var toolCalls: [ToolCall] = []
        /// The results in the order of the calls; empty before the tools have run.
        package var results: [ToolResult] = []

        package init() {}
    }

    package struct ToolResult: Sendable, Equatable {
        package var toolName: String
        package var succeeded: Bool
        package var content: String
        /// The reason if it did not succeed, else empty.
        package var error: String
        package var executionTime: Duration
        package var metadata: [String: String]

        package init(
            toolName: String, succeeded: Bool, content: String, error: String = "",
            executionTime: Duration = .zero, metadata: [String: String] = [:]
        ) {
            self.toolName = toolName
            self.succeeded = succeeded
            self.content = content
            self.error = error
            self.executionTime = executionTime
            self.metadata = metadata
        }
    }

    /// The parts of an agent's system prompt.
    package struct PromptSlots: Sendable, Equatable {
        package let systemRole: String
        package let reasoningInstructions: String
        package let toolUsage: String
        package let outputFormat: String
        package let communicationStyle: String
        package let additional: String
    }

    package struct Info: Sendable, Equatable {
        package let name: String
        package let description: String
    }

    /// Makes a strategy. It does not keep state between calls, so each call may be sent again when
    /// the plugin dies.
    ///
    /// - Parameter timeout: The longest time for one call.
    package init(_ plugin: Plugin, timeout: Duration) {
        self.plugin = plugin
        self.timeout = timeout
    }

    /// - Returns: The strategy's own state as it is now.
    package func prepareIteration(_ state: State) async throws(PluginError) -> [String: String] {
        let request = Hector_Plugin_PrepareIterationRequest.with {
            $0.iteration = state.iteration
            $0.state = Hector_Plugin_ReasoningState(state)
        }
        let response: Hector_Plugin_PrepareIterationResponse = try await call(
            ReasoningMethod.prepareIteration, request)
        try check(response.success, response.error)
        return response.customState
    }

    /// - Returns: True to stop, and the strategy's own state as it is now.
    package func shouldStop(
        after turn: Turn, _ state: State
    ) async throws(PluginError) -> (stop: Bool, customState: [String: String]) {
        let request = Hector_Plugin_ShouldStopRequest.with {
            $0.text = turn.text
            $0.toolCalls = turn.toolCalls.map { Hector_Plugin_ToolCall($0) }
            $0.state = Hector_Plugin_ReasoningState(state)
        }
        let response: Hector_Plugin_ShouldStopResponse = try await call(
            ReasoningMethod.shouldStop, request)
        try check(true, response.error)
        return (response.stop, response.customState)
    }

    /// - Returns: The strategy's own state as it is now.
    package func afterIteration(
        _ turn: Turn, _ state: State
    ) async throws(PluginError) -> [String: String] {
        let request = Hector_Plugin_AfterIterationRequest.with {
            $0.iteration = state.iteration
            $0.text = turn.text
            $0.toolCalls = turn.toolCalls.map { Hector_Plugin_ToolCall($0) }
            $0.results = turn.results.map(Hector_Plugin_ToolResult.init)
            $0.state = Hector_Plugin_ReasoningState(state)
        }
        let response: Hector_Plugin_AfterIterationResponse = try await call(
            ReasoningMethod.afterIteration, request)
        try check(response.success, response.error)
        return response.customState
    }

    /// Text for the model to read before this iteration; may be empty.
    package func contextInjection(_ state: State) async throws(PluginError) -> String {
        let request = Hector_Plugin_GetContextInjectionRequest.with {
            $0.state = Hector_Plugin_ReasoningState(state)
        }
        let response: Hector_Plugin_GetContextInjectionResponse = try await call(
            ReasoningMethod.getContextInjection, request)
        try check(true, response.error)
        return response.text
    }

    package func promptSlots() async throws(PluginError) -> PromptSlots {
        let slots: Hector_Plugin_PromptSlots = try await call(
            ReasoningMethod.getPromptSlots, Hector_Plugin_Empty())
        return PromptSlots(
            systemRole: slots.systemRole, reasoningInstructions: slots.reasoningInstructions,
            toolUsage: slots.toolUsage, outputFormat: slots.outputFormat,
            communicationStyle: slots.communicationStyle, additional: slots.additional)
    }

    package func info() async throws(PluginError) -> Info {
        let info: Hector_Plugin_StrategyInfo = try await call(
            ReasoningMethod.getStrategyInfo, Hector_Plugin_Empty())
        return Info(name: info.name, description: info.description_p)
    }

    private func call<Response: Message>(
        _ method: String, _ request: some Message
    ) async throws(PluginError) -> Response {
        try plugin.decode(
            try await plugin.call(method, encode(request), timeout: timeout), from: method)
    }

    private func check(_ success: Bool, _ error: String) throws(PluginError) {
        if success && error.isEmpty { return }
        throw plugin.refusal(error.isEmpty ? "refused without a reason" : error)
    }
}

extension Hector_Plugin_ReasoningState {
    fileprivate init(_ state: Strategy.State) {
        self.init()
        iteration = state.iteration
        totalTokens = state.totalTokens
        query = state.query
        conversation = state.conversation.map { Hector_Plugin_Message($0) }
        assistantResponse = state.assistantResponse
        firstIterationToolCalls = state.firstIterationToolCalls.map { Hector_Plugin_ToolCall($0) }
        customState = state.customState
    }
}

extension Hector_Plugin_ToolResult {
    fileprivate init(_ result: Strategy.ToolResult) {
        self.init()
        success = result.succeeded
        content = result.content
        error = result.error
        toolName = result.toolName
        executionTimeMs = Int64(result.executionTime / .milliseconds(1))
        metadata = result.metadata
    }
}
