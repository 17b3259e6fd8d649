import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some EmbedderProvider) -> [Handler] {
    [
        unary(EmbedderMethod.embed) { (request: Hector_Plugin_EmbedRequest) in
            var vector: [Float] = []
            let error = try await errorTextOrStatus {
                let request = EmbedRequest(request)
                vector = try await plugin.embed(request.text, as: request.type)
            }
            return Hector_Plugin_EmbedResponse.with {
                $0.vector = vector
                $0.error = error
            }
        },
        unary(EmbedderMethod.getEmbedderInfo) { (_: Hector_Plugin_Empty) in
            let info = try await reportingStatus { try await plugin.embedderInfo }
            return Hector_Plugin_EmbedderInfo.with {
                $0.modelName = info.modelName
                $0.dimension = Int32(clamping: info.dimension)
            }
        },
    ]
}

func batchHandlers(_ plugin: some BatchEmbedderProvider) -> [Handler] {
    [
        unary(EmbedderBatchMethod.embedBatch) { (batch: Hector_Plugin_EmbedBatchRequest) in
            let requests = batch.requests.map { EmbedRequest($0) }
            let responses = try await answers(requests) { requests in
                try await plugin.embed(requests)
            } answer: { result in
                Hector_Plugin_EmbedResponse.with {
                    switch result {
                    case .success(let vector): $0.vector = vector
                    case .failure(let error): $0.error = text(of: error)
                    }
                }
            }
            return Hector_Plugin_EmbedBatchResponse.with { $0.responses = responses }
        }
    ]
}

extension EmbedRequest {
    fileprivate init(_ request: Hector_Plugin_EmbedRequest) {
        // A type from a later version is treated as missing.
        self.init(
            text: request.text, type: InputType(rawValue: request.inputType) ?? .unspecified)
    }
}
