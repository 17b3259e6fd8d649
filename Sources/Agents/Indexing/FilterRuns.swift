internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix

/// Runs of filters that do not take records.
final class FilterRuns: Sendable {
    private let store: Store

    /// The facts about the embedder to keep with the collection, once it has been asked for them.
    private let embedderFacts = Mutex([String: String]())

    init(_ store: Store) { self.store = store }

    /// Returns the provenance that new records would have. Asks the embedder for its description.
    func provenance() async throws -> Provenance {
        let output = Mutex([UInt8]())
        let command = try store.embedderInfo()
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment
        ) { line in output.withLock { $0 += line } }
        guard ending == .exited(0), let info = try? Value(parsing: output.withLock { $0 }) else {
            throw Self.failure(ending, "hector-embed info")
        }
        embedderFacts.withLock { facts in
            facts["embedder"] = info["plugin"]?.string
            if case .number(let alpha)? = info["alpha"] { facts["alpha"] = alpha }
        }
        return Provenance(
            embedderFingerprint: store.embedderFingerprint, model: info["model"]?.string ?? "",
            dimension: info["dimension"]?.int ?? 0, chunk: store.chunk,
            extractorsFingerprint: store.extractorsFingerprint,
            databaseFingerprint: store.databaseFingerprint, place: store.place,
            origin: store.origin)
    }

    /// Creates the collection unless it exists. If the dimension is unknown, the first upsert
    /// creates it.
    func createCollection(_ provenance: Provenance) async throws {
        if provenance.dimension < 1 { return }
        var facts = embedderFacts.withLock { $0 }
        if !provenance.model.isEmpty { facts["model"] = provenance.model }
        try await search(
            "create",
            ["--dimension", "\(provenance.dimension)"] + store.properties
                + facts.sorted { $0.key < $1.key }.flatMap {
                    ["--property", "\($0.key)=\($0.value)"]
                })
    }

    /// Deletes the collection if it exists.
    func dropCollection() async throws { try await search("drop") }

    /// Runs a subcommand of hector-search. A refusal by the database is not an error: the
    /// collection may exist already, or not exist.
    private func search(_ verb: String, _ arguments: [String] = []) async throws {
        let words = Mutex([String]())
        let command = try store.search(verb, arguments)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment,
            onError: { line in words.withLock { $0.append(line) } }, onLine: { _ in })
        switch ending {
        case .exited(0), .exited(1): return
        default:
            for line in words.withLock({ $0 }) { Diagnostics.line(line) }
            throw Self.failure(ending, "hector-search \(verb)")
        }
    }

    private static func failure(_ ending: Ending, _ command: String) -> Failure {
        var status = ExitStatus.unavailable
        if case .exited(let code) = ending, code > 1 {
            status = ExitStatus(rawValue: code) ?? .unavailable
        }
        return Failure(status, "\(command) \(ending)")
    }
}
