internal import Agent
internal import Command
internal import JSON
internal import Synchronization
internal import Unix

/// What records are made with.
extension Run {
    /// Sees to it that new records fit to those that there are.
    ///
    /// - Parameter isIdle: Whether there are no new ones.
    func prepare(_ making: Making?, isIdle: Bool) async throws {
        if var known = making {
            var now = known
            now.chunk = store.chunk
            now.database = store.databaseFingerprint
            let isSame = known.difference(to: now) == nil
            if isIdle, isSame, known.fingerprint == store.embedderFingerprint { return }
            if isSame { now = try await currentMaking() }
            if let difference = known.difference(to: now) {
                throw Failure(
                    .configuration,
                    "the collection '\(store.collection)' was made with \(difference); make it anew: "
                        + "hector index --rebuild \(store.name)")
            }
            known.fingerprint = now.fingerprint
            known.model = now.model
            if now.dimension > 0 { known.dimension = now.dimension }
            if known != making { try state.set(known) }
        } else if !isIdle {
            try state.set(try await currentMaking())
        }
    }

    /// What records would be made with now.
    func currentMaking() async throws -> Making {
        let output = Mutex([UInt8]())
        let command = try store.embedderInfo()
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment
        ) { line in output.withLock { $0 += line } }
        guard ending == .exited(0), let info = try? Value(parsing: output.withLock { $0 }) else {
            throw Self.failure(ending, "hector-embed info")
        }
        return Making(
            fingerprint: store.embedderFingerprint, model: info["model"]?.string ?? "",
            dimension: info["dimension"]?.int ?? 0, chunk: store.chunk,
            extractors: store.extractorsFingerprint, database: store.databaseFingerprint,
            place: store.place)
    }

    /// Keeps the stores of two configurations from emptying one collection in turn. That a folder
    /// has moved is all right.
    func refuseOtherPlace(_ making: Making) throws(Failure) {
        if making.place.isEmpty || Name(making.place) == Name(store.place) { return }
        guard (try? File(making.place)) != nil else { return }
        throw Failure(
            .configuration,
            "the collection '\(store.collection)' holds '\(making.place)'; give the store "
                + "'\(store.name)' another 'collection', or fill it anew: "
                + "hector index --rebuild \(store.name)")
    }

    func createCollection(_ making: Making) async throws {
        if making.dimension < 1 { return }
        try await tell("create", ["--dimension", "\(making.dimension)"])
    }

    /// Runs a subcommand of hector-search that the database may refuse: that a collection is, or
    /// is not, there is nothing to stop for.
    func tell(_ verb: String, _ arguments: [String] = []) async throws {
        let words = Mutex([String]())
        let command = try store.search(verb, arguments)
        let ending = try await Subprocess.run(
            command.path, command.arguments, environment: store.environment,
            onError: { line in words.withLock { $0.append(line) } }, onLine: { _ in })
        switch ending {
        case .exited(0), .exited(1): return
        default:
            for line in words.withLock({ $0 }) { Talk.line(line) }
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
