package import GRPC
internal import Glibc
package import Unix
internal import Waiting

/// Runs `body` with a process of a plugin that has only been asked whether it answers. This is for
/// checking plugins. The process has ended when this function returns.
///
/// - Throws: The errors of `body`, and `PluginError` if the plugin did not start.
package func withBareProcess<R: Sendable>(
    of specification: Specification, queue: PluginQueue,
    log: @escaping @Sendable (LogLine) -> Void,
    _ body: (BareProcess) async throws -> R
) async throws -> R {
    guard case .executable(let path) = specification.location else {
        throw PluginError(
            .unsupported, "plugin '\(specification.name)' is not started here; it runs already")
    }
    let log = PluginLog(show: log)
    let launch = Launch(specification: specification, log: log, queue: queue.completions)
    let directory = try LaunchEnvironment(specification: specification).makeSocketDirectory()
    let (instance, handshake) = try await launch.connect(path, directory)
    let result: Result<R, any Error>
    do {
        result = .success(try await body(BareProcess(instance, handshake, log)))
    } catch {
        result = .failure(error)
    }
    await Task(executorPreference: queue.completions) { await instance.kill() }.value
    return try result.get()
}

/// A process of a plugin without restarts: a call that fails is not sent again.
package struct BareProcess: Sendable {
    package let handshake: Handshake

    private let instance: Instance
    private let log: PluginLog

    fileprivate init(_ instance: Instance, _ handshake: Handshake, _ log: PluginLog) {
        self.instance = instance
        self.handshake = handshake
        self.log = log
    }

    package var channel: Channel { instance.channel }

    /// Waits at most that long for the end of the process. Nil if it still runs.
    package func ending(within duration: Duration) async -> Ending? {
        await instance.ending(within: duration)
    }

    /// The last lines of its standard error.
    package var lastWords: [String] { log.lastLines.lines }

    /// The use of limited resources by the process, in words; nil if it has ended.
    package var usage: String? {
        guard let id = instance.process?.child.processID else { return nil }
        return ProcessUsage(of: id).map {
            "\($0.descriptors) open files, \($0.threads) threads and "
                + "\($0.addressSpace >> 20) MiB of address space, \($0.memory >> 20) MiB of it in memory"
        }
    }

    /// The state of the call that reads the output printed by Go code.
    package var prints: Prints {
        switch instance.stdioEnd.value {
        case nil: .areRead
        case .some(nil): .haveEnded
        case .some(let error?): .cannotBeRead(error)
        }
    }

    package enum Prints: Sendable {
        case areRead, haveEnded
        case cannotBeRead(GRPCError)
    }

    /// Asks the process to end, as `kill` does.
    package func terminate() { instance.process?.child.signal(SIGTERM) }

    /// Ends the process at once.
    package func kill() { instance.process?.child.signal(SIGKILL) }
}
