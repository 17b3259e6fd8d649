package import ChatModel
internal import Messages
internal import SwiftProtobuf

/// A plugin that is a language model.
package final class LLM: Sendable {
    package static let service = "hector.plugin.LLMProvider"

    package let plugin: Plugin
    private let timeout: Duration

    package struct Request: Sendable {
        package var messages: [ChatMessage]
        package var tools: [ToolDefinition]
        package var options: [String: String]
        /// A JSON Schema for the answer, or empty.
        package var responseSchema: String

        package init(
            messages: [ChatMessage], tools: [ToolDefinition] = [], options: [String: String] = [:],
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
        answer.toolCalls = response.toolCalls.map { ToolCall($0) }
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
            $0.messages = request.messages.map { Hector_Plugin_Message($0) }
            $0.tools = request.tools.map { Hector_Plugin_ToolDefinition($0) }
            $0.options = request.options
            $0.responseSchemaJson = request.responseSchema
        }
    }
}
