internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix

/// Runs of filters that do not take records.
final class FilterRuns: Sendable {
    private let store: Store

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
        var provenance = Provenance(
            embedderFingerprint: store.embedderFingerprint, model: info["model"]?.string ?? "",
            dimension: info["dimension"]?.int ?? 0, chunk: store.chunk,
            extractorsFingerprint: store.extractorsFingerprint,
            databaseFingerprint: store.databaseFingerprint, place: store.place,
            origin: store.origin)
        provenance.plugin = info["plugin"]?.string ?? ""
        if case .number(let alpha)? = info["alpha"] { provenance.alpha = alpha }
        return provenance
    }

    /// Creates the collection unless it exists. If the dimension is unknown, the first upsert
    /// creates it.
    ///
    /// - Parameter isNew: True to give the collection the weight that the embedder suggests, which a
    ///   user may have changed.
    func createCollection(
        _ provenance: Provenance, isNew: Bool = false, name: String? = nil
    ) async throws {
        if provenance.dimension < 1 { return }
        try await search(
            "create",
            ["--dimension", "\(provenance.dimension)"]
                + store.properties(of: provenance, isNew: isNew), collection: name)
    }

    /// Deletes the collection, or one with another name, if it exists.
    func dropCollection(_ name: String? = nil) async throws {
        try await search("drop", collection: name)
    }

    /// Returns the names of the collections that begin with a prefix; nil if the database cannot say.
    func collections(_ prefix: String) async throws -> [String]? {
        let output = Mutex([String]())
        let words = Mutex([String]())
        let command = try store.collections(prefix)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment,
            onError: { line in words.withLock { $0.append(line) } }
        ) { line in
            if let name = (try? Value(parsing: Array(line)))?["name"]?.string {
                output.withLock { $0.append(name) }
            }
        }
        switch ending {
        case .exited(0), .exited(1): return output.withLock { $0 }
        case .exited(ExitStatus.configuration.rawValue): return nil
        default:
            for line in words.withLock({ $0 }) { Diagnostics.line(line) }
            throw Self.failure(ending, "hector-search collections")
        }
    }

    /// Gives a collection another name at once, in place of one that has it.
    func move(_ from: String, to other: String) async throws {
        let command = try store.move(from, to: other)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment, onLine: { _ in })
        if ending != .exited(0) { throw Self.failure(ending, "hector-search move") }
    }

    /// Runs a subcommand of hector-search. A refusal by the database is not an error: the
    /// collection may exist already, or not exist.
    private func search(
        _ verb: String, _ arguments: [String] = [], collection: String? = nil
    ) async throws {
        let words = Mutex([String]())
        let command = try store.search(verb, arguments, collection: collection)
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
