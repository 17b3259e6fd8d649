internal import FilterKit
internal import Unix

/// Runs over stores, and repeats that whenever their documents change.
struct StoreWatcher {
    private let stores: [Store]
    private let folders: FolderWatch
    private var watched: Set<Int32> = []
    private var options: Indexing.Options
    private var backoff = Backoff()

    /// The folders of states. Writes of a run to them are not changes of documents.
    private let ignored: Set<String>

    /// The names of the stores that have yet to be rebuilt.
    private var toRebuild: Set<String>

    /// The time without changes before a run begins, and the longest time to wait for that.
    private static let quiet = Duration.milliseconds(300)
    private static let longestBurst = Duration.seconds(5)

    /// The time after which a failed run is repeated without a change.
    private static let retryTime = Duration.seconds(60)

    /// The results of one run over each store.
    private struct Round {
        /// True if no run failed.
        var isWell = true

        /// True if no folder is new. In a new folder, changes before it was watched may be missed.
        var isComplete = true

        /// True if no run changed anything or failed with new problems.
        var isFutile = true
    }

    /// - Throws: `Failure`, if the system has no more watches.
    init(_ stores: [Store], _ options: Indexing.Options) throws(Failure) {
        self.stores = stores
        self.options = options
        self.options.waits = true
        ignored = Set(stores.map { Path.absolute($0.state, in: "/") })
        toRebuild = Set(options.isRebuild ? stores.map(\.name) : [])
        do { folders = try FolderWatch() } catch { throw Failure(.unavailable, "\(error)") }
    }

    /// Runs until the task is cancelled.
    ///
    /// - Parameter onRun: Gets each run's summary or error; returns whether the run was a success.
    mutating func run(
        onRun: (Store, Result<Summary, any Error>) async throws -> Bool
    ) async throws {
        for store in stores { try await watch(store) }
        while true {
            var round = Round()
            for store in stores { try await run(over: store, &round, onRun: onRun) }
            let time = longestWait(after: round)
            _ = await folders.changes(
                quiet: Self.quiet, most: Self.longestBurst, longestWait: time)
            try Task.checkCancellation()
        }
    }

    private mutating func run(
        over store: Store, _ round: inout Round,
        onRun: (Store, Result<Summary, any Error>) async throws -> Bool
    ) async throws {
        let result: Result<Summary, any Error>
        options.isRebuild = toRebuild.contains(store.name)
        do {
            let summary = try await Indexing.index(store, options)
            if summary.refusal == nil { toRebuild.remove(store.name) }
            if try add(summary.folders) { round.isComplete = false }
            result = .success(summary)
        } catch {
            try Task.checkCancellation()
            result = .failure(error)
        }
        // A link may have changed since the store was listed.
        if try addWay(to: store) { round.isComplete = false }
        if !backoff.isFutile(result, of: store) { round.isFutile = false }
        if try await !onRun(store, result) { round.isWell = false }
    }

    /// - Returns: The longest time to wait for a change; nil for no limit.
    private mutating func longestWait(after round: Round) -> Duration? {
        let changes = round.isComplete ? folders.takeChanges() : .finished
        if changes == .none {
            backoff.reset()
            return round.isWell ? nil : Self.retryTime
        }
        return backoff.lengthen(
            to: round.isFutile ? Self.retryTime : Self.longestBurst,
            from: changes == .finished ? Self.quiet : Self.longestBurst)
    }

    // MARK: Folders

    private mutating func watch(_ store: Store) async throws {
        _ = try addWay(to: store)
        switch store.source {
        case .file: break
        case .folder:
            // The first run reports a folder that cannot be read.
            do { _ = try add(try await store.list().folders) } catch let failure as Failure
                where failure.status == .ioError
            {}
        case .command:
            throw Failure(
                .usage,
                "the store '\(store.name)' is a command, of which nobody can tell when it changes")
        }
    }

    /// - Returns: True if a folder was not watched before.
    private mutating func add(_ paths: [String]) throws(Failure) -> Bool {
        var isNew = false
        for path in paths where !ignored.contains(path) {
            do throws(SystemError) {
                if let number = try folders.add(path), watched.insert(number).inserted {
                    isNew = true
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
        return isNew
    }

    /// - Returns: True if a folder or a link on the path to the store was not watched before.
    private func addWay(to store: Store) throws(Failure) -> Bool {
        do throws(SystemError) { return try folders.add(wayTo: store.place) } catch {
            throw Failure(.unavailable, "\(error)")
        }
    }
}
