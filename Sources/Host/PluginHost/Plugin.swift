internal import GRPC
import Synchronization
internal import Unix

/// Runs `body` with a plugin that has ended when this function returns. It is
/// started by the first call, so a filter without work starts nothing.
///
/// - Parameters:
///   - onRestart: Gets a sentence about each death after which the plugin was started again.
///   - onFailedShutdown: Gets a failure of the plugin's `Shutdown` that is not thrown,
///     because nothing was written or because `body` has failed, too.
/// - Throws: `.shutdown` if it failed after something was written.
package func withPlugin<R: Sendable>(
    _ specification: Specification, queue: PluginQueue,
    log: @escaping @Sendable (LogLine) -> Void,
    onRestart: @escaping @Sendable (String) -> Void = { _ in },
    onFailedShutdown: (PluginError) -> Void = { _ in },
    _ body: (Plugin) async throws -> R
) async throws -> R {
    let plugin = Plugin(specification, queue: queue, log: log, onRestart: onRestart)
    let result: Result<R, any Error>
    do { result = .success(try await body(plugin)) } catch { result = .failure(error) }
    if let failure = await plugin.supervisor.stop() {
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
    private let log: PluginLog
    fileprivate let supervisor: Supervisor
    private let connection: RemoteConnection
    private let calls = ReadersWriterLock()
    private let guiltyInARow = Atomic(0)
    private let wasWritten = Atomic(false)

    fileprivate init(
        _ specification: Specification, queue: PluginQueue,
        log: @escaping @Sendable (LogLine) -> Void,
        onRestart: @escaping @Sendable (String) -> Void
    ) {
        name = specification.name
        self.specification = specification
        self.log = PluginLog(show: log)
        supervisor = Supervisor(
            specification, queue: queue.completions, log: self.log, onRestart: onRestart)
        connection = RemoteConnection(
            specification, supervisor, queue: queue.completions, log: self.log)
    }

    /// How often the process has been started again after a death.
    package var restarts: Int { supervisor.restarts }

    /// How often the process has been started.
    package var starts: Int { supervisor.starts }

    /// True if a command that uses several plugins cannot do without this one.
    package var isRequired: Bool { specification.isRequired }

    /// Why no further call can succeed, once that is so.
    package var failure: PluginError? { supervisor.failure }

    /// True if the plugin has been given something to keep.
    var hasWritten: Bool { wasWritten.load(ordering: .relaxed) }

    /// Notes that the plugin has acknowledged something that it has to keep.
    func noteWrite() { wasWritten.store(true, ordering: .relaxed) }

    /// Starts the plugin, if it is not running.
    package func start() async throws(PluginError) { _ = try await supervisor.running() }

    /// Keeps the plugin running, whether or not it is called.
    ///
    /// - Parameter onStart: Called for each process that has been started.
    /// - Throws: Why it is not started again; `.cancelled`, too, when the task is cancelled.
    package func keepRunning(_ onStart: () -> Void) async throws(PluginError) -> Never {
        while true {
            let instance = try await supervisor.running()
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
            let instance = try await supervisor.running()
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
                if isGuilty || !mayRepeat() {
                    throw PluginError(failure, from: name, timeout: timeout)
                }
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
        supervisor.forgetStarts(count)
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
        case .deadlineExceeded where !error.isPastDeadline:
            return .answer(PluginError(error, from: name, timeout: timeout))
        // So does a stream that it resets.
        case .internal, .cancelled:
            patience = error.message.contains("RST_STREAM") ? .seconds(1) : .zero
        case .deadlineExceeded, .unknown: patience = .zero
        default: return .answer(PluginError(error, from: name, timeout: timeout))
        }
        if let ending = await instance.ending(within: patience) { return .death("\(ending)") }
        switch error.code {
        case .unavailable, .deadlineExceeded:
            if instance.process == nil {
                return await remoteVerdict(on: error, of: instance, timeout)
            }
            if await instance.isResponsive() {
                return error.code == .unavailable
                    ? .hiccup : .answer(PluginError(error, from: name, timeout: timeout))
            }
            // One that dumps core, or on a busy machine, hangs up long before it has ended.
            if error.code == .unavailable, let ending = await instance.ending(within: .seconds(4)) {
                return .death("\(ending)")
            }
            log.note(.warn, "does not answer; killed")
            return .death(await instance.killFrozen())
        default:
            return .answer(PluginError(error, from: name, timeout: timeout))
        }
    }

    private func remoteVerdict(
        on error: GRPCError, of instance: Instance, _ timeout: Duration
    ) async -> Verdict {
        let isSilent = error.code == .deadlineExceeded
        switch await connection.examine(instance, isSilent: isSilent) {
        case .works?:
            return isSilent ? .answer(PluginError(error, from: name, timeout: timeout)) : .hiccup
        case .replaced?: return .hiccup
        case .gone(let error)?: return .answer(error)
        case nil: return .answer(PluginError(.cancelled, "interrupted"))
        }
    }

    /// The process that calls go to, started if need be.
    func running() async throws(PluginError) -> Instance { try await supervisor.running() }
}
