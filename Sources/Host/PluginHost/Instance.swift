internal import GRPC
internal import Glibc
internal import Messages
internal import SwiftProtobuf
import Synchronization
internal import Unix
internal import Waiting

/// A running instance of a plugin: its process, if it is ours, and the connection to it.
final class Instance: Sendable {
    let channel: Channel

    /// The process; nil for a plugin that another process has started.
    let process: Process?

    private let log: PluginLog
    private let limits: Specification.Limits
    private let checking = Mutex<Latch<Bool>?>(nil)

    /// True if a plugin that another process has started has been waited for in vain.
    private let isGone = Atomic(false)

    /// True once it has been killed because it no longer answered.
    private let wasFrozen = Atomic(false)

    private let stdio: Task<Void, Never>

    /// The error with which the plugin ended the call that reads its prints, once it has.
    let stdioEnd: Latch<GRPCError?>

    /// A process of ours and the facts known about its end.
    struct Process: Sendable {
        let child: LineProcess
        /// The directory of its socket. The connection is made again by the socket's name when the
        /// plugin closes it: many servers close one that is idle or old.
        let directory: PrivateDirectory

        var ending: Latch<Ending> { child.ending }
    }

    init(
        channel: Channel, process: Process?, log: PluginLog, limits: Specification.Limits,
        queue: CompletionQueue
    ) {
        self.channel = channel
        self.process = process
        self.log = log
        self.limits = limits
        let stdioEnd = Latch<GRPCError?>()
        self.stdioEnd = stdioEnd
        stdio = Task(executorPreference: queue) {
            stdioEnd.set(await Self.drainStdio(channel, log, process?.ending))
        }
    }

    /// True if the process is known to have ended.
    var hasEnded: Bool { process?.ending.value != nil }

    /// The end of the process, worded to follow the plugin's name. Nil while it runs.
    var howItEnded: String? {
        process?.ending.value.map { wasFrozen.load(ordering: .relaxed) ? Self.frozen : "\($0)" }
    }

    /// The description of the end of a plugin that no longer answered.
    private static let frozen = "was frozen and has been killed"

    /// Waits at most that long for the end of the process. Nil if it still runs.
    func ending(within duration: Duration) async -> Ending? {
        await process?.ending.wait(atMost: duration)
    }

    /// Returns true if the plugin answers. Any answer is good enough, because plugins in other
    /// languages often do not have a health service. Only one question is sent at a time.
    ///
    /// A connection that the plugin closes meanwhile is not an answer: as long as its process runs, it
    /// is asked again on the next one. A process that dumps core, or runs on a busy machine, hangs
    /// up long before it has ended.
    ///
    /// Waits for a plugin that another process has started, unless an earlier wait was in vain.
    func isResponsive() async -> Bool {
        let (latch, isMine) = checking.withLock { checking in
            if let latch = checking { return (latch, false) }
            let latch = Latch<Bool>()
            checking = latch
            return (latch, true)
        }
        guard isMine else { return await latch.wait() ?? true }
        let isResponsive = await answersHealth()
        isGone.store(!isResponsive, ordering: .relaxed)
        checking.withLock { $0 = nil }
        latch.set(isResponsive)
        return isResponsive
    }

    private func answersHealth() async -> Bool {
        let isPatient = process == nil && !isGone.load(ordering: .relaxed)
        let deadline = ContinuousClock.now + limits.health
        while true {
            do throws(GRPCError) {
                try await Self.checkHealth(
                    channel, isPatient ? limits.comeback : limits.health, waitForReady: isPatient)
                return true
            } catch {
                if error.code == .cancelled { return true }
                guard error.code == .unavailable, process != nil, ContinuousClock.now < deadline,
                    await ending(within: Self.pauseBetweenQuestions) == nil
                else { return false }
            }
        }
    }

    private static let pauseBetweenQuestions = Duration.milliseconds(50)

    /// - Throws: An error only if no answer came.
    static func checkHealth(
        _ channel: Channel, _ timeout: Duration, waitForReady: Bool
    ) async throws(GRPCError) {
        // This is go-plugin's name for itself; other servers do not know it.
        let request = Grpc_Health_V1_HealthCheckRequest.with { $0.service = "plugin" }
        do {
            _ = try await channel.unary(
                HealthMethod.check, encode(request), timeout: timeout, waitForReady: waitForReady)
        } catch  where error.code == .unimplemented || error.code == .notFound {
            return
        }
    }

    /// Ends a plugin that is no longer usable, at once.
    func kill() async {
        process?.child.signal(SIGKILL)
        await cleanUp()
    }

    /// Ends a plugin that no longer answers, at once.
    ///
    /// - Returns: The end of the process, worded to follow its name.
    func killFrozen() async -> String {
        wasFrozen.store(true, ordering: .relaxed)
        await kill()
        return Self.frozen
    }

    /// Ends a plugin as go-plugin's host does, except that the wait for it is always limited.
    ///
    /// - Parameter service: The service of its kind, whose `Shutdown` is called first.
    /// - Returns: The failure of `Shutdown`, worded to follow the plugin's name; nil if it
    ///   succeeded, or if the plugin does not have it.
    func stop(service: String) async -> String? {
        guard let process else {
            await cleanUp()
            return nil
        }
        let failure = hasEnded ? nil : await shutDown(service)
        if !hasEnded {
            do throws(GRPCError) {
                _ = try await channel.unary(
                    ControllerMethod.shutdown, [], timeout: limits.shutdown)
            } catch {
                // A Go plugin ends inside this call, without an answer; one in another language
                // does not know the method and needs a signal.
                if error.code == .unimplemented { process.child.signal(SIGTERM) }
            }
        }
        if await process.ending.wait(atMost: limits.shutdown) == nil {
            log.note(.warn, "did not end when asked to; killed")
            process.child.signal(SIGKILL)
        }
        await cleanUp()
        return failure
    }

    /// Calls the `Shutdown` of the plugin's kind.
    ///
    /// - Returns: The failure; nil if it succeeded.
    private func shutDown(_ service: String) async -> String? {
        let bytes: [UInt8]
        do throws(GRPCError) {
            bytes = try await channel.unary("/\(service)/Shutdown", [], timeout: limits.shutdown)
        } catch {
            if error.code == .unimplemented { return nil }
            if error.isPastDeadline { return "did not answer Shutdown within \(limits.shutdown)" }
            // A plugin that simply ends has done what was requested.
            let ending = await ending(within: error.code == .unavailable ? .seconds(1) : .zero)
            switch ending {
            case .exited(0)?: return nil
            case let ending?: return "\(ending) in Shutdown"
            case nil: return "failed in Shutdown: \(error.words)"
            }
        }
        let response: Hector_Plugin_ShutdownResponse
        do { response = try decodeAnswer(bytes) } catch {
            return "answered Shutdown \(error.problem)"
        }
        if response.success { return nil }
        // Upstream's SDK sets neither of the two fields if there is nothing to do.
        return response.error.isEmpty ? nil : "failed in Shutdown: \(printable(response.error))"
    }

    /// Closes the connection once the process is gone.
    func cleanUp() async {
        if let process {
            log.note(.debug, "\(await process.ending.waitRegardless())")
            process.directory.remove()
        }
        channel.close()
        stdio.cancel()
        await stdio.value
    }

    /// Reads the output printed by Go code, which blocks after 64 KiB that have not been read. When
    /// the plugin closes the connection, its prints are read over the next one.
    private static func drainStdio(
        _ channel: Channel, _ log: PluginLog, _ ending: Latch<Ending>?
    ) async -> GRPCError? {
        while true {
            do {
                try await channel.withStream(StdioMethod.streamStdio, []) { stream in
                    while let bytes = try await stream.next() {
                        guard let data = try? Plugin_StdioData(serializedBytes: bytes) else {
                            continue
                        }
                        log.add(output: data.data)
                    }
                }
                return nil
            } catch {
                let error = error as? GRPCError
                guard error?.code == .unavailable, let ending,
                    await ending.wait(atMost: .milliseconds(500)) == nil, !Task.isCancelled
                else { return error }
            }
        }
    }
}

/// Returns the wire form of a message. Our own messages always have one.
func encode(_ message: some Message) -> [UInt8] {
    (try? message.serializedBytes()) ?? []
}
