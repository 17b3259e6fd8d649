internal import Synchronization

/// Runs pieces of work side by side, and shows their output in the order in which they began.
final class OutputOrder: Sendable {
    private struct State {
        var begun = 0
        /// The number of the next piece of work whose output may be shown.
        var head = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// The output to show once its turn has come.
    final class Later: Sendable {
        private let pieces = Mutex([@Sendable () async throws -> Void]())

        func add(_ piece: @escaping @Sendable () async throws -> Void) {
            pieces.withLock { $0.append(piece) }
        }

        fileprivate func run() async throws {
            for piece in pieces.withLock({ $0 }) { try await piece() }
        }
    }

    /// Returns the place of a piece of work that begins.
    func next() -> Int {
        state.withLock { state in
            defer { state.begun += 1 }
            return state.begun
        }
    }

    /// Does the work at once, and shows the output that it has put off once all earlier output is
    /// shown.
    func inTurn<R: Sendable>(_ place: Int, _ body: (Later) async throws -> R) async throws -> R {
        let later = Later()
        let result: Result<R, any Error>
        do { result = .success(try await body(later)) } catch { result = .failure(error) }
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                if state.head == place { return true }
                state.waiting[place] = continuation
                return false
            }
            if isFirst { continuation.resume() }
        }
        defer {
            let next = state.withLock { state in
                state.head += 1
                return state.waiting.removeValue(forKey: state.head)
            }
            next?.resume()
        }
        try await later.run()
        return try result.get()
    }
}
