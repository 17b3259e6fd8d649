internal import JSON
internal import Synchronization

/// A running agent, whose stages start in the background and serve runs until it is stopped.
package final class RunningAgent: Sendable {
    package let plan: AgentPlan

    private let state = Mutex(State())
    private let end: AsyncStream<Never>.Continuation

    private struct State {
        var stages: Result<AgentStages, any Error>?
        var waiting: [CheckedContinuation<AgentStages, any Error>] = []
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
                    begin(.success(stages))
                    async let _: Void = learnTools(of: stages)
                    // The stream is over when it is finished, or this task is cancelled.
                    for await _ in ending {}
                }
            } catch {
                begin(.failure(error))
            }
        }
        state.withLock { $0.work = work }
    }

    /// Returns the agent's stages as soon as all its filters have been started.
    ///
    /// - Throws: `StageError` for a filter that cannot be started.
    package func stages() async throws -> AgentStages {
        try await withCheckedThrowingContinuation { continuation in
            let stages = state.withLock { state in
                if state.stages == nil { state.waiting.append(continuation) }
                return state.stages
            }
            if let stages { continuation.resume(with: stages) }
        }
    }

    /// The names of the agent's tools, as far as they are known so far.
    package var toolNames: [String] { state.withLock { $0.toolNames } }

    private func learnTools(of stages: AgentStages) async {
        let tools = (try? await stages.toolDefinitions()) ?? []
        let names = tools.compactMap { $0["function"]?["name"]?.string }
        state.withLock { $0.toolNames = names }
    }

    /// True if it could not be started, or one of its filters has ended.
    package var hasFailed: Bool {
        switch state.withLock({ $0.stages }) {
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

    private func begin(_ stages: Result<AgentStages, any Error>) {
        let waiting = state.withLock { state in
            if state.stages == nil { state.stages = stages }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: stages) }
    }
}
