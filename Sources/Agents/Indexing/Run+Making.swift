internal import FilterKit
internal import FilterProcesses
internal import JSON
internal import Synchronization
internal import Unix

/// The settings with which records are made.
extension Run {
    /// Makes sure that new records match the existing ones.
    ///
    /// - Parameter isIdle: True if there are no new records.
    func prepare(_ making: Making?, isIdle: Bool) async throws {
        if var known = making {
            if isIdle, known.fingerprint == store.embedderFingerprint { return }
            let now = try await currentMaking()
            if let difference = known.difference(to: now) { throw store.refusal(difference) }
            known.fingerprint = now.fingerprint
            known.model = now.model
            if now.dimension > 0 { known.dimension = now.dimension }
            if known != making { try state.set(known) }
        } else if !isIdle {
            try state.set(try await currentMaking())
        }
    }

    /// Returns the settings with which records would be made now.
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
            place: store.place, origin: store.origin)
    }

    func createCollection(_ making: Making) async throws {
        if making.dimension < 1 { return }
        try await tell("create", ["--dimension", "\(making.dimension)"])
    }

    /// Runs a subcommand of hector-search that the database may refuse: it does not matter if the
    /// collection already exists, or does not exist.
    func tell(_ verb: String, _ arguments: [String] = []) async throws {
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

extension Store {
    /// Returns the reason why a run does not begin, as far as it can be known without asking the
    /// embedder; nil if it does begin.
    func refusal(of making: Making) -> Failure? {
        // The stores of two configurations must not empty one collection in turn. A folder may have
        // moved, though.
        if !making.place.isEmpty, Name(making.place) != Name(place),
            (try? File(making.place)) != nil
        {
            let holding = making.origin == .records ? "records of a command in " : ""
            return Failure(
                .configuration,
                "the collection '\(collection)' holds \(holding)'\(making.place)'; give the store "
                    + "'\(name)' another 'collection', or fill it anew: "
                    + "hector index --rebuild \(name)")
        }
        if let refusal = refusal(of: making.origin) { return refusal }
        var now = making
        now.chunk = chunk
        now.database = databaseFingerprint
        return making.difference(to: now).map(refusal)
    }

    /// Refuses a store of a different kind, from which the ids of the existing records cannot be
    /// formed.
    func refusal(of origin: Making.Origin?) -> Failure? {
        guard let origin, origin != self.origin else { return nil }
        return refusal(
            origin == .files ? "files, not records of a command" : "records of a command, not files"
        )
    }

    /// - Parameter difference: The difference in how the collection was made.
    func refusal(_ difference: String) -> Failure {
        Failure(
            .configuration,
            "the collection '\(collection)' was made with \(difference); make it anew: "
                + "hector index --rebuild \(name)")
    }
}
