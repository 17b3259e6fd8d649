internal import FilterKit
package import PluginHost
internal import Synchronization
internal import Waiting

/// Plugins of which it only shows during the work that they are needed.
package final class FurtherPlugins: Sendable {
    private let isDebugging: Bool
    private let state = Mutex(State())

    private struct State {
        var plugins: [String: Latch<Plugin?>] = [:]
        var tasks: [Task<Void, Never>] = []
    }

    package init(isDebugging: Bool) { self.isDebugging = isDebugging }

    /// Returns a plugin, which the first call starts; nil if that is impossible.
    package func plugin(_ specification: Specification) async -> Plugin? {
        let (latch, isNew) = state.withLock { state in
            if let latch = state.plugins[specification.name] { return (latch, false) }
            let latch = Latch<Plugin?>()
            state.plugins[specification.name] = latch
            return (latch, true)
        }
        if isNew {
            let task = Task.detached { [isDebugging] in
                do {
                    try await withChosenPlugin(specification, isDebugging: isDebugging) { plugin in
                        latch.set(plugin)
                        // Until it is cancelled.
                        _ = await Latch<Void>().wait()
                    }
                } catch { Diagnostics.warn("\(error)") }
                latch.set(nil)
            }
            state.withLock { $0.tasks.append(task) }
        }
        return await latch.wait() ?? nil
    }

    /// Ends the plugins, and returns when they have ended.
    package func end() async {
        let tasks = state.withLock { $0.tasks }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
