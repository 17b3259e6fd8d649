package import Agent
internal import FilterKit
internal import JSON
internal import Unix

/// The current agent with the user's preferences and its filters.
@MainActor final class SelectedAgent {
    private(set) var preferences: Preferences
    private(set) var plan: AgentPlan

    /// The name of the agent; nil for the only agent of the configuration.
    private var name: String?

    /// The running filters; nil if none should run.
    private var runningAgent: RunningAgent?

    /// The names that ``toolDefinitions(_:)`` has found.
    private(set) var listedTools: [String] = []

    private let makePlan: PlanMaker
    private let trace: Trace?
    private let environment: [String: String]

    /// - Throws: `Failure` for an impossible plan.
    init(
        named name: String?, _ preferences: Preferences, trace tracePath: String?,
        environment: [String: String], plan makePlan: @escaping PlanMaker
    ) throws {
        self.name = name
        self.preferences = preferences
        self.makePlan = makePlan
        self.environment = environment
        plan = try makePlan(preferences.overrides, name)
        trace = try tracePath.map { path throws(SystemError) in try Trace(creating: path) }
        trace?.begin(plan)
    }

    // MARK: The choice

    /// Changes the preferences, or switches to another agent.
    ///
    /// - Throws: `Failure` if that is impossible; nothing is changed then.
    func change(name: String? = nil, to preferences: Preferences? = nil) throws {
        let next = preferences ?? self.preferences
        let plan = try makePlan(next.overrides, name ?? self.name)
        self.preferences = next
        self.name = name ?? self.name
        replace(by: plan)
    }

    /// Changes one preference; see ``Preferences/set(_:)``.
    ///
    /// - Throws: `Failure` if that is impossible; nothing is changed then.
    func set(_ text: String) throws {
        var next = preferences
        if try next.set(text) {
            try change(to: next)
        } else {
            preferences = next
        }
    }

    // MARK: Filters

    /// Starts the filters in the background.
    func start() { runningAgent = RunningAgent(plan, environment: environment, trace: trace) }

    /// Returns the filters, or new ones if the last filters can no longer be used.
    ///
    /// - Throws: `Failure` if the configuration has become unusable.
    func current() throws -> RunningAgent {
        if let runningAgent, !runningAgent.hasFailed { return runningAgent }
        replace(by: try makePlan(preferences.overrides, name))
        return runningAgent!
    }

    /// Ends the filters in the background, and starts the filters of another plan.
    private func replace(by plan: AgentPlan) {
        if let runningAgent { Task.detached { await runningAgent.stop() } }
        self.plan = plan
        listedTools = []
        start()
    }

    /// Restarts the agent in the background after an interruption: some filters have received the
    /// ^C themselves, and others would continue an answer that costs money.
    func restart(_ loop: EventLoop) {
        guard loop.ending == 0, let runningAgent else { return }
        self.runningAgent = nil
        let asks = !runningAgent.plan.tools.isEmpty
        let stopping = Task.detached { await runningAgent.stop() }
        if asks {
            // A tool that waits for an approval must not get the next typed line.
            _ = loop.perform { await Self.wait(for: stopping, atMost: .seconds(1)) }
        }
        start()
    }

    /// Ends the filters, and returns when they have ended.
    func stop(_ loop: EventLoop) {
        guard let runningAgent else { return }
        self.runningAgent = nil
        _ = loop.perform { await runningAgent.stop() }
    }

    private nonisolated static func wait(
        for task: Task<Void, Never>, atMost longest: Duration
    ) async {
        await withTaskGroup { group in
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            Task.detached {
                await task.value
                end.finish()
            }
            group.addTask { for await _ in ends {} }
            group.addTask { try? await Task.sleep(for: longest) }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: Tools

    /// The names of the agent's tools, as far as they are known.
    var toolNames: [String] {
        guard let runningAgent else { return [] }
        return runningAgent.toolNames.isEmpty ? listedTools : runningAgent.toolNames
    }

    /// Remembers the tools that were listed.
    func note(tools: [Value]) {
        listedTools = tools.compactMap { $0["function"]?["name"]?.string }
    }

    // MARK: Trace

    /// Writes the beginning of a run to the trace.
    func note(_ question: Question) { trace?.note(question) }

    /// The reason why the trace is not complete, or nil if it is.
    var traceProblem: String? { trace?.problem.map { "\($0)" } }
}

/// Makes the plan of the agent with a name, or of the only agent.
package typealias PlanMaker =
    @MainActor (_ overrides: AgentOverrides, _ name: String?) throws -> AgentPlan
