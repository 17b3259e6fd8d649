internal import JSON
internal import Synchronization
internal import Waiting

/// A running agent, whose stages start in the background and serve runs until it is stopped.
package final class RunningAgent: Sendable {
    package let plan: AgentPlan

    private let begun = Latch<Result<AgentStages, any Error>>()
    private let state = Mutex(State())
    private let end: AsyncStream<Never>.Continuation

    private struct State {
        var work: Task<Void, Never>?
        var toolNames: [String] = []
    }

    package init(_ plan: AgentPlan, environment: [String: String], trace: Trace?) {
        self.plan = plan
        let (ending, end) = AsyncStream.makeStream(of: Never.self)
        self.end = end
        let work = Task.detached { [self] in
            do {
                try await AgentStages.with(plan, environment: environment, trace: trace) { stages in
                    begun.set(.success(stages))
                    async let _: Void = learnTools(of: stages)
                    // The stream ends when it is finished or this task is cancelled.
                    for await _ in ending {}
                }
            } catch {
                begun.set(.failure(error))
            }
        }
        state.withLock { $0.work = work }
    }

    /// Returns the agent's stages as soon as all its filters have been started.
    ///
    /// - Throws: `StageError` for a filter that cannot be started.
    package func stages() async throws -> AgentStages {
        try await begun.waitRegardless().get()
    }

    /// The names of the agent's tools, as far as they are known so far.
    package var toolNames: [String] { state.withLock { $0.toolNames } }

    private func learnTools(of stages: AgentStages) async {
        let tools = (try? await stages.toolDefinitions()) ?? []
        let names = tools.compactMap { $0["function"]?["name"]?.string }
        state.withLock { $0.toolNames = names }
    }

    /// True if the agent could not be started, or one of its filters has ended.
    package var hasFailed: Bool {
        switch begun.value {
        case nil: false
        case .success(let stages): stages.hasFailed
        case .failure: true
        }
    }

    /// Ends all filters at once, even if they are busy, and returns once they have ended.
    package func stop() async {
        let work = state.withLock { $0.work }
        work?.cancel()
        end.finish()
        await work?.value
    }
}
