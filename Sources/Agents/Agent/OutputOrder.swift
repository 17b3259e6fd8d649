internal import Synchronization

/// Lets pieces of work run at a time whose output comes in the order they began.
final class OutputOrder: Sendable {
    private struct State {
        var begun = 0
        /// The next whose output may come.
        var head = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// What is shown when its turn has come.
    final class Later: Sendable {
        private let pieces = Mutex([@Sendable () async throws -> Void]())

        func add(_ piece: @escaping @Sendable () async throws -> Void) {
            pieces.withLock { $0.append(piece) }
        }

        fileprivate func run() async throws {
            for piece in pieces.withLock({ $0 }) { try await piece() }
        }
    }

    /// The place of a piece of work that begins.
    func next() -> Int {
        state.withLock { state in
            defer { state.begun += 1 }
            return state.begun
        }
    }

    /// Does the work at once, and what it has left for later when all before it is shown.
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
