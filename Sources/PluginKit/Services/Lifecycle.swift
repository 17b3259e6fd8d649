import Synchronization

/// Where a plugin is in its life, whichever of its services is asked.
final class Lifecycle: Sendable {
    enum Stage: String {
        case loading, ready, error, shutdown
    }

    private let plugin: any Plugin
    private let log: Logger
    private let stage = Mutex(Stage.loading)

    init(_ plugin: any Plugin, log: Logger) {
        self.plugin = plugin
        self.log = log
    }

    var current: Stage { stage.withLock { $0 } }

    /// - Returns: What is wrong with the settings, or nothing.
    func configure(_ settings: [String: String]) async -> String {
        let error = await errorText {
            for name in type(of: plugin).manifest.requiredSettings
            where settings[name]?.isEmpty != false {
                throw ConfigurationError.missing(
                    name, expected: "a value, which the manifest requires")
            }
            try await plugin.configure(Configuration(settings))
        }
        stage.withLock { $0 = error.isEmpty ? .ready : .error }
        if !error.isEmpty { log.error("cannot use the settings", ["error": error]) }
        return error
    }

    /// Tells the plugin to end, the first time this is called.
    func shutDown() async {
        let wasShutDown = stage.withLock { stage in
            defer { stage = .shutdown }
            return stage == .shutdown
        }
        if !wasShutDown { await plugin.shutdown() }
    }
}
