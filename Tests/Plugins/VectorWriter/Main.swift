import Glibc
import VectorStore

// vector-writer FOLDER PREFIX COUNT: upserts COUNT records of 64 equal components into the collection
// 'c' and prints the id of each once it is acknowledged, for a test to kill it on the way.

@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let store = try VectorStore(folder: arguments[1])
        try await store.create(collection: "c", dimension: 64)
        for number in 0..<Int(arguments[3])! {
            let id = arguments[2] + String(number)
            let record = Record(
                id: id, vector: [Float](repeating: Float(number + 1), count: 64),
                metadata: ["id": id, "content": String(repeating: id, count: number % 50)])
            if let error = await store.upsert([("c", record)])[0] { throw error }
            let line = id + "\n"
            write(STDOUT_FILENO, line, line.utf8.count)
        }
    }
}
