internal import GRPC
internal import JSON
internal import Messages
internal import PluginHost
internal import SwiftProtobuf

/// Returns the points of a database that says it weighs words.
func hybridPoints() -> [Point] {
    [
        Point("Search by words alone finds the document that has them", quietly: checkWords),
        Point("Search weighs words and the vector by alpha, and tells both scores") {
            try await checkAlpha($0)
        },
        Point(
            "Search explains its scores as a JSON object when asked to", quietly: checkExplanation),
    ]
}

/// Returns the points of a database that says it has a catalog.
func catalogPoints() -> [Point] {
    [
        Point(
            "ListCollections tells the size, the count and the properties of a collection",
            quietly: checkList),
        Point("CreateCollection keeps the properties that it is not given", quietly: checkKept),
        Point("GetRecords returns the records that are there, as requested", quietly: checkGet),
        Point("ScanRecords returns all records in the order of their ids", quietly: checkScan),
        Point("MoveCollection gives a collection another name", quietly: checkMove),
    ]
}

/// Runs `body` with a collection of three documents, which is deleted afterwards.
private func withCollection<R>(
    _ caller: Caller, properties: [String: String] = [:], _ body: (String) async throws -> R
) async throws -> R {
    let name = "hector-check-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    try await create(name, caller, properties)
    let result: Result<R, any Error>
    do {
        try await upsert("sea", "the sea is deep", [1, 0], name, caller)
        try await upsert("pot", "a kettle whistles", [0, 1], name, caller)
        try await upsert("sun", "light and warmth", [1, 1], name, caller)
        result = .success(try await body(name))
    } catch {
        result = .failure(error)
    }
    let _: Hector_Plugin_DeleteCollectionResponse? = try? await caller.call(
        "DeleteCollection",
        Hector_Plugin_DeleteCollectionRequest.with { $0.collection = name })
    return try result.get()
}

private func create(
    _ name: String, _ caller: Caller, _ properties: [String: String]
) async throws {
    let response: Hector_Plugin_CreateCollectionResponse = try await caller.call(
        "CreateCollection",
        Hector_Plugin_CreateCollectionRequest.with {
            $0.collection = name
            $0.vectorSize = 2
            $0.properties = properties
        })
    try require("CreateCollection", response.success, response.error)
}

private func upsert(
    _ id: String, _ content: String, _ vector: [Float], _ collection: String, _ caller: Caller
) async throws {
    let response: Hector_Plugin_UpsertResponse = try await caller.call(
        "Upsert",
        Hector_Plugin_UpsertRequest.with {
            $0.collection = collection
            $0.id = id
            $0.vector = vector
            $0.metadata = ["content": content, "kind": "check"]
        })
    try require("Upsert", response.success, response.error)
}

private func require(_ method: String, _ success: Bool, _ error: String) throws(Finding) {
    if success && error.isEmpty { return }
    throw Finding("\(method) failed: \(error.isEmpty ? "it does not say why" : error)")
}

private func compare(_ what: String, _ expected: String, _ found: String?) throws(Finding) {
    if found == expected { return }
    throw Finding("\(what) is wrong", expected: expected, found: found ?? "nothing")
}

// MARK: Words

private func search(
    _ collection: String, _ caller: Caller, vector: [Float] = [], text: String = "kettle",
    alpha: Float? = nil, explains: Bool = false
) async throws -> [Hector_Plugin_SearchResult] {
    let request = Hector_Plugin_SearchRequest.with {
        $0.collection = collection
        $0.vector = vector
        $0.topK = 10
        $0.text = text
        if let alpha { $0.alpha = alpha }
        $0.explain = explains
    }
    let response: Hector_Plugin_SearchResponse = try await caller.call("Search", request)
    try require("Search", true, response.error)
    return response.results
}

private func checkWords(_ caller: Caller) async throws {
    try await withCollection(caller) { name in
        let found = try await search(name, caller)
        try compare("the first id", "pot", found.first?.id)
        if !found[0].hasTextScore { throw Finding("the result has no text_score") }
        if found[0].hasVectorScore {
            throw Finding("the result has a vector_score, and the question no vector")
        }
        if let other = found.dropFirst().first(where: { $0.textScore >= found[0].textScore }) {
            throw Finding("a text without the word is as good", [("id", other.id)])
        }
    }
}

private func checkAlpha(_ caller: Caller) async throws -> [String] {
    try await withCollection(caller) { name in
        for (alpha, id) in [(Float(0), "pot"), (1, "sea")] {
            let found = try await search(name, caller, vector: [1, 0.1], alpha: alpha)
            try compare("the first id with alpha \(alpha)", id, found.first?.id)
            for result in found.prefix(2) where !result.hasVectorScore {
                throw Finding("result '\(result.id)' has no vector_score")
            }
            let pot = found.first { $0.id == "pot" }
            if let pot, !pot.hasTextScore { throw Finding("result 'pot' has no text_score") }
            if let wrong = found.first(where: { $0.hasTextScore && !(0...1).contains($0.textScore) }
            ) {
                throw Finding(
                    "a text_score is not from 0 to 1", [("text_score", "\(wrong.textScore)")])
            }
        }
        return []
    }
}

private func checkExplanation(_ caller: Caller) async throws {
    try await withCollection(caller) { name in
        let found = try await search(name, caller, vector: [1, 0], explains: true)
        let text = found.first?.explanationJson ?? ""
        if (try? Value(parsing: Array(text.utf8)))?.object == nil {
            throw Finding("explanation_json is not a JSON object", [("found", text)])
        }
        let others = try await search(name, caller, vector: [1, 0])
        if others.contains(where: { !$0.explanationJson.isEmpty }) {
            throw Finding("it explains what it was not asked to explain")
        }
    }
}

// MARK: Catalog

private func list(
    _ name: String, _ caller: Caller
) async throws -> Hector_Plugin_CollectionInfo? {
    let response: Hector_Plugin_ListCollectionsResponse? = try await caller.callIfServed(
        DatabaseCatalogMethod.listCollections,
        Hector_Plugin_ListCollectionsRequest.with { $0.prefix = name })
    guard let response else {
        throw Finding("the manifest has the capability 'catalog', and there is no DatabaseCatalog")
    }
    try require("ListCollections", true, response.error)
    if let other = response.collections.first(where: { !$0.name.hasPrefix(name) }) {
        throw Finding("a collection with another prefix is listed", [("name", other.name)])
    }
    return response.collections.first { $0.name == name }
}

private func checkList(_ caller: Caller) async throws {
    try await withCollection(caller, properties: ["source": "a check"]) { name in
        guard let info = try await list(name, caller) else {
            throw Finding("the collection is not listed")
        }
        try compare("vector_size", "2", "\(info.vectorSize)")
        try compare("count", "3", "\(info.count)")
        try compare("the property 'source'", "a check", info.properties["source"])
    }
}

private func checkKept(_ caller: Caller) async throws {
    try await withCollection(caller, properties: ["source": "a", "model": "m"]) { name in
        try await create(name, caller, ["source": "b"])
        let properties = try await list(name, caller)?.properties ?? [:]
        try compare("the property that was given again", "b", properties["source"])
        try compare("the other property", "m", properties["model"])
    }
}

private func checkGet(_ caller: Caller) async throws {
    try await withCollection(caller) { name in
        let request = Hector_Plugin_GetRecordsRequest.with {
            $0.collection = name
            $0.ids = ["sun", "not there", "pot"]
            $0.includeVectors = true
        }
        let response: Hector_Plugin_GetRecordsResponse? = try await caller.callIfServed(
            DatabaseCatalogMethod.getRecords, request)
        try require("GetRecords", response != nil, response?.error ?? "")
        let records = response?.records ?? []
        try compare("the ids", "sun pot", records.map(\.id).joined(separator: " "))
        try compare("the vector", "[0.0, 1.0]", "\(records[1].vector)")
        try compare("metadata.content", "a kettle whistles", records[1].metadata["content"])
        try compare("metadata.kind", "check", records[1].metadata["kind"])
    }
}

private func checkScan(_ caller: Caller) async throws {
    try await withCollection(caller) { name in
        for (after, ids) in [
            ("", "pot sea sun"), ("pot", "sea sun"), ("sb", "sea sun"), ("sea", "sun"),
        ] {
            var found: [String] = []
            let request = Hector_Plugin_ScanRecordsRequest.with {
                $0.collection = name
                $0.afterID = after
            }
            do {
                try await caller.process.channel.withStream(
                    DatabaseCatalogMethod.scanRecords, caller.encoded(request),
                    timeout: caller.timeout
                ) { stream in
                    while let bytes = try await stream.next() {
                        let response: Hector_Plugin_ScanRecordsResponse = try caller.decoded(
                            bytes, "ScanRecords")
                        try require("ScanRecords", true, response.error)
                        found += response.records.map(\.id)
                    }
                }
            } catch let error as GRPCError {
                throw await caller.finding(error, "ScanRecords")
            }
            try compare("the ids after '\(after)'", ids, found.joined(separator: " "))
        }
    }
}

private func checkMove(_ caller: Caller) async throws {
    try await withCollection(caller) { first in
        try await withCollection(caller) { second in
            if try await move(first, second, replaces: false, caller).success {
                throw Finding("a collection takes the name of another one")
            }
            let response = try await move(first, second, replaces: true, caller)
            try require("MoveCollection", response.success, response.error)
            if try await list(first, caller) != nil {
                throw Finding("the collection is listed under its old name too")
            }
            try compare("count", "3", "\(try await list(second, caller)?.count ?? 0)")
        }
    }
}

private func move(
    _ from: String, _ to: String, replaces: Bool, _ caller: Caller
) async throws -> Hector_Plugin_MoveCollectionResponse {
    let request = Hector_Plugin_MoveCollectionRequest.with {
        $0.from = from
        $0.to = to
        $0.replace = replaces
    }
    let response: Hector_Plugin_MoveCollectionResponse? = try await caller.callIfServed(
        DatabaseCatalogMethod.moveCollection, request)
    guard let response else { throw Finding("there is no MoveCollection") }
    return response
}
