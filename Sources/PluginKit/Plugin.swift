/// A plugin of any kind.
///
/// A plugin is a type that conforms to one of ``EmbedderProvider``, ``DatabaseProvider``,
/// ``LLMProvider``, ``ToolProvider``, ``ReasoningStrategy`` and ``RerankerProvider``, marked
/// `@main`:
///
/// ```swift
/// import PluginKit
///
/// @main
/// struct LengthEmbedder: EmbedderProvider {
///     static let manifest = Manifest(name: "length-embedder", version: "1.0.0")
///
///     let embedderInfo = EmbedderInfo(modelName: "length", dimension: 1)
///
///     func embed(_ text: String, as type: InputType) -> [Float] { [Float(text.count)] }
/// }
/// ```
///
/// Calls arrive in parallel, on any thread: hence `Sendable`. A plugin with settings or state is an
/// actor, or a final class that keeps them in a `Mutex`.
///
/// An error that a method throws reaches the user as the text of `String(describing:)`; the host
/// also gets the kind of a ``CallError``.
public protocol Plugin: Sendable {
    /// Makes a plugin without its settings. Should be quick, as the host waits.
    init()

    static var manifest: Manifest { get }

    /// Gives the plugin its settings. Called once, before the calls of the plugin's kind.
    ///
    /// - Throws: An error about the settings. The host then shows it and gives up.
    func configure(_ configuration: Configuration) async throws

    /// The state of the plugin. The host asks for it from time to time.
    var health: Health { get async }

    /// Shuts the plugin down. Called once, when all calls have ended. The process ends afterwards,
    /// and is killed if that takes longer than two seconds.
    func shutdown() async
}

extension Plugin {
    /// Refuses every setting, for a plugin that has none.
    public func configure(_ configuration: Configuration) async throws {
        try configuration.refuseUnknown(besides: [])
    }

    public var health: Health { get async { .healthy } }

    public func shutdown() async {}
}

/// The ability of a plugin to do its work.
public struct Health: Equatable, Sendable {
    public let isHealthy: Bool

    /// The reason why the plugin cannot do its work, for people; empty if it can.
    public let message: String

    public static let healthy = Health(isHealthy: true, message: "")

    public static func unhealthy(_ message: String) -> Health {
        Health(isHealthy: false, message: message)
    }
}
