internal import GRPC
import Synchronization
internal import Unix
internal import Waiting

/// Runs `body` with a plugin that has ended when this function returns. It is started by the first
/// call, so a filter without work does not start it.
///
/// - Parameters:
///   - onRestart: Called with a sentence about each crash after which the plugin was started again.
///   - onFailedShutdown: Called with a failure of the plugin's `Shutdown` that is not thrown,
///     because nothing was written or because `body` has failed too.
/// - Throws: `.shutdown` if `Shutdown` failed after something was written.
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

/// A plugin, across all restarts of its process.
///
/// When the process dies it is started again, with a growing pause and only a few times a minute,
/// and calls that may be repeated are repeated.
package final class Plugin: Sendable {
    package let name: String

    let specification: Specification
    private let log: PluginLog
    fileprivate let supervisor: Supervisor
    private let connection: RemoteConnection
    private let calls = ReadersWriterLock()
    private let poisonedInARow = Atomic(0)
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

    /// The number of restarts after the process has died.
    package var restarts: Int { supervisor.restarts }

    /// The number of starts of the process.
    package var starts: Int { supervisor.starts }

    /// True if a command that uses several plugins cannot run without this one.
    package var isRequired: Bool { specification.isRequired }

    /// The reason why further calls cannot succeed, once that is so.
    package var failure: PluginError? { supervisor.failure }

    /// True if the plugin has been given data to keep.
    var hasWritten: Bool { wasWritten.load(ordering: .relaxed) }

    /// Notes that the plugin has acknowledged data that it has to keep.
    func noteWrite() { wasWritten.store(true, ordering: .relaxed) }

    /// Starts the plugin, if it is not running.
    package func start() async throws(PluginError) { _ = try await supervisor.running() }

    /// Keeps the plugin running, even if it is not called.
    ///
    /// - Parameter onStart: Called for each process that has been started.
    /// - Throws: The reason why it is not started again; also `.cancelled`, if the task is
    ///   cancelled.
    package func keepRunning(_ onStart: () -> Void) async throws(PluginError) -> Never {
        while true {
            let instance = try await supervisor.running()
            onStart()
            log.note(.error, "\(try await end(of: instance)); starting it again")
        }
    }

    /// The number of consecutive questions without an answer after which a plugin counts as frozen.
    /// A busy plugin may miss some.
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
        // The connection breaks a moment before the end of the process is visible.
        if let ending = await instance.ending(within: .seconds(1)) { return "\(ending)" }
        return await instance.killFrozen()
    }

    // MARK: Calls

    /// The number of failures of the plugin during a call that runs alone after which the call is
    /// taken for the reason. A single one may be chance.
    private static let failuresOfThePoisoned = 2

    /// The number of consecutive calls after which a plugin counts as broken, if it has died of
    /// each and answered none.
    private static let mostPoisonedInARow = 8

    /// Calls a method of the plugin.
    ///
    /// - Parameters:
    ///   - isRepeatable: True if the call may be sent again to the next process when this one dies.
    ///   - isolation: The way to find out whether the call, or an item in it, makes the plugin die.
    package func call(
        _ method: String, _ request: [UInt8], timeout: Duration, isRepeatable: Bool = true,
        isolation: Isolation = .none
    ) async throws(PluginError) -> [UInt8] {
        try await attempt(timeout, isolation, mayRepeat: { isRepeatable }) {
            instance throws(GRPCError) in
            try await instance.channel.unary(method, request, timeout: timeout)
        }
    }

    /// Calls a method that answers with a stream. After a restart it is called again if nothing has
    /// been received.
    ///
    /// - Parameters:
    ///   - timeout: The longest time for the whole call.
    ///   - silence: The longest time to wait for each message; nil for the same as for the call.
    ///   - isRepeatable: True if the call may be sent again.
    ///   - receive: A function that gets the messages, several at a time if they have arrived
    ///     together; the plugin waits for it. It returns true if the answer is complete, and later
    ///     messages are ignored.
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

    /// The longest time that a stream may take to end after its last message.
    private static let longestEnd = Duration.seconds(1)

    /// Calls the plugin, and repeats the call if the plugin dies and the call may not be the
    /// reason.
    ///
    /// Calls share the plugin until it fails, and one or all of them with it. Each of those is made
    /// again alone, after all others have ended and before new ones begin. So if the plugin fails
    /// again, the call is poisoned, and other calls are not affected.
    private func attempt<R: Sendable>(
        _ timeout: Duration, _ isolation: Isolation, mayRepeat: () -> Bool,
        _ body: (Instance) async throws(GRPCError) -> R
    ) async throws(PluginError) -> R {
        var mode: ReadersWriterLock.Mode = isolation == .alone ? .exclusive : .shared
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
            let isPoisoned =
                failuresAlone >= (isolation == .divisible ? 1 : Self.failuresOfThePoisoned)
            switch await verdict(on: failure, of: instance, timeout: timeout) {
            case .answer(let answer):
                throw answer
            case .reconnected:
                if isPoisoned || !mayRepeat() {
                    throw PluginError(failure, from: name, timeout: timeout)
                }
            case .death(let how):
                if isPoisoned { forgetStarts(ofPoisonedCall: failures) }
                if isPoisoned || !mayRepeat() {
                    throw PluginError(.died, "plugin '\(name)' \(how) during the call\(log.tail)")
                }
            }
            mode = .exclusive
        }
    }

    /// The way in which a call is kept apart from others.
    package enum Isolation: Sendable {
        case none
        /// The call is one of those during which the plugin has died, and is made alone.
        case alone
        /// The call carries several items, which are sent one by one if the plugin dies of it.
        case divisible
    }

    private func noteAnswer() {
        if poisonedInARow.load(ordering: .relaxed) > 0 {
            poisonedInARow.store(0, ordering: .relaxed)
        }
    }

    /// Forgets the restarts that a poisoned call has caused, so that the plugin is not given up for
    /// them, unless it dies of every call.
    private func forgetStarts(ofPoisonedCall count: Int) {
        let poisoned = poisonedInARow.add(1, ordering: .relaxed).newValue
        if poisoned > Self.mostPoisonedInARow { return }
        supervisor.forgetStarts(count)
    }

    /// The conclusion about the plugin from a failed call.
    private enum Verdict {
        /// The plugin is alive and this is its answer.
        case answer(PluginError)
        /// The connection was lost and has been restored.
        case reconnected
        case death(String)
    }

    private func verdict(
        on error: GRPCError, of instance: Instance, timeout: Duration
    ) async -> Verdict {
        if Task.isCancelled { return .answer(PluginError(.cancelled, "interrupted")) }
        let longestWait: Duration
        switch error.code {
        // The connection breaks a moment before the end of the process is visible.
        case .unavailable: longestWait = .seconds(1)
        case .deadlineExceeded where !error.isPastDeadline:
            return .answer(PluginError(error, from: name, timeout: timeout))
        // The same happens with a stream that it resets.
        case .internal, .cancelled:
            longestWait = error.message.contains("RST_STREAM") ? .seconds(1) : .zero
        case .deadlineExceeded, .unknown: longestWait = .zero
        default: return .answer(PluginError(error, from: name, timeout: timeout))
        }
        if let ending = await instance.ending(within: longestWait) { return .death("\(ending)") }
        switch error.code {
        case .unavailable, .deadlineExceeded:
            if instance.process == nil {
                return await remoteVerdict(on: error, of: instance, timeout)
            }
            if await instance.isResponsive() {
                return error.code == .unavailable
                    ? .reconnected : .answer(PluginError(error, from: name, timeout: timeout))
            }
            if let ending = await instance.ending(within: .zero) { return .death("\(ending)") }
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
            return isSilent
                ? .answer(PluginError(error, from: name, timeout: timeout)) : .reconnected
        case .replaced?: return .reconnected
        case .gone(let error)?: return .answer(error)
        case nil: return .answer(PluginError(.cancelled, "interrupted"))
        }
    }

    /// Returns the process for calls, and starts it if necessary.
    func running() async throws(PluginError) -> Instance { try await supervisor.running() }
}
