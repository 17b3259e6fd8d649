import GRPC
import Messages
import SwiftProtobuf
import Testing

@Suite struct DatabaseServiceTests {
    @Test func `stores, finds, deletes and drops`() async throws {
        try await withHost(of: MemoryDatabase()) { host in
            let created = try await host.create("docs", dimension: 1)
            #expect(created.success && created.error == "")
            for (id, number) in [("a", 1), ("b", 5), ("c", 2)] as [(String, Float)] {
                let answer = try await host.call(
                    DatabaseMethod.upsert, upsert("docs", id, number),
                    Hector_Plugin_UpsertResponse.self)
                #expect(answer.success && answer.error == "")
            }

            let found = try await host.search("docs", near: 2, topK: 2)
            #expect(found.results.map(\.id) == ["c", "a"])
            #expect(found.results.map(\.score) == [0, -1])
            #expect(found.results.map(\.content) == ["text of c", "text of a"])
            #expect(found.results[0].metadata == ["content": "text of c", "n": "2.0"])
            #expect(found.results[0].vector == [])

            let deletion = Hector_Plugin_DeleteRequest.with {
                $0.collection = "docs"
                $0.id = "c"
            }
            let deleted = try await host.call(
                DatabaseMethod.delete, deletion, Hector_Plugin_DeleteResponse.self)
            #expect(deleted.success)
            #expect(
                try await host.search("docs", near: 2, topK: 5).results.map(\.id) == ["a", "b"])

            let dropped = try await host.drop("docs")
            #expect(dropped.success)
            #expect(try await host.search("docs", near: 2, topK: 5).error == "no collection 'docs'")
        }
    }

    @Test func `the extensions of a search arrive`() async throws {
        try await withHost(of: MemoryDatabase()) { host in
            _ = try await host.create("docs", dimension: 2)
            _ = try await host.call(
                DatabaseMethod.upsert, upsert("docs", "a", 1), Hector_Plugin_UpsertResponse.self)
            let search = Hector_Plugin_SearchRequest.with {
                $0.collection = "docs"
                $0.vector = [1]
                $0.topK = 1
                $0.filterJson = #"{"n":"1"}"#
                $0.includeVectors = true
            }
            let found = try await host.call(
                DatabaseMethod.search, search, Hector_Plugin_SearchResponse.self)
            #expect(found.results.map(\.vector) == [[1]])
            #expect(found.results.map(\.modelName) == [#"{"n":"1"}"#])
        }
    }

    @Test func `errors are in the answers`() async throws {
        try await withHost(of: MemoryDatabase()) { host in
            let stored = try await host.call(
                DatabaseMethod.upsert, upsert("nowhere", "a", 1),
                Hector_Plugin_UpsertResponse.self)
            #expect(!stored.success && stored.error == "no collection 'nowhere'")
            let created = try await host.create("docs", dimension: 0)
            #expect(!created.success && created.error == "dimension 0")
            let dropped = try await host.drop("nowhere")
            #expect(!dropped.success && dropped.error == "no collection 'nowhere'")
        }
    }

    @Test func `each item of a batch has its own answer`() async throws {
        try await withHost(of: MemoryDatabase()) { host in
            _ = try await host.create("docs", dimension: 1)
            let stored = try await host.call(
                DatabaseBatchMethod.upsertBatch,
                Hector_Plugin_UpsertBatchRequest.with {
                    $0.requests = [
                        upsert("docs", "a", 1), upsert("nowhere", "b", 2), upsert("docs", "c", 3),
                    ]
                }, Hector_Plugin_UpsertBatchResponse.self)
            #expect(stored.responses.map(\.success) == [true, false, true])
            #expect(stored.responses.map(\.error) == ["", "no collection 'nowhere'", ""])

            let found = try await host.call(
                DatabaseBatchMethod.searchBatch,
                Hector_Plugin_SearchBatchRequest.with {
                    $0.requests = ["docs", "nowhere"].map { collection in
                        .with {
                            $0.collection = collection
                            $0.vector = [3]
                            $0.topK = 5
                        }
                    }
                }, Hector_Plugin_SearchBatchResponse.self)
            #expect(found.responses.map { $0.results.map(\.id) } == [["c", "a"], []])
            #expect(found.responses.map(\.error) == ["", "no collection 'nowhere'"])

            let deleted = try await host.call(
                DatabaseBatchMethod.deleteBatch,
                Hector_Plugin_DeleteBatchRequest.with {
                    $0.requests = [
                        .with {
                            $0.collection = "docs"
                            $0.id = "a"
                        }
                    ]
                }, Hector_Plugin_DeleteBatchResponse.self)
            #expect(deleted.responses.map(\.success) == [true])
            #expect(try await host.search("docs", near: 3, topK: 5).results.map(\.id) == ["c"])
        }
    }

    private func upsert(
        _ collection: String, _ id: String, _ number: Float
    ) -> Hector_Plugin_UpsertRequest {
        .with {
            $0.collection = collection
            $0.id = id
            $0.vector = [number]
            $0.metadata = ["content": "text of \(id)", "n": "\(number)"]
        }
    }
}

extension Host {
    fileprivate func create(
        _ collection: String, dimension: UInt64
    ) async throws -> Hector_Plugin_CreateCollectionResponse {
        let request = Hector_Plugin_CreateCollectionRequest.with {
            $0.collection = collection
            $0.vectorSize = dimension
        }
        return try await call(
            DatabaseMethod.createCollection, request, Hector_Plugin_CreateCollectionResponse.self)
    }

    fileprivate func drop(
        _ collection: String
    ) async throws -> Hector_Plugin_DeleteCollectionResponse {
        try await call(
            DatabaseMethod.deleteCollection,
            Hector_Plugin_DeleteCollectionRequest.with { $0.collection = collection },
            Hector_Plugin_DeleteCollectionResponse.self)
    }

    fileprivate func search(
        _ collection: String, near number: Float, topK: Int32
    ) async throws -> Hector_Plugin_SearchResponse {
        let request = Hector_Plugin_SearchRequest.with {
            $0.collection = collection
            $0.vector = [number]
            $0.topK = topK
        }
        return try await call(DatabaseMethod.search, request, Hector_Plugin_SearchResponse.self)
    }
}
