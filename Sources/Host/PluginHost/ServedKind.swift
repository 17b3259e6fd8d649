package import GRPC

/// The kinds of plugins, as manifests name them, and the service of each.
private let kinds = [
    ("embedder_provider", Embedder.service), ("llm_provider", LLM.service),
    ("database_provider", Database.service), ("tool_provider", Tools.service),
    ("reasoning_strategy", Strategy.service), ("reranker_provider", Reranker.service),
]

/// Returns the reason why a plugin is not of the expected kind.
///
/// - Parameters:
///   - service: The service of the kind.
///   - timeout: The longest time for one call.
/// - Returns: The reason, worded to follow the plugin's name; nil if it serves the service, or at
///   least one method that every kind has.
package func mismatch(
    of channel: Channel, with service: String, timeout: Duration
) async -> String? {
    if await serves(service, channel, timeout) { return nil }
    for (kind, other) in kinds where other != service {
        if await serves(other, channel, timeout) {
            return "is of the kind \(kind): it serves \(other), not \(service)"
        }
    }
    return "serves neither \(service) nor another service of Hector's, so it is a plugin of "
        + "something else"
}

/// Asks if a plugin knows one of the methods that every kind has and that do not change anything.
private func serves(_ service: String, _ channel: Channel, _ timeout: Duration) async -> Bool {
    for method in ["GetStatus", "Health", "GetManifest"] {
        do throws(GRPCError) {
            _ = try await channel.unary("/\(service)/\(method)", [], timeout: timeout)
            return true
        } catch {
            // Any other failure is an answer, or does not answer this question.
            if error.code != .unimplemented { return true }
        }
    }
    return false
}
