import Foundation
import TestSupport
import VectorStore

/// Lends `body` a store with an empty collection 'c'.
func withStore<R>(
    dimension: Int = 2, _ body: (VectorStore) async throws -> R
) async throws -> R {
    try await withTemporaryFolder { folder in
        let store = try VectorStore(folder: folder)
        try await store.create(collection: "c", dimension: dimension)
        return try await body(store)
    }
}

extension VectorStore {
    /// Upserts into 'c' and expects success.
    func put(_ records: Record...) async throws { try await put(records) }

    func put(_ records: [Record]) async throws {
        for error in await upsert(records.map { ("c", $0) }) {
            if let error { throw error }
        }
    }

    func remove(_ ids: [String]) async throws {
        for error in await delete(ids.map { ("c", $0) }) {
            if let error { throw error }
        }
    }

    func find(
        _ vector: [Float], limit: Int = 10, filter: String? = nil, vectors: Bool = false
    ) throws -> [Match] {
        let query = try Query(
            vector: vector, limit: limit, filter: filter.map { try CachedFilter(json: $0) },
            includesVectors: vectors)
        return try search([query], in: "c")[0].get()
    }
}

extension SplitMix64 {
    mutating func vector(_ dimension: Int) -> [Float] {
        (0..<dimension).map { _ in Float.random(in: -1...1, using: &self) }
    }
}

func cosine(_ left: [Float], _ right: [Float]) -> Double {
    func dot(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
}

/// Returns the bytes of all files in a folder.
func fileSize(_ folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.reduce(0) { sum, name in
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        return sum + (attributes?[.size] as? Int ?? 0)
    }
}
