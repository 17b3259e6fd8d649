import FilterKit
import Indexing
import JSON
import Unix

/// A plan in a file, which a later run can apply.
struct PlanFile {
    private(set) var stores: [PlannedStore] = []

    /// The configuration that the command line named, an absolute path; nil if it named none.
    let config: String?
    let isRebuild, isRetry: Bool
    private var entries: [Value] = []

    /// The file, to name it in messages.
    private var path = ""

    struct PlannedStore {
        let name, argument, world: String
    }

    struct Change {
        let sign: Character
        let document: String
        let size: Int?
    }

    private static let format = "1"

    /// The largest size of the file in bytes.
    private static let largest = 1 << 30

    init(config: String?, isRebuild: Bool, isRetry: Bool) {
        self.config = config.map { Path.absolute($0, in: Directory.current) }
        self.isRebuild = isRebuild
        self.isRetry = isRetry
    }

    mutating func add(_ store: Store, _ planned: Indexing.PlannedRun, _ changes: [Change]) {
        let summary = planned.summary
        let documents = changes.map { change -> Value in
            let kind =
                switch change.sign {
                case "+": "add"
                case "~": "change"
                default: "remove"
                }
            return [
                "change": .string(kind), "document": .string(change.document),
                "bytes": change.size.map { .number("\($0)") } ?? .null,
            ]
        }
        entries.append([
            "store": .string(store.name), "argument": .string(store.argument),
            "collection": .string(store.collection), "world": .string(planned.world),
            "added": .number("\(summary.added)"), "changed": .number("\(summary.changed)"),
            "removed": .number("\(summary.removed)"), "unchanged": .number("\(summary.unchanged)"),
            "cost": [
                "documents": .number("\(planned.documents)"),
                "chunks": .number("\(planned.chunks)"), "texts": .number("\(planned.texts)"),
                "tokens": .number("\(planned.tokens)"),
                "usd": planned.dollars.map { .number(Indexing.PlannedRun.amount($0)) } ?? .null,
            ],
            "changes": .array(documents),
        ])
    }

    /// - Throws: `SystemError`.
    func write(to path: String) throws {
        let value: Value = [
            "format": .number(Self.format), "config": config.map { .string($0) } ?? .null,
            "rebuild": .bool(isRebuild), "retry": .bool(isRetry), "stores": .array(entries),
        ]
        try PrivateFile.replace(path, by: Array("\(value)\n".utf8))
    }

    /// - Throws: `Failure`.
    init(reading path: String) throws {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.readRegular(path, limit: Self.largest).bytes
        } catch {
            throw Failure(.ioError, "\(error)")
        }
        guard let value = try? Value(parsing: bytes), value["format"] == .number(Self.format),
            let stores = value["stores"]?.array
        else {
            throw Failure(
                .badInput, "'\(path)' is not a plan of this version; make one with --plan -o")
        }
        config = value["config"]?.string
        isRebuild = value["rebuild"] == .bool(true)
        isRetry = value["retry"] == .bool(true)
        self.path = path
        self.stores = stores.compactMap { store in
            guard let name = store["store"]?.string, let argument = store["argument"]?.string,
                let world = store["world"]?.string
            else { return nil }
            return PlannedStore(name: name, argument: argument, world: world)
        }
        if self.stores.isEmpty { throw Failure(.badInput, "'\(path)' is a plan without stores") }
    }

    /// The failure of a plan that cannot be applied any more.
    var stale: Failure {
        Failure(
            .badInput,
            "the plan '\(path)' is stale: its stores are not those of now; make a new one")
    }
}
