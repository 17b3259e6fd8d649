import GRPC
import GivenSettings
import Synchronization
import Unix
internal import Waiting

/// The state of a plugin from its start to its end, shared by its services.
final class Lifecycle: Sendable {
    enum Stage: String {
        case loading, ready, error, shutdown
    }

    private let plugin: any Plugin
    private let log: Logger
    private let stage = Mutex(Stage.loading)

    /// A lock held while the plugin takes its settings, as several hosts may send some at the same
    /// time.
    private let turns = Semaphore(1)

    /// The settings that the plugin has taken.
    private let given = Mutex<GivenSettings?>(nil)

    init(_ plugin: any Plugin, log: Logger) {
        self.plugin = plugin
        self.log = log
    }

    var current: Stage { stage.withLock { $0 } }

    /// Gives the plugin its settings. Once it has some it keeps them, since other clients may be
    /// using it with them.
    ///
    /// - Returns: The problem with the settings; empty if there is none.
    /// - Throws: FAILED_PRECONDITION if the plugin already has different settings.
    func configure(_ settings: [String: String]) async throws(GRPCError) -> String {
        let permit = await turns.acquire()
        defer { permit.release() }
        if let given = given.withLock({ $0 }) {
            guard let difference = given.difference(from: settings) else { return "" }
            throw GRPCError(
                .failedPrecondition,
                "it is in use already and keeps its settings: \(difference)")
        }
        if KnownSecrets.add(settings: settings) { MemoryProtection.forbidDumps() }
        let error = await errorText {
            for name in type(of: plugin).manifest.requiredSettings
            where settings[name]?.isEmpty != false {
                throw ConfigurationError.missing(
                    name, expected: "a value, which the manifest requires")
            }
            try await plugin.configure(Configuration(settings))
        }
        if error.isEmpty { given.withLock { $0 = GivenSettings(settings) } }
        stage.withLock { $0 = error.isEmpty ? .ready : .error }
        if !error.isEmpty { log.error("cannot use the settings", ["error": error]) }
        return error
    }

    /// Shuts the plugin down, the first time this is called.
    func shutDown() async {
        let wasShutDown = stage.withLock { stage in
            defer { stage = .shutdown }
            return stage == .shutdown
        }
        if !wasShutDown { await plugin.shutdown() }
    }
}
