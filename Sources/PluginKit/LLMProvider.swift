/// A plugin that is a language model, or a client of one.
public protocol LLMProvider: Plugin {
    func generate(_ request: GenerateRequest) async throws -> GenerateResponse

    /// Generates the same answer and sends it as it comes.
    ///
    /// Has to stop soon after the task is cancelled, as the host no longer listens.
    ///
    /// - Returns: The facts known at the end. The text and the tool calls have been sent by then.
    func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary

    var modelInfo: ModelInfo { get async throws }
}

extension LLMProvider {
    /// Sends the whole answer at once, for a model that does not stream.
    public func generate(
        _ request: GenerateRequest, sendingTo writer: AnswerWriter
    ) async throws -> GenerateSummary {
        let response = try await generate(request)
        if !response.text.isEmpty { try await writer.send(response.text) }
        for call in response.toolCalls { try await writer.send(call) }
        return response.summary
    }
}

/// The receiver of a model's answer as it comes.
public struct AnswerWriter: Sendable {
    enum Piece: Sendable {
        case text(String)
        case toolCall(ToolCall)
    }

    let sendPiece: @Sendable (Piece) async throws -> Void

    /// Sends the next piece of text. Suspends while the host is slower than the model.
    public func send(_ text: String) async throws { try await sendPiece(.text(text)) }

    /// Sends a complete tool call.
    public func send(_ toolCall: ToolCall) async throws { try await sendPiece(.toolCall(toolCall)) }
}

public struct GenerateRequest: Equatable, Sendable {
    /// The messages, oldest first.
    public var messages: [Message]

    /// The tools that the model may call.
    public var tools: [ToolDefinition]

    /// The settings for this call only, such as `temperature` and `max_tokens`. The plugin has to
    /// ignore names that it does not know.
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

/// The facts that are known of an answer once it is complete.
public struct GenerateSummary: Equatable, Sendable {
    /// The tokens of the prompt and the answer together.
    public var tokensUsed: Int

    /// The counts by name: `prompt_tokens`, `completion_tokens`, `total_tokens`, and others that
    /// the model's provider reports.
    public var usage: [String: Int]

    /// The reason for the end: `stop`, `length`, `tool_calls`, `content_filter`, or the provider's
    /// own word.
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

    /// The most tokens that one answer may have.
    public var maxTokens: Int

    public var temperature: Double

    public init(modelName: String, maxTokens: Int, temperature: Double) {
        self.modelName = modelName
        self.maxTokens = maxTokens
        self.temperature = temperature
    }
}
