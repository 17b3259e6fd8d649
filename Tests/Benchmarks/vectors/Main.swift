import Glibc
import VectorStore

// bench-vectors FOLDER: measures the store on 200,000 vectors in FOLDER and prints one line
// of JSON. It leaves the vectors there for peer.py.

@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: bench-vectors FOLDER")
            exit(64)
        }
        let folder = arguments[1]
        if arguments.count == 3 {
            // A cold process: opens the store and answers one question.
            let store = try VectorStore(folder: folder + "/store")
            let query = (0..<Data.dimension).map { Float($0 % 7) - 3 }
            _ = try store.search([Query(vector: query, limit: 10)], in: "bench")[0].get()
            return
        }
        mkdir(folder, 0o700)
        let data = Data()
        data.write(to: folder)
        var figures: [(String, Double)] = []
        figures += try await upserts(data, folder)
        let store = try VectorStore(folder: folder + "/store")
        figures += try await searches(data, store)
        var cold: [Double] = []
        for _ in 0..<5 { cold.append(await seconds { runAgain(folder, "cold") } * 1000) }
        figures.append(("first_answer_ms", cold.sorted()[2]))
        let members = figures.map { name, figure in
            "\"\(name)\":\((figure * 1000).rounded() / 1000)"
        }
        print("{\"name\":\"local-vectors\",\(members.joined(separator: ","))}")
    }

    /// Fills the store that is searched later, and two others that are not searched.
    private static func upserts(_ data: Data, _ folder: String) async throws -> [(String, Double)] {
        var figures: [(String, Double)] = []
        for (batch, flight, name) in [(64, 1, "other"), (128, 8, "store")] {
            let store = try VectorStore(folder: "\(folder)/\(name)")
            try? await store.drop(collection: "bench")
            try await store.create(collection: "bench", dimension: Data.dimension)
            let time = await seconds { await fill(store, data, 0..<Data.count, batch, flight) }
            figures.append(
                ("upserts_per_s_batch_\(batch)_flight_\(flight)", Double(Data.count) / time))
            if name == "other" {
                // Each id gets the vector of another.
                let again = await seconds {
                    await fill(store, data, 0..<Data.count, 128, 8, shift: 1_001)
                }
                figures.append(("upserts_again_per_s", Double(Data.count) / again))
                let single = await seconds {
                    await fill(store, data, 0..<20_000, 1, 256, shift: 2_002)
                }
                figures.append(("upserts_per_s_single_flight_256", 20_000 / single))
            }
        }
        return figures
    }

    private static func fill(
        _ store: VectorStore, _ data: Data, _ range: Range<Int>, _ batch: Int, _ flight: Int,
        shift: Int = 0
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (number, start) in stride(from: 0, to: range.count, by: batch).enumerated() {
                if number >= flight { await group.next() }
                group.addTask {
                    let errors = await store.upsert(
                        (start..<min(start + batch, range.count)).map {
                            let vector = data.vectors[($0 + shift) % Data.count]
                            return ("bench", Record(id: String($0), vector: vector))
                        })
                    precondition(errors.allSatisfy { $0 == nil }, "an upsert failed: \(errors)")
                }
            }
        }
    }

    private static func searches(
        _ data: Data, _ store: VectorStore
    ) async throws -> [(String, Double)] {
        let queries = data.queries.map { Query(vector: $0, limit: 10) }
        _ = try store.search([queries[0]], in: "bench")
        let single = try await seconds {
            for query in queries.prefix(200) { _ = try store.search([query], in: "bench")[0].get() }
        }
        let batched = try await seconds {
            for start in stride(from: 0, to: queries.count, by: 50) {
                _ = try store.search(Array(queries[start..<start + 50]), in: "bench")
            }
        }
        let both = try await seconds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for half in 0..<2 {
                    group.addTask {
                        for query in queries[half * 200..<half * 200 + 200] {
                            _ = try store.search([query], in: "bench")[0].get()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        var hits = 0
        for query in queries.prefix(50) {
            let found = try store.search([query], in: "bench")[0].get().map { Int($0.id)! }
            hits += data.best(for: query.vector).intersection(found).count
        }
        return [
            ("queries_per_s", 200 / single), ("queries_per_s_in_batches_of_50", 1000 / batched),
            ("queries_per_s_two_threads", 400 / both), ("recall_at_10", Double(hits) / 500),
        ]
    }
}
