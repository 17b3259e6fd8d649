package import GRPC
import Synchronization
internal import Unix
internal import Waiting

/// Runs `body` with a plugin that has ended when this function returns. It is
/// started by the first call, so a filter without work starts nothing.
///
/// - Parameters:
///   - onRestart: Gets a sentence about each death after which the plugin was started again.
///   - onFailedShutdown: Gets a failure of the plugin's `Shutdown` that is not thrown,
///     because nothing was written or because `body` has failed, too.
/// - Throws: `.shutdown` if it failed after something was written.
package func withPlugin<R: Sendable>(
    _ specification: Specification, queue: CompletionQueue,
    log: @escaping @Sendable (LogLine) -> Void,
    onRestart: @escaping @Sendable (String) -> Void = { _ in },
    onFailedShutdown: (PluginError) -> Void = { _ in },
    _ body: (Plugin) async throws -> R
) async throws -> R {
    let plugin = Plugin(specification, queue: queue, log: log, onRestart: onRestart)
    let result: Result<R, any Error>
    do { result = .success(try await body(plugin)) } catch { result = .failure(error) }
    if let failure = await plugin.stop() {
        if plugin.hasWritten, case .success = result { throw failure }
        onFailedShutdown(failure)
    }
    return try result.get()
}

/// A plugin, over all the lives its process has.
///
/// When the process dies it is started again, with a growing pause and only a
/// few times a minute, and calls that may be repeated are.
package final class Plugin: Sendable {
    package let name: String

    let specification: Specification
    private let queue: CompletionQueue
    private let log: PluginLog
    private let onRestart: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let calls = ReadersWriterLock()
    private let guiltyInARow = Atomic(0)
    private let wasWritten = Atomic(false)
    private let examination = Mutex<Latch<Link>?>(nil)

    private struct State {
        var phase = Phase.idle
        var starts: [ContinuousClock.Instant] = []
        var startsEver = 0
        var restarts = 0
        /// Connections that are of no use any more, which calls may still wait at.
        var retired: [Instance] = []
    }

    private enum Phase {
        case idle
        case starting(Latch<Result<Instance, PluginError>>, Task<Void, Never>)
        case running(Instance)
        case over(PluginError)
    }

    fileprivate init(
        _ specification: Specification, queue: CompletionQueue,
        log: @escaping @Sendable (LogLine) -> Void,
        onRestart: @escaping @Sendable (String) -> Void
    ) {
        name = specification.name
        self.onRestart = onRestart
        self.specification = specification
        self.queue = queue
        self.log = PluginLog(show: log)
    }

    /// How often the process has been started again after a death.
    package var restarts: Int { state.withLock { $0.restarts } }

    /// How often the process has been started.
    package var starts: Int { state.withLock { $0.startsEver } }

    /// True if a command that uses several plugins cannot do without this one.
    package var isRequired: Bool { specification.isRequired }

    /// Why no further call can succeed, once that is so.
    package var failure: PluginError? {
        state.withLock { if case .over(let error) = $0.phase { error } else { nil } }
    }

    /// True if the plugin has been given something to keep.
    var hasWritten: Bool { wasWritten.load(ordering: .relaxed) }

    /// Notes that the plugin has acknowledged something that it has to keep.
    func noteWrite() { wasWritten.store(true, ordering: .relaxed) }

    /// Starts the plugin, if it is not running.
    package func start() async throws(PluginError) { _ = try await running() }

    /// Keeps the plugin running, whether or not it is called.
    ///
    /// - Parameter onStart: Called for each process that has been started.
    /// - Throws: Why it is not started again; `.cancelled`, too, when the task is cancelled.
    package func keepRunning(_ onStart: () -> Void) async throws(PluginError) -> Never {
        while true {
            let instance = try await running()
            onStart()
            log.note(.error, "\(try await end(of: instance)); starting it again")
        }
    }

    /// A plugin that has left so many questions unanswered, one after the other, is frozen. One
    /// that is only busy deserves some patience.
    private static let silencesOfTheFrozen = 3

    /// Waits until a process has ended, and ends it if it is frozen.
    private func end(of instance: Instance) async throws(PluginError) -> String {
        var silences = 0
        while silences < Self.silencesOfTheFrozen {
            if let ending = await instance.ending(within: specification.limits.watch) {
                return "\(ending)"
            }
            if Task.isCancelled { throw PluginError(.cancelled, "interrupted") }
            silences = await instance.isResponsive() ? 0 : silences + 1
        }
        // The connection breaks a moment before the process can be seen to have ended.
        if let ending = await instance.ending(within: .seconds(1)) { return "\(ending)" }
        return await instance.killFrozen()
    }

    // MARK: Calls

    /// A call with which the plugin has failed so often while it had no other is the reason. Once may
    /// be chance.
    private static let failuresOfTheGuilty = 2

    /// A plugin that has died of so many calls in a row, and has answered none, is broken.
    private static let mostGuiltyInARow = 8

    /// Calls a method of the plugin.
    ///
    /// - Parameters:
    ///   - isRepeatable: Whether the call may be sent again to the next
    ///     process when this one dies.
    ///   - suspicion: Of having been, or of carrying, what the plugin dies of.
    package func call(
        _ method: String, _ request: [UInt8], timeout: Duration, isRepeatable: Bool = true,
        suspicion: Suspicion = .none
    ) async throws(PluginError) -> [UInt8] {
        try await attempt(timeout, suspicion, mayRepeat: { isRepeatable }) {
            instance throws(GRPCError) in
            try await instance.channel.unary(method, request, timeout: timeout)
        }
    }

    /// Calls a method that answers with a stream, and again after a restart as
    /// long as nothing has come out of it.
    ///
    /// - Parameters:
    ///   - timeout: The longest that the whole call may take.
    ///   - silence: The longest to wait for each message. Nil: as long as for the call.
    ///   - isRepeatable: Whether the call may be sent again at all.
    ///   - receive: Gets the messages, several at a time if they have come together; the plugin
    ///     waits for it. Returns whether the answer is complete: nothing counts after that.
    package func stream(
        _ method: String, _ request: [UInt8], timeout: Duration, silence: Duration? = nil,
        isRepeatable: Bool = true,
        _ receive: ([[UInt8]]) async throws(PluginError) -> Bool
    ) async throws(PluginError) {
        var hasBegun = false
        var refusal: PluginError?
        try await attempt(
            silence ?? timeout, .none, mayRepeat: { isRepeatable && !hasBegun }
        ) { instance throws(GRPCError) in
            do {
                try await instance.channel.withStream(method, request, timeout: timeout) { stream in
                    while true {
                        let messages =
                            if let silence {
                                try await stream.nextMessages(within: silence)
                            } else {
                                try await stream.nextMessages()
                            }
                        if messages.isEmpty { break }
                        hasBegun = true
                        if try await receive(messages) {
                            await stream.end(within: Self.longestEnd)
                            break
                        }
                    }
                }
            } catch let error as GRPCError {
                throw error
            } catch {
                refusal = error as? PluginError
            }
        }
        if let refusal { throw refusal }
    }

    /// The longest that a stream may take to end after its last message.
    private static let longestEnd = Duration.seconds(1)

    /// Calls the plugin, and again after a death that the call may not be guilty of.
    ///
    /// Calls share the plugin until one of them, or all, fail with it. Each of those is made again
    /// alone, when all others have ended and before new ones begin; so one that fails with the plugin
    /// then is guilty, and takes no other with it.
    private func attempt<R: Sendable>(
        _ timeout: Duration, _ suspicion: Suspicion, mayRepeat: () -> Bool,
        _ body: (Instance) async throws(GRPCError) -> R
    ) async throws(PluginError) -> R {
        var mode: ReadersWriterLock.Mode = suspicion == .suspect ? .exclusive : .shared
        var failures = 0
        var failuresAlone = 0
        while true {
            let hold = await calls.lock(mode)
            defer { hold.unlock() }
            let instance = try await running()
            let failure: GRPCError
            do {
                let answer = try await body(instance)
                noteAnswer()
                return answer
            } catch {
                failure = error
            }
            failures += 1
            if mode == .exclusive { failuresAlone += 1 }
            let isGuilty = failuresAlone >= (suspicion == .divisible ? 1 : Self.failuresOfTheGuilty)
            switch await verdict(on: failure, of: instance, timeout: timeout) {
            case .answer(let answer):
                throw answer
            case .hiccup:
                if isGuilty || !mayRepeat() { throw answer(failure, timeout) }
            case .death(let how):
                if isGuilty { acquitOfStarts(failures) }
                if isGuilty || !mayRepeat() {
                    throw PluginError(.died, "plugin '\(name)' \(how) during the call\(log.tail)")
                }
            }
            mode = .exclusive
        }
    }

    /// What is held against a call before it is made.
    package enum Suspicion: Sendable {
        case none
        /// It is one of those with which the plugin has died, and is made alone.
        case suspect
        /// It carries several items, which are sent one by one if the plugin dies of it.
        case divisible
    }

    private func noteAnswer() {
        if guiltyInARow.load(ordering: .relaxed) > 0 { guiltyInARow.store(0, ordering: .relaxed) }
    }

    /// Forgets the starts that a guilty call has cost: the plugin is not to be given up for them,
    /// unless it dies of all that it is asked.
    private func acquitOfStarts(_ count: Int) {
        let guilty = guiltyInARow.add(1, ordering: .relaxed).newValue
        if guilty > Self.mostGuiltyInARow { return }
        state.withLock { $0.starts.removeLast(min(count, $0.starts.count)) }
    }

    /// What a failed call says about the plugin.
    private enum Verdict {
        /// It is alive and this is its answer.
        case answer(PluginError)
        /// The connection was lost and is there again.
        case hiccup
        case death(String)
    }

    private func verdict(
        on error: GRPCError, of instance: Instance, timeout: Duration
    ) async -> Verdict {
        if Task.isCancelled { return .answer(PluginError(.cancelled, "interrupted")) }
        let patience: Duration
        switch error.code {
        // The connection breaks a moment before the process can be seen to have ended.
        case .unavailable: patience = .seconds(1)
        case .deadlineExceeded where !error.isPastDeadline: return .answer(answer(error, timeout))
        // So does a stream that it resets.
        case .internal, .cancelled:
            patience = error.message.contains("RST_STREAM") ? .seconds(1) : .zero
        case .deadlineExceeded, .unknown: patience = .zero
        default: return .answer(answer(error, timeout))
        }
        if let ending = await instance.ending(within: patience) { return .death("\(ending)") }
        switch error.code {
        case .unavailable, .deadlineExceeded:
            if instance.process == nil {
                return await remoteVerdict(on: error, of: instance, timeout)
            }
            if await instance.isResponsive() {
                return error.code == .unavailable ? .hiccup : .answer(answer(error, timeout))
            }
            // One that dumps core, or on a busy machine, hangs up long before it has ended.
            if error.code == .unavailable, let ending = await instance.ending(within: .seconds(4)) {
                return .death("\(ending)")
            }
            log.note(.warn, "does not answer; killed")
            return .death(await instance.killFrozen())
        default:
            return .answer(answer(error, timeout))
        }
    }

    // MARK: A plugin that runs already

    /// The state of the connection to a plugin that another process has started.
    private enum Link: Sendable {
        case works
        /// There is another connection, as the last one was dead.
        case replaced
        case gone(PluginError)
    }

    private func remoteVerdict(
        on error: GRPCError, of instance: Instance, _ timeout: Duration
    ) async -> Verdict {
        let isSilent = error.code == .deadlineExceeded
        switch await examine(instance, isSilent: isSilent) {
        case .works?: return isSilent ? .answer(answer(error, timeout)) : .hiccup
        case .replaced?: return .hiccup
        case .gone(let error)?: return .answer(error)
        case nil: return .answer(PluginError(.cancelled, "interrupted"))
        }
    }

    /// Once for all calls that fail at the same time. Nil if this task is cancelled.
    private func examine(_ instance: Instance, isSilent: Bool) async -> Link? {
        let latch = examination.withLock { examination in
            if let latch = examination { return latch }
            let latch = Latch<Link>()
            examination = latch
            // A task of its own, for others wait for it, too.
            Task(executorPreference: queue) {
                let link = await self.link(to: instance, isSilent: isSilent)
                self.examination.withLock { $0 = nil }
                latch.set(link)
            }
            return latch
        }
        return await latch.wait()
    }

    /// The longest that a connection which may be dead has for one answer.
    private static let longestSuspicion = Duration.seconds(1)

    /// - Parameter isSilent: Whether a call was not answered in time, and not refused.
    private func link(to instance: Instance, isSilent: Bool) async -> Link {
        guard case .running(let address) = specification.location else { return .works }
        switch state.withLock({ $0.phase }) {
        case .running(let current) where current === instance: break
        case .over(let error): return .gone(error)
        case .idle, .starting, .running: return .replaced
        }
        if !isSilent {
            if await instance.isResponsive() { return .works }
        } else {
            let limit = min(Self.longestSuspicion, specification.limits.health)
            if await answers(instance.channel, within: limit) { return .works }
            // Core would keep a connection on which nothing comes for as long as the system does,
            // and pings, which would find that out, are what Go's servers hang up at.
            let channel = Channel(to: address, queue: queue)
            if await answers(channel, within: specification.limits.health) {
                log.note(.warn, "does not answer on its connection, but on a new one")
                replace(instance, with: channel)
                return .replaced
            }
            defer { channel.close() }
            // It is there and has no thread left for this.
            if channel.isConnected { return .works }
        }
        let error = PluginError(
            .unavailable, "plugin '\(name)' does not answer at \(address) any more")
        state.withLock { state in
            state.retired.append(instance)
            state.phase = .over(error)
        }
        return .gone(error)
    }

    private func answers(_ channel: Channel, within limit: Duration) async -> Bool {
        do throws(GRPCError) {
            try await Instance.checkHealth(channel, limit, waitForReady: true)
            return true
        } catch {
            // Only the end of this host cancels it.
            return error.code == .cancelled
        }
    }

    private func replace(_ instance: Instance, with channel: Channel) {
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

    /// A plugin's own status as an error that names it.
    func answer(_ error: GRPCError, _ timeout: Duration) -> PluginError {
        let message = error.words
        return switch error.code {
        case .deadlineExceeded where error.isPastDeadline:
            PluginError(.timeout, "plugin '\(name)' did not answer within \(timeout)")
        case .deadlineExceeded: PluginError(.timeout, "plugin '\(name)': \(message)")
        case .cancelled: PluginError(.cancelled, "plugin '\(name)' cancelled the call: \(message)")
        case .unimplemented:
            PluginError(.unsupported, "plugin '\(name)' cannot do that: \(message)")
        case .invalidArgument: PluginError(.invalid, "plugin '\(name)': \(message)")
        case .notFound: PluginError(.notFound, "plugin '\(name)': \(message)")
        case .permissionDenied, .unauthenticated:
            PluginError(.notPermitted, "plugin '\(name)': \(message)")
        case .resourceExhausted: PluginError(.exhausted, "plugin '\(name)': \(message)")
        case .unavailable, .aborted: PluginError(.unavailable, "plugin '\(name)': \(message)")
        default: PluginError(.failed, "plugin '\(name)': \(message)")
        }
    }

    // MARK: Lives

    /// The process that calls go to, started if need be.
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
                latch.set(await self.begin(isFirst: dead == nil, after: dead))
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

    /// Starts the process, patiently if it has run before.
    private func begin(isFirst: Bool, after dead: Instance?) async -> Result<Instance, PluginError>
    {
        let launch = Launch(specification: specification, log: log, queue: queue)
        var last = dead?.howItEnded.map {
            PluginError(.unavailable, "plugin '\(name)' \($0)\(log.tail)")
        }
        while true {
            guard let pause = pauseBeforeStart() else {
                let cause = last.map { ": \($0.message)" } ?? ""
                return end(
                    PluginError(
                        .unavailable,
                        "plugin '\(name)' was started \(specification.limits.startsPerMinute) times "
                            + "within a minute and given up\(cause)"))
            }
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
                // What fails the first time will fail the next.
                if isFirst || error.code != .unavailable { return end(error) }
                log.note(.warn, error.message)
                last = error
            }
        }
    }

    private func end(_ error: PluginError) -> Result<Instance, PluginError> {
        state.withLock { $0.phase = .over(error) }
        return .failure(error)
    }

    /// How long to wait before the next start: 0.1 s after the first death,
    /// doubling to 5 s. Nil when there were too many in the last minute.
    private func pauseBeforeStart() -> Duration? {
        state.withLock { state in
            let now = ContinuousClock.now
            state.starts.removeAll { now - $0 > .seconds(60) }
            let recent = state.starts.count
            guard recent < specification.limits.startsPerMinute else { return nil }
            state.starts.append(now)
            state.startsEver += 1
            guard recent > 0 else { return .zero }
            return min(.milliseconds(100) * (1 << (recent - 1)), .seconds(5))
        }
    }

    /// Ends the process, even if this task is cancelled: a cancelled task's
    /// own calls would be too.
    ///
    /// - Returns: Why its `Shutdown` failed, if it did.
    fileprivate func stop() async -> PluginError? {
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
