internal import Messages
internal import SwiftProtobuf
internal import Synchronization

/// The points of a database, checked in a collection that is deleted afterwards.
final class DatabaseWalk: Sendable {
    private let subject: Subject

    /// The name of a collection that is not in use.
    private let collection = "hector-check-\(String(UInt64.random(in: 0 ... .max), radix: 36))"

    private let isThere = Mutex(false)

    /// The length of the vectors, so that each of the parallel calls has its own axis.
    private static let dimension = sideBySide

    init(_ subject: Subject) { self.subject = subject }

    var points: [Point] {
        [
            Point("CreateCollection creates a collection", quietly: create),
            Point(
                "CreateCollection succeeds when it is there with that size", quietly: createAgain),
            Point("Upsert stores documents", quietly: checkUpsert),
            Point("Upsert replaces the document with the same id", quietly: checkReplacement),
            Point(
                "Search finds the nearest first, with its content and metadata",
                quietly: checkSearch),
            Point("Search finds no more than top_k", quietly: checkLimit),
            Point("Search keeps to a filter of metadata", quietly: checkFilter),
            Point("Search returns vectors when asked to", quietly: checkVectors),
            Point("Upsert refuses a vector of another length", checkWrongUpsert),
            Point("Search refuses a vector of another length", checkWrongSearch),
            Point("Search refuses a collection that is not there", checkNoCollection),
            Point("Delete removes a document", quietly: checkDelete),
            Point("Delete of what is not there succeeds", quietly: checkDelete),
            Point("UpsertBatch answers each document", quietly: checkUpsertBatch),
            Point("SearchBatch answers each query", quietly: checkSearchBatch),
            Point("DeleteBatch answers each id", quietly: checkDeleteBatch),
            Point(
                "\(sideBySide) documents stored side by side are found side by side",
                quietly: checkSideBySide),
            cancellationPoint("Search", search(axis(0), 10)),
        ]
    }

    var lastPoints: [Point] {
        [
            Point("DeleteCollection removes the collection", quietly: checkDrop),
            Point("Search finds nothing in a collection that is deleted", checkDropped),
        ]
    }

    /// Removes the collection, if it is there.
    func drop(_ caller: Caller) async {
        guard isThere.withLock({ $0 }) else { return }
        let _: Hector_Plugin_DeleteCollectionResponse? = try? await caller.call(
            "DeleteCollection", dropping)
    }

    // MARK: Collections

    private func create(_ caller: Caller) async throws {
        try await createAgain(caller)
    }

    private func createAgain(_ caller: Caller) async throws {
        let response: Hector_Plugin_CreateCollectionResponse = try await caller.call(
            "CreateCollection",
            Hector_Plugin_CreateCollectionRequest.with {
                $0.collection = collection
                $0.vectorSize = UInt64(Self.dimension)
            })
        try check("CreateCollection", response.success, response.error)
        isThere.withLock { $0 = true }
    }

    private var dropping: Hector_Plugin_DeleteCollectionRequest {
        .with { $0.collection = collection }
    }

    private func checkDrop(_ caller: Caller) async throws {
        try requireCollection()
        let response: Hector_Plugin_DeleteCollectionResponse = try await caller.call(
            "DeleteCollection", dropping)
        try check("DeleteCollection", response.success, response.error)
        isThere.withLock { $0 = false }
    }

    private func checkDropped(_ caller: Caller) async throws -> [String] {
        let response: Hector_Plugin_SearchResponse = try await caller.call(
            "Search", search(axis(0), 10))
        if !response.error.isEmpty { return ["it says: \(response.error)"] }
        if response.results.isEmpty { return [] }
        throw Finding(
            "documents of a deleted collection are found", [("id", response.results[0].id)])
    }

    private func checkNoCollection(_ caller: Caller) async throws -> [String] {
        var request = search(axis(0), 10)
        request.collection = collection + "-that-is-not"
        let response: Hector_Plugin_SearchResponse = try await caller.call("Search", request)
        if response.error.isEmpty {
            throw Finding("a search in a collection that is not there has no error")
        }
        return ["it says: \(response.error)"]
    }

    // MARK: Documents

    private func checkUpsert(_ caller: Caller) async throws {
        try requireCollection()
        for (id, number, language) in [("a", 0, "en"), ("b", 1, "en"), ("c", 2, "de")] {
            try await upsert(document(id, axis(number), language), caller)
        }
    }

    private func checkReplacement(_ caller: Caller) async throws {
        try requireCollection()
        try await upsert(document("c", axis(3), "fr"), caller)
        let found = try await matches(search(axis(3), 10), caller)
        guard found.first?.id == "c" else {
            throw Finding(
                "the new vector is not the nearest", expected: "c",
                found: found.first?.id ?? "nothing")
        }
        let count = found.count { $0.id == "c" }
        if count != 1 { throw Finding("the document is there \(count) times") }
        try compare("metadata.language", "fr", found[0].metadata["language"])
    }

    private func checkSearch(_ caller: Caller) async throws {
        try requireCollection()
        var near = axis(0)
        near[1] = 0.5
        let found = try await matches(search(near, 10), caller)
        try compare("the order of the ids", "a b", found.prefix(2).map(\.id).joined(separator: " "))
        for (first, second) in zip(found, found.dropFirst()) where !(first.score >= second.score) {
            throw Finding(
                "the scores do not fall", [("scores", "\(first.score), \(second.score)")])
        }
        try compare("content", "text a", found[0].content)
        try compare("metadata.content", "text a", found[0].metadata["content"])
        try compare("metadata.language", "en", found[0].metadata["language"])
    }

    private func checkLimit(_ caller: Caller) async throws {
        try requireCollection()
        let found = try await matches(search(axis(0), 2), caller)
        try compare("the number of results", "2", "\(found.count)")
    }

    private func checkFilter(_ caller: Caller) async throws {
        try requireCollection()
        guard subject.hasCapability("filter") else {
            throw Inapplicable("the manifest has no capability 'filter'")
        }
        var request = search(axis(0), 10)
        request.filterJson = #"{"language":"fr"}"#
        let found = try await matches(request, caller)
        try compare("the ids", "c", found.map(\.id).joined(separator: " "))
    }

    private func checkVectors(_ caller: Caller) async throws {
        try requireCollection()
        guard subject.hasCapability("include_vectors") else {
            throw Inapplicable("the manifest has no capability 'include_vectors'")
        }
        var request = search(axis(1), 1)
        request.includeVectors = true
        let found = try await matches(request, caller)
        try compare("the vector", "\(axis(1))", "\(found.first?.vector ?? [])")
    }

    private func checkWrongUpsert(_ caller: Caller) async throws -> [String] {
        try requireCollection()
        let response: Hector_Plugin_UpsertResponse = try await caller.call(
            "Upsert", document("d", [1, 0], "en"))
        if response.success || response.error.isEmpty {
            throw Finding("a vector of 2 numbers is stored among those of \(Self.dimension)")
        }
        return ["it says: \(response.error)"]
    }

    private func checkWrongSearch(_ caller: Caller) async throws -> [String] {
        try requireCollection()
        let response: Hector_Plugin_SearchResponse = try await caller.call(
            "Search", search([1, 0], 10))
        if response.error.isEmpty {
            throw Finding("a vector of 2 numbers is compared with those of \(Self.dimension)")
        }
        return ["it says: \(response.error)"]
    }

    private func checkDelete(_ caller: Caller) async throws {
        try requireCollection()
        let response: Hector_Plugin_DeleteResponse = try await caller.call(
            "Delete", deletion("b"))
        try check("Delete", response.success, response.error)
        if try await matches(search(axis(1), 10), caller).contains(where: { $0.id == "b" }) {
            throw Finding("the document that was deleted is found")
        }
    }

    // MARK: Batches

    private func checkUpsertBatch(_ caller: Caller) async throws {
        try requireCollection()
        // A wrong item must not make its neighbours fail.
        let documents = [
            document("x", axis(4), "en"), document("y", [1], "en"), document("z", axis(5), "en"),
        ]
        let response: Hector_Plugin_UpsertBatchResponse? = try await caller.callIfServed(
            DatabaseBatchMethod.upsertBatch,
            Hector_Plugin_UpsertBatchRequest.with { $0.requests = documents })
        guard let responses = response?.responses else { throw subject.lacks("DatabaseBatch") }
        try compare("the number of answers", "\(documents.count)", "\(responses.count)")
        for index in [0, 2] {
            try check("UpsertBatch", responses[index].success, responses[index].error)
        }
        if responses[1].success || responses[1].error.isEmpty {
            throw Finding("a vector of 1 number is stored among those of \(Self.dimension)")
        }
    }

    private func checkSearchBatch(_ caller: Caller) async throws {
        try requireCollection()
        let queries = [search(axis(0), 1), search([1], 1), search(axis(3), 1)]
        let response: Hector_Plugin_SearchBatchResponse? = try await caller.callIfServed(
            DatabaseBatchMethod.searchBatch,
            Hector_Plugin_SearchBatchRequest.with { $0.requests = queries })
        guard let responses = response?.responses else { throw subject.lacks("DatabaseBatch") }
        try compare("the number of answers", "\(queries.count)", "\(responses.count)")
        for (index, id) in [(0, "a"), (2, "c")] {
            try check("SearchBatch", true, responses[index].error)
            try compare("the nearest", id, responses[index].results.first?.id)
        }
        if responses[1].error.isEmpty {
            throw Finding("a vector of 1 number is compared with those of \(Self.dimension)")
        }
    }

    private func checkDeleteBatch(_ caller: Caller) async throws {
        try requireCollection()
        let ids = ["x", "z", "not there"]
        let response: Hector_Plugin_DeleteBatchResponse? = try await caller.callIfServed(
            DatabaseBatchMethod.deleteBatch,
            Hector_Plugin_DeleteBatchRequest.with { $0.requests = ids.map(deletion) })
        guard let responses = response?.responses else { throw subject.lacks("DatabaseBatch") }
        try compare("the number of answers", "\(ids.count)", "\(responses.count)")
        for response in responses { try check("DeleteBatch", response.success, response.error) }
        if try await matches(search(axis(4), 10), caller).contains(where: { $0.id == "x" }) {
            throw Finding("the document that was deleted is found")
        }
    }

    private func checkSideBySide(_ caller: Caller) async throws {
        try requireCollection()
        try await callSideBySide { number in
            try await self.upsert(self.document("side \(number)", self.axis(number), "en"), caller)
        }
        try await callSideBySide { number in
            // Other documents may be as near.
            let found = try await self.matches(self.search(self.axis(number), 2), caller)
            if !found.contains(where: { $0.id == "side \(number)" }) {
                throw Finding(
                    "document \(number) is not found", [("found", "\(found.map(\.id))")])
            }
        }
    }

    // MARK: Messages

    /// Returns a vector of length 1 along an axis.
    private func axis(_ number: Int) -> [Float] {
        var vector = [Float](repeating: 0, count: Self.dimension)
        vector[number] = 1
        return vector
    }

    private func document(
        _ id: String, _ vector: [Float], _ language: String
    ) -> Hector_Plugin_UpsertRequest {
        .with {
            $0.collection = collection
            $0.id = id
            $0.vector = vector
            $0.metadata = ["content": "text \(id)", "language": language]
        }
    }

    private func search(_ vector: [Float], _ limit: Int32) -> Hector_Plugin_SearchRequest {
        .with {
            $0.collection = collection
            $0.vector = vector
            $0.topK = limit
        }
    }

    private func deletion(_ id: String) -> Hector_Plugin_DeleteRequest {
        .with {
            $0.collection = collection
            $0.id = id
        }
    }

    private func upsert(_ document: Hector_Plugin_UpsertRequest, _ caller: Caller) async throws {
        let response: Hector_Plugin_UpsertResponse = try await caller.call("Upsert", document)
        try check("Upsert", response.success, response.error)
    }

    private func matches(
        _ request: Hector_Plugin_SearchRequest, _ caller: Caller
    ) async throws -> [Hector_Plugin_SearchResult] {
        let response: Hector_Plugin_SearchResponse = try await caller.call("Search", request)
        try check("Search", true, response.error)
        return response.results
    }

    private func requireCollection() throws {
        if !isThere.withLock({ $0 }) { throw Inapplicable("there is no collection to do it in") }
    }

    private func check(_ method: String, _ success: Bool, _ error: String) throws(Finding) {
        if success && error.isEmpty { return }
        throw Finding("\(method) failed: \(error.isEmpty ? "it does not say why" : error)")
    }

    private func compare(_ what: String, _ expected: String, _ found: String?) throws(Finding) {
        if found == expected { return }
        throw Finding("\(what) is wrong", expected: expected, found: found ?? "nothing")
    }
}
