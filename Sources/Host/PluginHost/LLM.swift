internal import Messages
internal import SwiftProtobuf

/// A plugin that is a language model.
package final class LLM: Sendable {
    package static let service = "hector.plugin.LLMProvider"

    package let plugin: Plugin
    private let timeout: Duration

    /// One message of a conversation.
    package struct ChatMessage: Sendable, Equatable {
        /// The role: user, assistant, system or tool.
        package var role: String
        package var content: String
        package var toolCalls: [ToolCall]
        /// The call that a tool's message answers; empty in other messages.
        package var toolCallID: String
        /// The thoughts of the model before its answer, in an assistant's message.
        package var reasoning: Reasoning

        package init(
            role: String, content: String, toolCalls: [ToolCall] = [], toolCallID: String = "",
            reasoning: Reasoning = Reasoning()
        ) {
            self.role = role
            self.content = content
            self.toolCalls = toolCalls
            self.toolCallID = toolCallID
            self.reasoning = reasoning
        }
    }

    /// The thoughts of a model before its answer. They are never part of the answer.
    package struct Reasoning: Sendable, Equatable {
        /// The thoughts as text for people.
        package var text: String
        /// JSON by which the model's server recognizes its thoughts, or empty. Only plugins read
        /// it.
        package var details: String

        package init(text: String = "", details: String = "") {
            self.text = text
            self.details = details
        }

        package var isEmpty: Bool { text.isEmpty && details.isEmpty }
    }

    package struct ToolCall: Sendable, Equatable {
        package var id: String
        package var name: String
        /// The arguments as a JSON object.
        package var arguments: String

        package init(id: String, name: String, arguments: String) {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    package struct Tool: Sendable, Equatable {
        package var name: String
        package var description: String
        /// A JSON Schema of the arguments.
        package var parameters: String

        package init(name: String, description: String, parameters: String) {
            self.name = name
            self.description = description
            self.parameters = parameters
        }
    }

    package struct Request: Sendable {
        package var messages: [ChatMessage]
        package var tools: [Tool]
        package var options: [String: String]
        /// A JSON Schema for the answer, or empty.
        package var responseSchema: String

        package init(
            messages: [ChatMessage], tools: [Tool] = [], options: [String: String] = [:],
            responseSchema: String = ""
        ) {
            self.messages = messages
            self.tools = tools
            self.options = options
            self.responseSchema = responseSchema
        }
    }

    package struct Answer: Sendable, Equatable {
        package var text = ""
        package var toolCalls: [ToolCall] = []
        /// The tokens of the prompt and the answer together.
        package var tokens = 0
        package var usage: [String: Int] = [:]
        package var finishReason = ""
        package var reasoning = Reasoning()

        package init() {}
    }

    package struct Info: Sendable {
        package let modelName: String
        package let maxTokens: Int
        package let temperature: Double
    }

    /// - Parameter timeout: The longest time for one answer.
    package init(_ plugin: Plugin, timeout: Duration) {
        self.plugin = plugin
        self.timeout = timeout
    }

    package func generate(_ request: Request) async throws(PluginError) -> Answer {
        let bytes = try await plugin.call(
            LLMMethod.generate, encode(message(request)), timeout: timeout)
        let response: Hector_Plugin_GenerateResponse = try plugin.decode(
            bytes, from: LLMMethod.generate)
        var answer = Answer()
        answer.text = response.text
        answer.toolCalls = response.toolCalls.map(ToolCall.init)
        answer.tokens = Int(response.tokensUsed)
        answer.usage = response.usage.mapValues(Int.init)
        answer.finishReason = response.finishReason
        answer.reasoning = Reasoning(
            text: response.reasoning, details: response.reasoningDetailsJson)
        return answer
    }

    /// Generates the same answer and hands it on as it comes.
    ///
    /// - Parameter receive: A function that gets the text. Text that has arrived together comes in
    ///   one piece. The plugin waits for this function.
    /// - Throws: Also `.died`, if the stream ends without a message that it is done. Anything after
    ///   that message is ignored.
    package func stream(
        _ request: Request, _ receive: (String) async throws(PluginError) -> Void
    ) async throws(PluginError) -> Answer {
        var answer = Answer()
        var isDone = false
        try await plugin.stream(
            LLMMethod.generateStreaming, encode(message(request)), timeout: timeout
        ) { messages throws(PluginError) in
            var text = ""
            var failure: PluginError?
            for bytes in messages where failure == nil && !isDone {
                let chunk: Hector_Plugin_StreamChunk
                do throws(PluginError) {
                    chunk = try plugin.decode(bytes, from: LLMMethod.generateStreaming)
                } catch {
                    failure = error
                    continue
                }
                answer.reasoning.text += chunk.reasoning
                if !chunk.reasoningDetailsJson.isEmpty {
                    answer.reasoning.details = chunk.reasoningDetailsJson
                }
                switch chunk.type {
                case .text: text += chunk.text
                case .toolCall: answer.toolCalls.append(ToolCall(chunk.toolCall))
                case .done:
                    isDone = true
                    answer.tokens = Int(chunk.tokensUsed)
                    answer.usage = chunk.usage.mapValues(Int.init)
                    answer.finishReason = chunk.finishReason
                case .error: failure = plugin.refusal(chunk.error)
                case .UNRECOGNIZED(let type):
                    failure = plugin.misbehaviour("sent a chunk of unknown type \(type)")
                }
            }
            // The text before an error is handed on before the error.
            if !text.isEmpty {
                answer.text += text
                try await receive(text)
            }
            if let failure { throw failure }
            return isDone
        }
        if !isDone { throw plugin.misbehaviour("ended its answer without saying that it is done") }
        return answer
    }

    package func info() async throws(PluginError) -> Info {
        let bytes = try await plugin.call(LLMMethod.getModelInfo, [], timeout: timeout)
        let info: Hector_Plugin_ModelInfo = try plugin.decode(
            bytes, from: LLMMethod.getModelInfo)
        return Info(
            modelName: info.modelName, maxTokens: Int(info.maxTokens), temperature: info.temperature
        )
    }

    private func message(_ request: Request) -> Hector_Plugin_GenerateRequest {
        .with {
            $0.messages = request.messages.map(Hector_Plugin_Message.init)
            $0.tools = request.tools.map { tool in
                .with {
                    $0.name = tool.name
                    $0.description_p = tool.description
                    $0.parametersJson = tool.parameters
                }
            }
            $0.options = request.options
            $0.responseSchemaJson = request.responseSchema
        }
    }
}

extension LLM.ToolCall {
    fileprivate init(_ call: Hector_Plugin_ToolCall) {
        self.init(id: call.id, name: call.name, arguments: call.argumentsJson)
    }
}

extension Hector_Plugin_Message {
    init(_ message: LLM.ChatMessage) {
        self.init()
        role = message.role
        content = message.content
        toolCalls = message.toolCalls.map(Hector_Plugin_ToolCall.init)
        toolCallID = message.toolCallID
        reasoning = message.reasoning.text
        reasoningDetailsJson = message.reasoning.details
    }
}

extension Hector_Plugin_ToolCall {
    init(_ call: LLM.ToolCall) {
        self.init()
        id = call.id
        name = call.name
        argumentsJson = call.arguments
    }
}
