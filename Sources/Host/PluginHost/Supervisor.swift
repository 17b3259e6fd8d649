internal import GRPC
internal import Synchronization
internal import Waiting

/// The owner of a plugin's process: it starts the process, restarts it after a death, and stops it
/// at the end.
final class Supervisor: Sendable {
    private let specification: Specification
    private let queue: CompletionQueue
    private let log: PluginLog
    private let onRestart: @Sendable (String) -> Void
    private let state: Mutex<State>

    private struct State {
        var phase = Phase.idle
        var budget: StartBudget
        var restarts = 0
        /// The connections that can no longer be used, on which calls may still wait.
        var retired: [Instance] = []
    }

    private enum Phase {
        case idle
        case starting(Latch<Result<Instance, PluginError>>, Task<Void, Never>)
        case running(Instance)
        case over(PluginError)
    }

    /// - Parameter onRestart: Gets a sentence about each death after which the plugin was started
    ///   again.
    init(
        _ specification: Specification, queue: CompletionQueue, log: PluginLog,
        onRestart: @escaping @Sendable (String) -> Void
    ) {
        self.specification = specification
        self.queue = queue
        self.log = log
        self.onRestart = onRestart
        state = Mutex(
            State(budget: StartBudget(perMinute: specification.limits.startsPerMinute)))
    }

    private var name: String { specification.name }

    /// The number of restarts after a death.
    var restarts: Int { state.withLock { $0.restarts } }

    /// The number of starts.
    var starts: Int { state.withLock { $0.budget.total } }

    /// The reason why no further call can succeed; nil if calls can.
    var failure: PluginError? {
        state.withLock { if case .over(let error) = $0.phase { error } else { nil } }
    }

    /// Gives back starts that were not the plugin's fault, so that they do not count against it.
    func forgetStarts(_ count: Int) { state.withLock { $0.budget.giveBack(count) } }

    // MARK: Starting

    /// Returns the process for calls, and starts it if needed.
    func running() async throws(PluginError) -> Instance {
        enum Found {
            case running(Instance)
            case starting(Latch<Result<Instance, PluginError>>)
        }
        let found: Result<Found, PluginError> = state.withLock { state in
            var dead: Instance?
            switch state.phase {
            case .running(let instance):
                if !instance.hasEnded { return .success(.running(instance)) }
                dead = instance
            case .starting(let latch, _): return .success(.starting(latch))
            case .over(let error): return .failure(error)
            case .idle: break
            }
            let latch = Latch<Result<Instance, PluginError>>()
            let task = Task(executorPreference: queue) { [dead] in
                await dead?.cleanUp()
                latch.set(await self.begin(after: dead))
            }
            state.phase = .starting(latch, task)
            return .success(.starting(latch))
        }
        switch try found.get() {
        case .running(let instance): return instance
        case .starting(let latch):
            guard let result = await latch.wait() else {
                throw PluginError(.cancelled, "interrupted")
            }
            return try result.get()
        }
    }

    /// Starts the process; if it has run before, after pauses and with several tries.
    private func begin(after dead: Instance?) async -> Result<Instance, PluginError> {
        let launch: Launch
        do throws(PluginError) {
            let specification = try await specification.resolved()
            launch = Launch(specification: specification, log: log, queue: queue)
        } catch {
            return end(error)
        }
        var last = dead?.howItEnded.map {
            PluginError(.unavailable, "plugin '\(name)' \($0)\(log.tail)")
        }
        while true {
            guard let pause = state.withLock({ $0.budget.take() }) else { return giveUp(last) }
            if pause > .zero { try? await Task.sleep(for: pause) }
            if Task.isCancelled { return end(PluginError(.cancelled, "interrupted")) }
            do {
                let instance = try await launch.run()
                state.withLock { state in
                    state.phase = .running(instance)
                    if dead != nil { state.restarts += 1 }
                }
                if let ending = dead?.howItEnded {
                    onRestart("plugin '\(name)' \(ending); started again")
                }
                return .success(instance)
            } catch {
                // If the first start fails, another one would fail, too.
                if dead == nil || error.code != .unavailable { return end(error) }
                log.note(.warn, error.message)
                last = error
            }
        }
    }

    private func giveUp(_ last: PluginError?) -> Result<Instance, PluginError> {
        let cause = last.map { ": \($0.message)" } ?? ""
        return end(
            PluginError(
                .unavailable,
                "plugin '\(name)' was started \(specification.limits.startsPerMinute) times "
                    + "within a minute and given up\(cause)"))
    }

    private func end(_ error: PluginError) -> Result<Instance, PluginError> {
        state.withLock { $0.phase = .over(error) }
        return .failure(error)
    }

    // MARK: Connections to a plugin that another process has started

    /// The state of a connection.
    enum Use {
        case current
        case replaced
        case over(PluginError)
    }

    func use(of instance: Instance) -> Use {
        switch state.withLock({ $0.phase }) {
        case .running(let current) where current === instance: .current
        case .over(let error): .over(error)
        case .idle, .starting, .running: .replaced
        }
    }

    /// Sends calls through another connection from now on.
    func replace(_ instance: Instance, with channel: Channel) {
        let fresh = Instance(
            channel: channel, process: nil, log: log, limits: specification.limits, queue: queue)
        state.withLock { state in
            if case .running(let current) = state.phase, current === instance {
                state.retired.append(instance)
                state.phase = .running(fresh)
            } else {
                state.retired.append(fresh)
            }
        }
    }

    /// Makes all calls fail from now on.
    func giveUp(_ instance: Instance, _ error: PluginError) {
        state.withLock { state in
            state.retired.append(instance)
            state.phase = .over(error)
        }
    }

    // MARK: Stopping

    /// Ends the process, even if this task is cancelled, which would also cancel its calls.
    ///
    /// - Returns: The error of the `Shutdown` call, if it failed.
    func stop() async -> PluginError? {
        await Task(executorPreference: queue) { [self] in
            let (phase, retired) = state.withLock { state in
                defer {
                    state.phase = .over(PluginError(.cancelled, "interrupted"))
                    state.retired = []
                }
                return (state.phase, state.retired)
            }
            for instance in retired { await instance.cleanUp() }
            switch phase {
            case .running(let instance): return await stop(instance)
            case .starting(let latch, let task):
                task.cancel()
                guard case .success(let instance)? = await latch.wait() else { return nil }
                return await stop(instance)
            case .idle, .over: return nil
            }
        }.value
    }

    private func stop(_ instance: Instance) async -> PluginError? {
        await instance.stop(service: specification.service).map {
            PluginError(.shutdown, "plugin '\(name)' \($0)\(log.tail)")
        }
    }
}
