internal import JSON
internal import Synchronization
internal import Waiting

/// A crew at work: it starts in the background, and serves runs until it is told to end.
package final class Shift: Sendable {
    package let blueprint: Blueprint

    private let begun = Latch<Result<Crew, any Error>>()
    private let state = Mutex(State())
    private let end: AsyncStream<Never>.Continuation

    private struct State {
        var work: Task<Void, Never>?
        var toolNames: [String] = []
    }

    package init(_ blueprint: Blueprint, environment: [String: String], trace: Trace?) {
        self.blueprint = blueprint
        let (ending, end) = AsyncStream.makeStream(of: Never.self)
        self.end = end
        let work = Task.detached { [self] in
            do {
                try await Crew.with(blueprint, environment: environment, trace: trace) { crew in
                    begun.set(.success(crew))
                    async let _: Void = learnTools(of: crew)
                    // Over when it is finished, or this task is cancelled.
                    for await _ in ending {}
                }
            } catch {
                begun.set(.failure(error))
            }
        }
        state.withLock { $0.work = work }
    }

    /// The crew, as soon as all its filters have been started.
    ///
    /// - Throws: `StageError` for one that cannot be.
    package func crew() async throws -> Crew {
        try await begun.waitRegardless().get()
    }

    /// The names of the agent's tools, as far as they are known by now.
    package var toolNames: [String] { state.withLock { $0.toolNames } }

    private func learnTools(of crew: Crew) async {
        let tools = (try? await crew.toolDefinitions()) ?? []
        let names = tools.compactMap { $0["function"]?["name"]?.string }
        state.withLock { $0.toolNames = names }
    }

    /// Whether it could not be started, or one of its filters has ended.
    package var hasFailed: Bool {
        switch begun.value {
        case nil: false
        case .success(let crew): crew.hasFailed
        case .failure: true
        }
    }

    /// Ends all filters at once, whatever they do, and returns when they have ended.
    package func stop() async {
        let work = state.withLock { $0.work }
        work?.cancel()
        end.finish()
        await work?.value
    }
}
