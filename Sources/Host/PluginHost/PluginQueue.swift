internal import GRPC
internal import Unix

/// The queue on which a process calls its plugins. Those of one process share it, so that what they
/// say to each other does not go from thread to thread.
package struct PluginQueue: Sendable {
    let completions: CompletionQueue
}

/// Runs `body` with a queue on which plugins are called, unless limits keep the process from what
/// that takes.
///
/// - Parameter plugins: How many may run at the same time.
/// - Throws: `ResourceShortage` before anything is started.
package func withPluginQueue<R: Sendable>(
    plugins: Int = 1, _ body: @Sendable (PluginQueue) async throws -> R
) async throws -> R {
    try need(plugins).check()
    return try await withCompletionQueue { try await body(PluginQueue(completions: $0)) }
}

/// The need of gRPC core, which aborts where it is not met, and that of a plugin: two pipes,
/// its process, its directory and its connection; and its threads, which count as this user's, too,
/// and for which one in Swift would wait without a word.
private func need(_ plugins: Int) -> ResourceNeed {
    let plugins = max(plugins, 1)
    return ResourceNeed(
        descriptors: 6 + 5 * plugins, addressSpace: 96 << 20, threads: 14 + 10 * plugins)
}
