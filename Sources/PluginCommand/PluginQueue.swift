internal import Command
package import GRPC
internal import Unix

/// Runs `body` with a queue on which plugins are called, unless limits keep the process from what
/// that takes.
///
/// - Parameter plugins: How many may run at the same time.
/// - Throws: `Failure` with status 71 that says which limit is too low.
package func withPluginQueue<R: Sendable>(
    plugins: Int = 1, _ body: @Sendable (CompletionQueue) async throws -> R
) async throws -> R {
    if let shortage = need(plugins).shortage { throw Failure(.systemError, shortage) }
    return try await withCompletionQueue(body)
}

/// The need of gRPC core, which aborts where it is not met, and that of a plugin: two pipes,
/// its process, its directory and its connection; and its threads, which count as this user's, too,
/// and for which one in Swift would wait without a word.
private func need(_ plugins: Int) -> ResourceNeed {
    let plugins = max(plugins, 1)
    return ResourceNeed(
        descriptors: 6 + 5 * plugins, addressSpace: 96 << 20, threads: 14 + 10 * plugins)
}
