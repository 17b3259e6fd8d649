internal import GRPC
internal import Messages
internal import SwiftProtobuf

/// The call that gives a plugin its settings, before any other call of its service.
struct Initialization: Sendable {
    let specification: Specification
    let log: PluginLog

    private var name: String { specification.name }
    private var limits: Specification.Limits { specification.limits }

    /// - Throws: The reason why the plugin cannot be used, as an error that names the plugin.
    func run(on instance: Instance) async throws(PluginError) {
        let request = Hector_Plugin_InitializeRequest.with {
            $0.config = specification.configuration
        }
        let bytes: [UInt8]
        do {
            bytes = try await instance.channel.unary(
                "/\(specification.service)/Initialize", encode(request), timeout: limits.initialize)
        } catch {
            try specification.throwIfCancelled()
            switch error.code {
            case .unimplemented:
                let problem = await mismatch(
                    of: instance.channel, with: specification.service, timeout: limits.health)
                throw PluginError(
                    .configuration,
                    "plugin '\(name)' \(problem ?? "does not have Initialize: \(error.words)")")
            case .deadlineExceeded where error.isPastDeadline:
                throw PluginError(
                    .unavailable,
                    "plugin '\(name)' did not answer Initialize within \(limits.initialize)\(log.tail)"
                )
            default:
                // The connection breaks a moment before the end of the process is known.
                if let ending = await instance.ending(
                    within: error.code == .unavailable ? .seconds(2) : .zero)
                {
                    throw PluginError(
                        .unavailable, "plugin '\(name)' \(ending) in Initialize\(log.tail)")
                }
                throw refusal(of: error)
            }
        }
        let response: Hector_Plugin_InitializeResponse
        do { response = try decodeAnswer(bytes) } catch {
            // No record can be processed, so this is a failure of the run and not of a record.
            throw PluginError(
                .unavailable, "plugin '\(name)' answered Initialize \(error.problem)\(log.tail)")
        }
        guard response.success else {
            let reason = response.error.isEmpty ? "no reason given" : printable(response.error)
            throw PluginError(
                .configuration, "plugin '\(name)' refused its configuration: \(reason)")
        }
    }

    /// Returns the error for the status with which the plugin ended Initialize. It distinguishes
    /// wrong settings from problems that a later start may not have.
    private func refusal(of error: GRPCError) -> PluginError {
        let code: PluginError.Code
        switch error.code {
        case .unavailable, .deadlineExceeded, .aborted, .cancelled: code = .unavailable
        case .resourceExhausted: code = .exhausted
        case .permissionDenied, .unauthenticated: code = .notPermitted
        default:
            return PluginError(
                .configuration, "plugin '\(name)' refused its configuration: \(error.words)")
        }
        return PluginError(code, "plugin '\(name)' failed in Initialize: \(error.words)\(log.tail)")
    }

    /// True if a plugin that another process has started does not have its settings yet. Plugins
    /// built with our libraries refuse settings that differ from those that they have.
    func isNeeded(by instance: Instance) async -> Bool {
        if !specification.requested.isEmpty { return true }
        guard
            let bytes = try? await instance.channel.unary(
                "/\(specification.service)/GetStatus", [], timeout: limits.health),
            let status = try? Hector_Plugin_StatusResponse(serializedBytes: bytes)
        else { return false }
        return ["unloaded", "loading"].contains(status.status)
    }
}
