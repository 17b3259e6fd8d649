internal import GRPC
internal import Unix

/// The queue on which a process calls its plugins. All plugins of a process share it, so that data
/// between them does not go from thread to thread.
package struct PluginQueue: Sendable {
    let completions: CompletionQueue
}

/// Runs `body` with a queue on which plugins are called, if the limits of the process allow that.
///
/// - Parameter plugins: The number of plugins that may run at the same time.
/// - Throws: `ResourceShortage` before anything is started.
package func withPluginQueue<R: Sendable>(
    plugins: Int = 1, _ body: @Sendable (PluginQueue) async throws -> R
) async throws -> R {
    try need(plugins).check()
    return try await withCompletionQueue { try await body(PluginQueue(completions: $0)) }
}

/// Returns the need of gRPC core, which aborts if it is not met, and that of plugins: two pipes, a
/// process, a directory and a connection each. It includes their threads, which count towards this
/// user's limit too, and for which a plugin in Swift would wait silently.
private func need(_ plugins: Int) -> ResourceNeed {
    let plugins = max(plugins, 1)
    return ResourceNeed(
        descriptors: 6 + 5 * plugins, addressSpace: 96 << 20, threads: 14 + 10 * plugins)
}
