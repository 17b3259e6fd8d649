import Glibc
import VectorStore

// vector-writer FOLDER PREFIX COUNT [replace|limit|batches]: upserts COUNT records of 64 equal components
// into the collection 'c' and prints the id of each once it is acknowledged, for a test to kill it on
// the way. With 'replace' there are 50 ids, and after the id comes the number of the record. With
// 'limit' no file may be larger than 100 kB until a record was refused, which is printed as 'refused'. With
// 'batches' there are COUNT batches of 256 records with long texts; each also replaces and deletes a record
// of the batch before. After each its number is printed.

@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let mode = arguments.count > 4 ? arguments[4] : ""
        if mode == "limit" { limit(100_000) }
        let store = try VectorStore(folder: arguments[1])
        try await store.create(collection: "c", dimension: 64)
        if mode == "batches" { return try await writeBatches(store) }
        for number in 0..<Int(arguments[3])! {
            let id = arguments[2] + String(mode == "replace" ? number % 50 : number)
            let record = Record(
                id: id, vector: [Float](repeating: Float(number + 1), count: 64),
                metadata: ["id": id, "content": String(repeating: id, count: number % 50)])
            if let error = await store.upsert([("c", record)])[0] {
                guard mode == "limit" else { throw error }
                say("refused \(error)")
                limit(nil)
                continue
            }
            say(mode == "replace" ? "\(id) \(number)" : id)
        }
    }

    private static func writeBatches(_ store: VectorStore) async throws {
        let prefix = CommandLine.arguments[2]
        func record(_ number: Int, _ value: Int) -> (collection: String, record: Record) {
            let words = (0..<40).map { "word\((number &* 31 &+ $0 &* $0 &* 7919) % 5000)x" }
            return (
                "c",
                Record(
                    id: "\(prefix)-\(number)", vector: [Float](repeating: Float(value), count: 64),
                    metadata: ["content": words.joined(separator: " ")])
            )
        }
        for batch in 0..<Int(CommandLine.arguments[3])! {
            let first = batch * 256
            var records = (first..<first + 256).map { record($0, $0 + 1) }
            if batch > 0 { records.append(record(first - 77, -1)) }
            for error in await store.upsert(records) { if let error { throw error } }
            if batch > 0 {
                let deleted = [(collection: "c", id: "\(prefix)-\(first - 99)")]
                for error in await store.delete(deleted) { if let error { throw error } }
            }
            say("\(batch)")
        }
    }

    private static func limit(_ bytes: rlim_t?) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
        limit.rlim_cur = bytes ?? limit.rlim_max
        setrlimit(__rlimit_resource_t(1), &limit)
    }

    private static func say(_ text: String) {
        let line = text + "\n"
        write(STDOUT_FILENO, line, line.utf8.count)
    }
}
