import GRPC
import Messages
import SwiftProtobuf

func handlers(_ plugin: some DatabaseProvider) -> [Handler] {
    [
        unary(DatabaseMethod.upsert) { (request: Hector_Plugin_UpsertRequest) in
            let error = try await errorTextOrStatus {
                try await plugin.upsert(UpsertRequest(request))
            }
            return Hector_Plugin_UpsertResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
        unary(DatabaseMethod.search) { (request: Hector_Plugin_SearchRequest) in
            var response = Hector_Plugin_SearchResponse()
            response.error = try await errorTextOrStatus {
                let results = try await plugin.search(SearchRequest(request))
                response.results = results.map { Hector_Plugin_SearchResult($0) }
            }
            return response
        },
        unary(DatabaseMethod.delete) { (request: Hector_Plugin_DeleteRequest) in
            let error = try await errorTextOrStatus {
                try await plugin.delete(DeleteRequest(request))
            }
            return Hector_Plugin_DeleteResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
        unary(DatabaseMethod.createCollection) { (request: Hector_Plugin_CreateCollectionRequest) in
            let error = try await errorTextOrStatus {
                let dimension = Int(clamping: request.vectorSize)
                if let plugin = plugin as? any CatalogDatabaseProvider {
                    try await plugin.createCollection(
                        request.collection, dimension: dimension, properties: request.properties)
                } else {
                    try await plugin.createCollection(request.collection, dimension: dimension)
                }
            }
            return Hector_Plugin_CreateCollectionResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
        unary(DatabaseMethod.deleteCollection) { (request: Hector_Plugin_DeleteCollectionRequest) in
            let error = try await errorTextOrStatus {
                try await plugin.deleteCollection(request.collection)
            }
            return Hector_Plugin_DeleteCollectionResponse.with {
                $0.success = error.isEmpty
                $0.error = error
            }
        },
    ]
}

func batchHandlers(_ plugin: some BatchDatabaseProvider) -> [Handler] {
    [
        unary(DatabaseBatchMethod.upsertBatch) { (batch: Hector_Plugin_UpsertBatchRequest) in
            let requests = batch.requests.map { UpsertRequest($0) }
            let responses = try await answers(requests) { requests in
                try await plugin.upsert(requests)
            } answer: { result in
                Hector_Plugin_UpsertResponse.with {
                    switch result {
                    case .success: $0.success = true
                    case .failure(let error): $0.error = text(of: error)
                    }
                }
            }
            return Hector_Plugin_UpsertBatchResponse.with { $0.responses = responses }
        },
        unary(DatabaseBatchMethod.searchBatch) { (batch: Hector_Plugin_SearchBatchRequest) in
            let requests = batch.requests.map { SearchRequest($0) }
            let responses = try await answers(requests) { requests in
                try await plugin.search(requests)
            } answer: { result in
                Hector_Plugin_SearchResponse.with {
                    switch result {
                    case .success(let results):
                        $0.results = results.map { Hector_Plugin_SearchResult($0) }
                    case .failure(let error): $0.error = text(of: error)
                    }
                }
            }
            return Hector_Plugin_SearchBatchResponse.with { $0.responses = responses }
        },
        unary(DatabaseBatchMethod.deleteBatch) { (batch: Hector_Plugin_DeleteBatchRequest) in
            let requests = batch.requests.map { DeleteRequest($0) }
            let responses = try await answers(requests) { requests in
                try await plugin.delete(requests)
            } answer: { result in
                Hector_Plugin_DeleteResponse.with {
                    switch result {
                    case .success: $0.success = true
                    case .failure(let error): $0.error = text(of: error)
                    }
                }
            }
            return Hector_Plugin_DeleteBatchResponse.with { $0.responses = responses }
        },
    ]
}

extension UpsertRequest {
    fileprivate init(_ request: Hector_Plugin_UpsertRequest) {
        self.init(
            collection: request.collection, id: request.id, vector: request.vector,
            metadata: request.metadata)
    }
}

extension SearchRequest {
    fileprivate init(_ request: Hector_Plugin_SearchRequest) {
        self.init(
            collection: request.collection, vector: request.vector, topK: Int(request.topK),
            filter: request.filterJson, includesVectors: request.includeVectors,
            text: request.text, alpha: request.hasAlpha ? request.alpha : nil,
            options: request.options, explains: request.explain)
    }
}

extension DeleteRequest {
    fileprivate init(_ request: Hector_Plugin_DeleteRequest) {
        self.init(collection: request.collection, id: request.id)
    }
}

extension Hector_Plugin_SearchResult {
    fileprivate init(_ result: SearchResult) {
        self = .with {
            $0.id = result.id
            $0.score = result.score
            $0.content = result.metadata["content"] ?? ""
            $0.vector = result.vector
            $0.metadata = result.metadata
            $0.modelName = result.modelName
            if let score = result.vectorScore { $0.vectorScore = score }
            if let score = result.textScore { $0.textScore = score }
            $0.explanationJson = result.explanation
        }
    }
}
