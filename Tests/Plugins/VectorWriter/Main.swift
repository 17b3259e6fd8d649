import Glibc
import VectorStore

// vector-writer FOLDER PREFIX COUNT [replace|limit]: upserts COUNT records of 64 equal components
// into the collection 'c' and prints the id of each once it is acknowledged, for a test to kill it on
// the way. With 'replace' there are 50 ids, and after the id comes the number of the record. With
// 'limit' no file may be larger than 100 kB until a record was refused, which is printed as 'refused'.

@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let mode = arguments.count > 4 ? arguments[4] : ""
        if mode == "limit" { limit(100_000) }
        let store = try VectorStore(folder: arguments[1])
        try await store.create(collection: "c", dimension: 64)
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
