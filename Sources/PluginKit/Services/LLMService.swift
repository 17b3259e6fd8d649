import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some LLMProvider) -> [Handler] {
    [
        unary(LLMMethod.generate) { (request: Hector_Plugin_GenerateRequest) in
            let response = try await reportingStatus {
                try await plugin.generate(GenerateRequest(request))
            }
            return Hector_Plugin_GenerateResponse.with {
                $0.text = response.text
                $0.toolCalls = response.toolCalls.map { Hector_Plugin_ToolCall($0) }
                $0.tokensUsed = Int32(clamping: response.summary.tokensUsed)
                $0.usage = response.summary.usage.mapValues { Int64($0) }
                $0.finishReason = response.summary.finishReason
                $0.reasoning = response.summary.reasoning.text
                $0.reasoningDetailsJson = response.summary.reasoning.details
            }
        },
        streaming(LLMMethod.generateStreaming) { bytes, stream in
            let writer = AnswerWriter { piece in
                try await stream.send(Hector_Plugin_StreamChunk(piece).serializedBytes())
            }
            let summary = try await reportingStatus {
                try await plugin.generate(GenerateRequest(read(bytes)), sendingTo: writer)
            }
            try await stream.send(Hector_Plugin_StreamChunk(summary).serializedBytes())
        },
        unary(LLMMethod.getModelInfo) { (_: Hector_Plugin_Empty) in
            let info = try await reportingStatus { try await plugin.modelInfo }
            return Hector_Plugin_ModelInfo.with {
                $0.modelName = info.modelName
                $0.maxTokens = Int32(clamping: info.maxTokens)
                $0.temperature = info.temperature
            }
        },
    ]
}

extension GenerateRequest {
    fileprivate init(_ request: Hector_Plugin_GenerateRequest) {
        self.init(
            messages: request.messages.map { Message($0) },
            tools: request.tools.map { ToolDefinition($0) },
            options: Configuration(request.options),
            responseSchema: request.responseSchemaJson)
    }
}

extension Hector_Plugin_StreamChunk {
    fileprivate init(_ piece: AnswerWriter.Piece) {
        self = .with {
            switch piece {
            case .text(let text):
                $0.type = .text
                $0.text = text
            case .toolCall(let call):
                $0.type = .toolCall
                $0.toolCall = Hector_Plugin_ToolCall(call)
            }
        }
    }

    /// Makes the last piece of an answer.
    fileprivate init(_ summary: GenerateSummary) {
        self = .with {
            $0.type = .done
            $0.tokensUsed = Int32(clamping: summary.tokensUsed)
            $0.usage = summary.usage.mapValues { Int64($0) }
            $0.finishReason = summary.finishReason
            $0.reasoning = summary.reasoning.text
            $0.reasoningDetailsJson = summary.reasoning.details
        }
    }
}
