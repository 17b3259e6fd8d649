internal import GRPC
import Waiting

/// The wait for the first answer of a plugin. Some plugins listen only after their handshake.
struct FirstAnswer: Sendable {
    let specification: Specification
    let log: PluginLog

    private var name: String { specification.name }
    private var limits: Specification.Limits { specification.limits }

    /// The outcome of the wait.
    private enum Outcome: Sendable {
        case came
        case failed(GRPCError)
        case processEnded
        case cannotConnect(TransportCheck.Problem)
    }

    /// The time that a plugin has to answer before its connection is examined.
    private static let longestSilence = Duration.seconds(1)

    /// - Parameter check: Finds the reason why a connection fails.
    func wait(for instance: Instance, _ check: TransportCheck) async throws(PluginError) {
        let limits = limits
        let answer = await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do throws(GRPCError) {
                    try await Instance.checkHealth(
                        instance.channel, limits.health, waitForReady: true)
                    return .came
                } catch {
                    return .failed(error)
                }
            }
            group.addTask {
                _ = await instance.process?.ending.wait()
                return .processEnded
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.longestSilence)
                    if Task.isCancelled { break }
                    if let problem = await check.problem(), problem.isLasting {
                        return .cannotConnect(problem)
                    }
                }
                return .came
            }
            defer { group.cancelAll() }
            return await group.next() ?? .processEnded
        }
        try specification.throwIfCancelled()
        let problem: String
        switch answer {
        case .came: return
        case .processEnded, .failed, .cannotConnect:
            if let ending = await instance.ending(within: .milliseconds(100)) {
                throw PluginError(
                    .unavailable, "plugin '\(name)' \(ending) after its handshake\(log.tail)")
            }
        }
        switch answer {
        case .came, .processEnded: return
        case .cannotConnect(let found): problem = found.description
        case .failed(let error):
            problem =
                await check.problem()?.description
                ?? "does not answer at \(check.address), where its handshake says it listens: "
                + error.reason(within: limits.health)
        }
        throw PluginError(.unavailable, "plugin '\(name)' \(problem)\(log.tail)")
    }
}
