import Foundation
import PluginKit
import Synchronization

// A database plugin in which everything of the contract can be tried: it is hybrid, has a catalog
// and can be maintained. It is a file of JSON, which the setting 'path' names, and searched by brute
// force. With PLAIN in the environment it is a database that has none of that; with FAULT it finds
// something damaged. The score of words is the share of the question's words that a text has.

@main
struct Main {
    static func main() async {
        let isPlain = ProcessInfo.processInfo.environment["PLAIN"] != nil
        if isPlain { await serve(PlainDatabase()) }
        await serve(CatalogDatabase())
    }
}

/// A document in the file. Floats are kept as bit patterns, which JSON does not round.
struct Entry: Codable {
    var vector: [UInt32]
    var metadata: [String: String]

    var floats: [Float] { vector.map { Float(bitPattern: $0) } }
}

struct Stored: Codable {
    var dimension: Int
    var properties: [String: String]
    var entries: [String: Entry] = [:]
}

/// The collections, as the file has them.
struct Store {
    private let path: String
    var collections: [String: Stored] = [:] {
        didSet {
            try? JSONEncoder().encode(collections).write(
                to: URL(fileURLWithPath: path), options: .atomic)
        }
    }

    init(path: String) throws {
        self.path = path
        if let data = FileManager.default.contents(atPath: path) {
            collections = try JSONDecoder().decode([String: Stored].self, from: data)
        }
    }

    func collection(_ name: String) throws -> Stored {
        guard let collection = collections[name] else {
            throw Problem("no collection '\(name)'")
        }
        return collection
    }

    mutating func create(_ name: String, _ dimension: Int, _ properties: [String: String]) throws {
        if let there = collections[name] {
            guard there.dimension == dimension else {
                throw Problem("collection '\(name)' has dimension \(there.dimension)")
            }
            collections[name]?.properties.merge(properties) { $1 }
        } else {
            collections[name] = Stored(dimension: dimension, properties: properties)
        }
    }

    mutating func upsert(_ request: UpsertRequest) throws {
        try check(request.vector, request.collection)
        collections[request.collection]?.entries[request.id] = Entry(
            vector: request.vector.map(\.bitPattern), metadata: request.metadata)
    }

    func search(_ request: SearchRequest) throws -> [SearchResult] {
        let collection = try collection(request.collection)
        if !request.vector.isEmpty { try check(request.vector, request.collection) }
        if let unknown = request.options.keys.first(where: { $0 != "ef" }) {
            throw Problem("no option '\(unknown)'")
        }
        let words = Self.words(of: request.text)
        let alpha =
            request.alpha ?? collection.properties["alpha"].flatMap(Float.init) ?? 0.5
        var results: [SearchResult] = []
        for (id, entry) in collection.entries where Self.matches(entry, request.filter) {
            var result = SearchResult(
                id: id, score: 0, metadata: entry.metadata,
                vector: request.includesVectors ? entry.floats : [])
            if !request.vector.isEmpty {
                result.vectorScore = Self.cosine(request.vector, entry.floats)
            }
            if !words.isEmpty {
                let found = words.intersection(Self.words(of: entry.metadata["content"] ?? ""))
                result.textScore = Float(found.count) / Float(words.count)
                if request.explains {
                    result.explanation =
                        #"{"alpha":\#(alpha),"words":["#
                        + found.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]}"
                }
            }
            switch (result.vectorScore, result.textScore) {
            case (let vector?, let text?): result.score = alpha * vector + (1 - alpha) * text
            case (let vector, let text): result.score = vector ?? text ?? 0
            }
            if request.vector.isEmpty, result.score == 0 { continue }
            results.append(result)
        }
        results.sort { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
        return Array(results.prefix(request.topK))
    }

    private func check(_ vector: [Float], _ name: String) throws {
        let collection = try collection(name)
        if vector.count != collection.dimension {
            throw Problem("vector has \(vector.count) numbers, not \(collection.dimension)")
        }
    }

    static func matches(_ entry: Entry, _ filter: String) -> Bool {
        if filter.isEmpty { return true }
        let wanted = try? JSONDecoder().decode([String: String].self, from: Data(filter.utf8))
        return (wanted ?? [:]).allSatisfy { entry.metadata[$0.key] == $0.value }
    }

    private static func words(of text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }

    private static func cosine(_ left: [Float], _ right: [Float]) -> Float {
        func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let lengths = length(left) * length(right)
        return lengths == 0 ? 0 : zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } / lengths
    }
}

struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The five calls that every database has.
protocol StoredDatabase: DatabaseProvider {
    var store: Mutex<Store?> { get }
}

extension StoredDatabase {
    func configure(_ configuration: Configuration) throws {
        let store = try Store(path: configuration["path"] ?? "catalog-database.json")
        self.store.withLock { $0 = store }
    }

    func with<R>(_ body: (inout sending Store) throws -> sending R) throws -> sending R {
        try store.withLock { store in
            guard var opened = store else { throw Problem("not initialized") }
            defer { store = opened }
            return try body(&opened)
        }
    }

    func upsert(_ request: UpsertRequest) throws { try with { try $0.upsert(request) } }

    func search(_ request: SearchRequest) throws -> [SearchResult] {
        try with { try $0.search(request) }
    }

    func delete(_ request: DeleteRequest) throws {
        try with { store in
            _ = try store.collection(request.collection)
            store.collections[request.collection]?.entries[request.id] = nil
        }
    }

    func deleteCollection(_ name: String) throws {
        try with { store in
            _ = try store.collection(name)
            store.collections[name] = nil
        }
    }
}

final class PlainDatabase: StoredDatabase {
    static let manifest = Manifest(name: "plain-database", version: "1.0.0")

    let store = Mutex<Store?>(nil)

    func createCollection(_ name: String, dimension: Int) throws {
        try with { try $0.create(name, dimension, [:]) }
    }
}

final class CatalogDatabase: StoredDatabase, MaintainedDatabaseProvider {
    static let manifest = Manifest(
        name: "catalog-database", version: "1.0.0",
        capabilities: [
            "catalog": "true", "filter": "true", "hybrid": "true", "include_vectors": "true",
        ])

    let store = Mutex<Store?>(nil)

    func createCollection(_ name: String, dimension: Int, properties: [String: String]) throws {
        try with { try $0.create(name, dimension, properties) }
    }

    func collections(prefix: String) throws -> [CollectionInfo] {
        try with { store in
            store.collections.filter { $0.key.hasPrefix(prefix) }
                .sorted { $0.key < $1.key }
                .map { name, collection in
                    CollectionInfo(
                        name: name, dimension: collection.dimension,
                        count: collection.entries.count, bytes: 1536 * collection.entries.count,
                        properties: collection.properties)
                }
        }
    }

    func records(
        _ ids: [String], in collection: String, includesVectors: Bool
    ) throws -> [StoredDocument] {
        let entries = try with { try $0.collection(collection).entries }
        return ids.compactMap { id in
            entries[id].map { Self.document(id, $0, includesVectors) }
        }
    }

    func scan(
        _ request: ScanRequest, sendingTo send: @Sendable ([StoredDocument]) async throws -> Void
    ) async throws {
        let entries = try with { try $0.collection(request.collection).entries }
        let ids = entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for id in ids where request.after.utf8.lexicographicallyPrecedes(id.utf8) {
            guard let entry = entries[id], Store.matches(entry, request.filter) else { continue }
            try await send([Self.document(id, entry, request.includesVectors)])
        }
    }

    private static func document(
        _ id: String, _ entry: Entry, _ includesVectors: Bool
    ) -> StoredDocument {
        StoredDocument(
            id: id, vector: includesVectors ? entry.floats : [], metadata: entry.metadata)
    }

    func moveCollection(_ from: String, to: String, replaces: Bool) throws {
        try with { store in
            let collection = try store.collection(from)
            if store.collections[to] != nil, !replaces {
                throw Problem("there is a collection '\(to)' already")
            }
            var collections = store.collections
            collections[from] = nil
            collections[to] = collection
            store.collections = collections
        }
    }

    func verify(
        _ collection: String, sendingTo send: @Sendable (VerifyReport) async throws -> Void
    ) async throws {
        try await send(VerifyReport(bytes: 100))
        if let fault = ProcessInfo.processInfo.environment["FAULT"] {
            try await send(VerifyReport(problem: fault, bytes: 200))
        }
    }

    func compact(_ collection: String) throws -> (before: Int, after: Int) { (3000, 1000) }
}
