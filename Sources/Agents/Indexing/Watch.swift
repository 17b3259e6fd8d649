internal import FilterKit
internal import Unix

extension Indexing {
    /// The time without changes before a run begins, and the longest time to wait for that.
    private static let quiet = Duration.milliseconds(300)
    private static let longestBurst = Duration.seconds(5)

    /// The time after which failures are tried again although nothing has changed.
    private static let retryTime = Duration.seconds(60)

    /// Makes collections match their documents, and again whenever those change, until the task is
    /// cancelled.
    ///
    /// - Parameter onRun: Gets the result of each run, and returns true if all is well.
    package static func watch(
        _ stores: [Store], _ options: Options,
        onRun: (Store, Result<Summary, any Error>) async throws -> Bool
    ) async throws {
        let watch: FolderWatch
        do { watch = try FolderWatch() } catch { throw Failure(.unavailable, "\(error)") }
        var watched: Set<Int32> = []
        var options = options
        options.waits = true
        var pause = Pause()
        let states = stores.map { Path.absolute($0.state, in: "/") }
        var toRebuild = Set(options.isRebuild ? stores.map(\.name) : [])

        /// - Returns: True if a folder was not watched so far.
        func add(_ folders: [String]) throws -> Bool {
            var isNew = false
            // A run's writes to its state do not count as a change.
            for folder in folders where !states.contains(folder) {
                do throws(SystemError) {
                    if let number = try watch.add(folder), watched.insert(number).inserted {
                        isNew = true
                    }
                } catch {
                    throw Failure(.unavailable, "\(error)")
                }
            }
            return isNew
        }

        /// - Returns: True if a folder on the way to it was not watched so far.
        func addWay(to store: Store) throws -> Bool {
            do throws(SystemError) { return try watch.add(wayTo: store.place) } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }

        for store in stores {
            _ = try addWay(to: store)
            do { _ = try add(try await store.foldersToWatch()) } catch let failure as Failure
                where failure.status == .ioError
            {
                // The store's run reports it.
            }
        }
        while true {
            var isWell = true
            var isComplete = true
            var isFutile = true
            for store in stores {
                let result: Result<Summary, any Error>
                options.isRebuild = toRebuild.contains(store.name)
                do {
                    let summary = try await index(store, options)
                    if summary.refusal == nil { toRebuild.remove(store.name) }
                    // Files that came into a new folder before it was watched have caused no event.
                    if try add(summary.folders) { isComplete = false }
                    result = .success(summary)
                } catch {
                    try Task.checkCancellation()
                    result = .failure(error)
                }
                // A path that was switched since it was listed has caused no event for its
                // contents.
                if try addWay(to: store) { isComplete = false }
                if !pause.isFutile(result, of: store) { isFutile = false }
                if try await !onRun(store, result) { isWell = false }
            }
            var longestWait = isWell ? nil : retryTime
            let changes = isComplete ? watch.takeChanges() : .finished
            if changes > .none {
                longestWait = pause.lengthen(
                    to: isFutile ? retryTime : longestBurst,
                    from: changes == .finished ? quiet : longestBurst)
            } else {
                pause.shorten()
            }
            _ = await watch.changes(quiet: quiet, most: longestBurst, longestWait: longestWait)
            try Task.checkCancellation()
        }
    }
}

extension Store {
    fileprivate func foldersToWatch() async throws -> [String] {
        switch source {
        case .folder: return try await list().folders
        case .file: return []
        case .command:
            throw Failure(
                .usage, "the store '\(name)' is a command, of which nobody can tell when it changes"
            )
        }
    }
}
