/// A plugin that is, or speaks to, a language model.
public protocol LLMProvider: Plugin {
    func generate(_ request: GenerateRequest) async throws -> GenerateResponse

    /// The same answer, sent as it comes.
    ///
    /// Stops soon after the task is cancelled: nobody listens any more.
    ///
    /// - Returns: What is known at the end. Its text and tool calls have been sent.
    func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary

    var modelInfo: ModelInfo { get async throws }
}

extension LLMProvider {
    /// Sends the whole answer at once, for a model that cannot do better.
    public func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        let response = try await generate(request)
        if !response.text.isEmpty { try await writer.send(response.text) }
        for call in response.toolCalls { try await writer.send(call) }
        return response.summary
    }
}

/// Where a model's answer goes as it comes.
public struct AnswerWriter: Sendable {
    enum Piece: Sendable {
        case text(String)
        case toolCall(ToolCall)
    }

    let sendPiece: @Sendable (Piece) async throws -> Void

    /// Sends the next piece of text. Suspends while the host is slower than the model.
    public func send(_ text: String) async throws { try await sendPiece(.text(text)) }

    /// Sends a complete call.
    public func send(_ toolCall: ToolCall) async throws { try await sendPiece(.toolCall(toolCall)) }
}

public struct GenerateRequest: Equatable, Sendable {
    /// Oldest first.
    public var messages: [Message]

    /// What the model may call.
    public var tools: [ToolDefinition]

    /// Settings for this call only, such as `temperature` and `max_tokens`. Names that the
    /// plugin does not know are to be ignored.
    public var options: Configuration

    /// A JSON Schema that the answer's text should satisfy. Empty means free text.
    public var responseSchema: String

    public init(
        messages: [Message], tools: [ToolDefinition] = [],
        options: Configuration = Configuration([:]), responseSchema: String = ""
    ) {
        self.messages = messages
        self.tools = tools
        self.options = options
        self.responseSchema = responseSchema
    }
}

public struct GenerateResponse: Equatable, Sendable {
    public var text: String
    public var toolCalls: [ToolCall]
    public var summary: GenerateSummary

    public init(
        text: String, toolCalls: [ToolCall] = [], summary: GenerateSummary = GenerateSummary()
    ) {
        self.text = text
        self.toolCalls = toolCalls
        self.summary = summary
    }
}

/// What is known of an answer once it is complete.
public struct GenerateSummary: Equatable, Sendable {
    /// Prompt and answer together.
    public var tokensUsed: Int

    /// Counts by name: `prompt_tokens`, `completion_tokens`, `total_tokens`, and what else the
    /// model's provider reports.
    public var usage: [String: Int]

    /// `stop`, `length`, `tool_calls`, `content_filter`, or the provider's own word.
    public var finishReason: String

    public var reasoning: Reasoning

    public init(
        tokensUsed: Int = 0, usage: [String: Int] = [:], finishReason: String = "",
        reasoning: Reasoning = Reasoning()
    ) {
        self.tokensUsed = tokensUsed
        self.usage = usage
        self.finishReason = finishReason
        self.reasoning = reasoning
    }
}

public struct ModelInfo: Equatable, Sendable {
    public var modelName: String

    /// The most that one answer may have.
    public var maxTokens: Int

    public var temperature: Double

    public init(modelName: String, maxTokens: Int, temperature: Double) {
        self.modelName = modelName
        self.maxTokens = maxTokens
        self.temperature = temperature
    }
}
