package import GRPC
internal import GivenSettings
internal import Messages
internal import SwiftProtobuf
import Synchronization
internal import Unix
internal import Waiting

/// The settings of a plugin that several hosts use at a socket: those of the process that serves it
/// or, if that gave none, those of the first host. They stay, since a plugin has one set of
/// settings for all hosts.
///
/// Hosts request their settings at a socket beside the plugin's before they call it.
final class ServedSettings: Sendable {
    /// Settings with which the plugin has to be started again.
    struct Change: Sendable {
        let configuration: [String: String]

        /// The outcome: nil once the plugin runs with them, or else the reason why it does not.
        let outcome = Latch<PluginError?>()
    }

    private let path: String
    private let turns = Semaphore(1)
    private let isReady = Latch<Void>()
    private let state: Mutex<State>

    private struct State {
        var configuration: [String: String]
        var areFixed: Bool
        /// The next change to be made. There is only one at a time.
        var next = Latch<Change>()
    }

    /// - Parameters:
    ///   - specification: The specification. Its settings stay if some of them are not the
    ///     manifest's defaults.
    ///   - path: The path at which the plugin is served.
    init(_ specification: Specification, at path: String) {
        self.path = path
        state = Mutex(
            State(
                configuration: specification.configuration,
                areFixed: !specification.requested.isEmpty))
    }

    /// Begins to answer hosts, as the plugin has taken its first settings.
    func begin() { isReady.set(()) }

    /// Waits for a change. Nil when the task is cancelled.
    func nextChange() async -> Change? { await state.withLock { $0.next }.wait() }

    /// Removes a change that has been waited for.
    func take() { state.withLock { $0.next = Latch() } }

    /// Ends the wait for a change that will not be made.
    func end(_ error: PluginError) { state.withLock { $0.next.value }?.outcome.set(error) }

    var handler: Handler {
        .unary(Self.method) { bytes, _ in
            let request = try Hector_Plugin_InitializeRequest(serializedBytes: bytes)
            let error = await self.ask(for: request.config)
            return encode(
                Hector_Plugin_InitializeResponse.with {
                    $0.success = error == nil
                    $0.error = error ?? ""
                })
        }
    }

    /// - Returns: The reason why the plugin does not have the requested settings; nil if it has
    ///   them.
    private func ask(for asked: [String: String]) async -> String? {
        guard await isReady.wait() != nil else { return "interrupted" }
        let permit = await turns.acquire()
        defer { permit.release() }
        let (configuration, areFixed) = state.withLock { ($0.configuration, $0.areFixed) }
        if let difference = GivenSettings(configuration).difference(from: asked) {
            if areFixed {
                return "the plugin served at '\(path)' keeps its settings: \(difference); "
                    + "leave them out, or serve another one with them"
            }
            let change = Change(configuration: configuration.merging(asked) { $1 })
            state.withLock { $0.next }.set(change)
            if let error = await change.outcome.waitRegardless() { return error.message }
            state.withLock { $0.configuration = change.configuration }
        }
        state.withLock { $0.areFixed = true }
        return nil
    }

    /// A method of the process that serves the plugin, not of the plugin.
    private static let method = "/hector.host.ServedPlugin/Initialize"
}

// The side of a host.
extension ServedSettings {
    /// Asks the process that serves a plugin for settings.
    ///
    /// - Parameter path: The path of the plugin's socket.
    /// - Returns: True if there is such a process. It has then made sure that the plugin is
    ///   initialized.
    /// - Throws: `.configuration` if the plugin has different settings.
    static func ask(
        at path: String, for settings: [String: String], timeout: Duration, queue: CompletionQueue
    ) async throws(PluginError) -> Bool {
        let path = ServedSocket.settings(of: path)
        // A socket of another user is none of the plugin's, whose own socket has been looked at.
        guard let file = try? File(path), file.kind == .socket,
            let descriptor = (try? OwnSocket(path).connect()) ?? nil
        else { return false }
        let channel = Channel(takingOwnershipOf: descriptor, queue: queue)
        defer { channel.close() }
        let request = Hector_Plugin_InitializeRequest.with { $0.config = settings }
        let bytes: [UInt8]
        do throws(GRPCError) {
            bytes = try await channel.unary(method, encode(request), timeout: timeout)
        } catch {
            if error.code == .cancelled { throw PluginError(.cancelled, "interrupted") }
            if error.isPastDeadline {
                throw PluginError(.unavailable, "nothing answers at '\(path)' within \(timeout)")
            }
            // The process has just ended, or is something else.
            return false
        }
        guard let response = try? Hector_Plugin_InitializeResponse(serializedBytes: bytes) else {
            return false
        }
        if response.success { return true }
        throw PluginError(.configuration, printable(response.error))
    }
}

/// Keeps a plugin running where other hosts can find it, until the task is cancelled, with the
/// settings that the first host requests if the specification does not give any.
///
/// - Parameters:
///   - specification: A specification with `served`.
///   - onStart: Called for each process that has been started.
///   - onFailedShutdown: Called with a failure of the plugin's `Shutdown`.
/// - Throws: The reason why it is not started again; also `.cancelled`, if the task is cancelled.
package func servePlugin(
    _ specification: Specification, queue: PluginQueue,
    log: @escaping @Sendable (LogLine) -> Void,
    onFailedShutdown: @escaping @Sendable (PluginError) -> Void,
    onStart: @escaping @Sendable () -> Void
) async throws {
    guard let served = specification.served else { preconditionFailure("nowhere to serve it") }
    let specification = try await specification.resolved()
    let settings = ServedSettings(specification, at: served.path)
    let socket = ServedSocket.settings(of: served.path)
    defer { removeSocket(socket) }
    if let obstacle = ServedSocket.obstacle(at: socket) {
        throw PluginError(.unavailable, "\(obstacle)")
    }
    let serving = Serving(
        queue: queue, settings: settings, log: log, onFailedShutdown: onFailedShutdown,
        onStart: onStart)
    do {
        try await withServer(
            on: .unix(socket), handlers: [settings.handler], queue: queue.completions
        ) { _ in
            try ServedSocket.protect(socket)
            // What SIGKILL leaves behind is removed from outside.
            let guarding = ServedSocketGuard(
                path: served.path, folderPrefix: LaunchEnvironment.directoryPrefix)
            defer { guarding?.end() }
            try await serving.serve(specification)
        }
    } catch let error as GRPCError {
        throw PluginError(.unavailable, "cannot listen at '\(socket)': \(error.message)")
    } catch let error as SystemError {
        throw PluginError(.unavailable, "\(error)")
    }
}

/// The processes of a served plugin, one after another.
private struct Serving: Sendable {
    let queue: PluginQueue
    let settings: ServedSettings
    let log: @Sendable (LogLine) -> Void
    let onFailedShutdown: @Sendable (PluginError) -> Void
    let onStart: @Sendable () -> Void

    private enum Event: Sendable {
        case change(ServedSettings.Change?)
        case end(any Error)
    }

    func serve(_ specification: Specification) async throws {
        var current = specification
        var former = specification
        var change: ServedSettings.Change?
        defer { settings.end(PluginError(.cancelled, "interrupted")) }
        while true {
            switch await event(current, change) {
            case .change(let next?):
                settings.take()
                (former, change) = (current, next)
                current.configuration = next.configuration
            case .change(nil): throw PluginError(.cancelled, "interrupted")
            case .end(let error):
                let error = error as? PluginError ?? PluginError(.unavailable, "\(error)")
                // New settings that the plugin refuses are the fault of the host that requested
                // them.
                guard let asked = change, asked.outcome.value == nil, error.code != .cancelled
                else {
                    change?.outcome.set(error)
                    throw error
                }
                asked.outcome.set(error)
                (current, change) = (former, nil)
            }
        }
    }

    /// Keeps the plugin running until that is impossible, or until it has to be started with
    /// different settings.
    private func event(
        _ specification: Specification, _ change: ServedSettings.Change?
    ) async -> Event {
        await withTaskGroup(of: Event.self) { group in
            group.addTask(executorPreference: queue.completions) {
                do {
                    let error = try await withPlugin(
                        specification, queue: queue, log: log,
                        onFailedShutdown: onFailedShutdown
                    ) { plugin in
                        await keepRunning(plugin, change)
                    }
                    return .end(error)
                } catch {
                    return .end(error)
                }
            }
            group.addTask(executorPreference: queue.completions) {
                .change(await settings.nextChange())
            }
            defer { group.cancelAll() }
            return await group.next() ?? .change(nil)
        }
    }

    /// - Returns: The reason why it is no longer kept running.
    private func keepRunning(
        _ plugin: Plugin, _ change: ServedSettings.Change?
    ) async -> PluginError {
        do throws(PluginError) {
            try await plugin.keepRunning {
                change?.outcome.set(nil)
                settings.begin()
                onStart()
            }
        } catch {
            return error
        }
    }
}
