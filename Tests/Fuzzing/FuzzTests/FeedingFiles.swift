import Foundation
import TestSupport

@testable import VectorStore

extension Corpus {
    private static let storeFolder: TemporaryFolder? = try? TemporaryFolder()

    /// The names of the files of a small store, which is made once.
    static let segmentNames: [String] = {
        guard let folder = storeFolder?.path else { return [] }
        let isDone = DispatchSemaphore(value: 0)
        Task.detached {
            defer { isDone.signal() }
            let store = try VectorStore(folder: folder)
            try await store.create(collection: "c", dimension: 4)
            func put(_ numbers: Range<Int>) async {
                _ = await store.upsert(
                    numbers.map { number in
                        (
                            "c",
                            Record(
                                id: "id\(number)", vector: [Float(number), 1, 0, -1],
                                metadata: ["content": "some words \(number)", "n": "\(number % 7)"])
                        )
                    })
            }
            await put(0..<200)
            try await store.compact()
            await put(150..<220)
        }
        isDone.wait()
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0 != "lock" }.sorted()
    }()

    /// The files of the store, each after a byte that says which.
    static let segments: [[UInt8]] = segmentNames.enumerated().compactMap { place, name in
        FileManager.default.contents(atPath: "\(storeFolder?.path ?? "")/\(name)")
            .map { [UInt8(place)] + $0 }
    }

    /// Copies the store, with other bytes in one of its files.
    static func makeStore(_ folder: String, with input: [UInt8]) throws {
        guard let source = storeFolder?.path, let first = input.first, !segmentNames.isEmpty else {
            return
        }
        let changed = segmentNames[Int(first) % segmentNames.count]
        for name in segmentNames where name != changed {
            try FileManager.default.copyItem(
                atPath: "\(source)/\(name)", toPath: "\(folder)/\(name)")
        }
        try Data(input.dropFirst()).write(to: URL(fileURLWithPath: "\(folder)/\(changed)"))
    }
}

extension FuzzTarget {
    func feedSegments(_ input: [UInt8]) async {
        try? await withTemporaryFolder { folder in
            try Corpus.makeStore(folder, with: input)
            let store = try VectorStore(folder: folder)
            _ = try? store.get(["id3", "id180"], in: "c", includesVectors: true)
            let query = Query(vector: [1, 0, 0, 0], limit: 5, filter: nil, includesVectors: true)
            _ = try? store.search([query], in: "c")[0].get()
            _ = await store.upsert([
                ("c", Record(id: "new", vector: [1, 2, 3, 4], metadata: ["content": "x"]))
            ])
            try await store.compact()
        }
    }
}
