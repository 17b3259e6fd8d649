internal import GRPC
internal import Synchronization
internal import Waiting

/// The connection to a plugin that another process has started. It may be dead without any sign.
final class RemoteConnection: Sendable {
    private let specification: Specification
    private let queue: CompletionQueue
    private let log: PluginLog
    private let supervisor: Supervisor
    private let examination = Mutex<Latch<Finding>?>(nil)

    enum Finding: Sendable {
        case works
        /// The connection was dead and has been replaced.
        case replaced
        case gone(PluginError)
    }

    /// The longest time for an answer on a connection that may be dead.
    private static let longestSuspicion = Duration.seconds(1)

    init(
        _ specification: Specification, _ supervisor: Supervisor, queue: CompletionQueue,
        log: PluginLog
    ) {
        self.specification = specification
        self.supervisor = supervisor
        self.queue = queue
        self.log = log
    }

    /// Checks that the plugin still answers, once for all calls that fail at the same time.
    ///
    /// - Parameter isSilent: True if a call was not answered in time, false if it was refused.
    /// - Returns: Nil if this task is cancelled.
    func examine(_ instance: Instance, isSilent: Bool) async -> Finding? {
        let latch = examination.withLock { examination in
            if let latch = examination { return latch }
            let latch = Latch<Finding>()
            examination = latch
            // It is a separate task because other calls wait for it, too.
            Task(executorPreference: queue) {
                let finding = await self.finding(on: instance, isSilent: isSilent)
                self.examination.withLock { $0 = nil }
                latch.set(finding)
            }
            return latch
        }
        return await latch.wait()
    }

    private func finding(on instance: Instance, isSilent: Bool) async -> Finding {
        guard case .running(let address) = specification.location else { return .works }
        switch supervisor.use(of: instance) {
        case .current: break
        case .over(let error): return .gone(error)
        case .replaced: return .replaced
        }
        if !isSilent {
            if await instance.isResponsive() { return .works }
        } else {
            let limit = min(Self.longestSuspicion, specification.limits.health)
            if await answers(instance.channel, within: limit) { return .works }
            // Core would keep a silent connection as long as the system does. Pings would detect
            // it, but servers in Go close the connection when they get pings.
            let channel: Channel
            do throws(PluginError) {
                channel = try RunningPlugin(name: specification.name, address: address)
                    .channel(queue).channel
            } catch {
                supervisor.giveUp(instance, error)
                return .gone(error)
            }
            if await answers(channel, within: specification.limits.health) {
                log.note(.warn, "does not answer on its connection, but on a new one")
                supervisor.replace(instance, with: channel)
                return .replaced
            }
            defer { channel.close() }
            // The plugin runs, but does not have a free thread for this call.
            if channel.isConnected { return .works }
        }
        let error = PluginError(
            .unavailable, "plugin '\(specification.name)' does not answer at \(address) any more")
        supervisor.giveUp(instance, error)
        return .gone(error)
    }

    private func answers(_ channel: Channel, within limit: Duration) async -> Bool {
        do throws(GRPCError) {
            try await Instance.checkHealth(channel, limit, waitForReady: true)
            return true
        } catch {
            // The call is cancelled only when this host ends.
            return error.code == .cancelled
        }
    }
}
