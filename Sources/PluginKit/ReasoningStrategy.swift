/// A plugin that decides how an agent continues.
///
/// For each iteration the agent calls ``prepareIteration(_:state:)`` and
/// ``contextInjection(state:)``; then the model answers; then ``shouldStop(after:state:)``; if
/// not, the tools run; then ``afterIteration(_:turn:state:)``.
///
/// A strategy does not keep state between calls. It puts the values that it needs again into
/// ``ReasoningState/customState``, which comes back with the next call, so that a run can be saved
/// and continued.
public protocol ReasoningStrategy: Plugin {
    /// - Parameter iteration: The number of the iteration, counted from 1.
    func prepareIteration(_ iteration: Int, state: inout ReasoningState) async throws

    /// Returns text that the model reads before this iteration; may be empty.
    func contextInjection(state: ReasoningState) async throws -> String

    /// - Parameter turn: The model's turn. Its tools have not run yet.
    func shouldStop(after turn: Turn, state: inout ReasoningState) async throws -> Bool

    func afterIteration(
        _ iteration: Int, turn: Turn, state: inout ReasoningState
    ) async throws

    var promptSlots: PromptSlots { get async throws }

    var strategyInfo: StrategyInfo { get async throws }
}

extension ReasoningStrategy {
    public func prepareIteration(_ iteration: Int, state: inout ReasoningState) async throws {}

    public func contextInjection(state: ReasoningState) async throws -> String { "" }

    /// Stops when the model does not ask for tools.
    public func shouldStop(
        after turn: Turn, state: inout ReasoningState
    ) async throws -> Bool { turn.toolCalls.isEmpty }

    public func afterIteration(
        _ iteration: Int, turn: Turn, state: inout ReasoningState
    ) async throws {}

    public var promptSlots: PromptSlots { get async throws { PromptSlots() } }

    public var strategyInfo: StrategyInfo {
        get async throws {
            StrategyInfo(name: Self.manifest.name, description: Self.manifest.description)
        }
    }
}

/// The progress of an agent.
public struct ReasoningState: Equatable, Sendable {
    /// The number of the iteration, counted from 1.
    public let iteration: Int

    /// The tokens of the run so far.
    public let totalTokens: Int

    /// The question of the user.
    public let query: String

    /// The messages, oldest first.
    public let conversation: [Message]

    /// The model's last text.
    public let assistantResponse: String

    public let firstIterationToolCalls: [ToolCall]

    /// The strategy's own state. It is the only part that goes back to the agent.
    public var customState: [String: String]

    public init(
        iteration: Int, totalTokens: Int, query: String, conversation: [Message],
        assistantResponse: String, firstIterationToolCalls: [ToolCall],
        customState: [String: String]
    ) {
        self.iteration = iteration
        self.totalTokens = totalTokens
        self.query = query
        self.conversation = conversation
        self.assistantResponse = assistantResponse
        self.firstIterationToolCalls = firstIterationToolCalls
        self.customState = customState
    }
}

/// The model's output in one iteration, and the results of its tool calls.
public struct Turn: Equatable, Sendable {
    public let text: String
    public let toolCalls: [ToolCall]

    /// The results in the order of ``toolCalls``; empty before the tools have run.
    public let results: [ToolResult]

    public init(text: String, toolCalls: [ToolCall] = [], results: [ToolResult] = []) {
        self.text = text
        self.toolCalls = toolCalls
        self.results = results
    }
}

/// The result of a tool call.
public struct ToolResult: Equatable, Sendable {
    public let toolName: String
    public let succeeded: Bool
    public let content: String

    /// The reason for a failure, if the call did not succeed.
    public let error: String

    public let duration: Duration
    public let metadata: [String: String]

    public init(
        toolName: String, succeeded: Bool, content: String, error: String = "",
        duration: Duration = .zero, metadata: [String: String] = [:]
    ) {
        self.toolName = toolName
        self.succeeded = succeeded
        self.content = content
        self.error = error
        self.duration = duration
        self.metadata = metadata
    }
}

/// The parts of an agent's system prompt. Its configuration takes precedence over these.
public struct PromptSlots: Equatable, Sendable {
    public var systemRole: String
    public var reasoningInstructions: String
    public var toolUsage: String
    public var outputFormat: String
    public var communicationStyle: String
    public var additional: String

    public init(
        systemRole: String = "", reasoningInstructions: String = "", toolUsage: String = "",
        outputFormat: String = "", communicationStyle: String = "", additional: String = ""
    ) {
        self.systemRole = systemRole
        self.reasoningInstructions = reasoningInstructions
        self.toolUsage = toolUsage
        self.outputFormat = outputFormat
        self.communicationStyle = communicationStyle
        self.additional = additional
    }
}

public struct StrategyInfo: Equatable, Sendable {
    public var name: String
    public var description: String

    public init(name: String, description: String) {
        self.name = name
        self.description = description
    }
}
