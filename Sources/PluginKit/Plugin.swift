/// What every plugin is, whatever its kind.
///
/// A plugin is a type that conforms to one of ``EmbedderProvider``, ``DatabaseProvider``,
/// ``LLMProvider``, ``ToolProvider`` and ``ReasoningStrategy``, marked `@main`:
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
/// Calls arrive side by side, on any thread: hence `Sendable`. A plugin with settings or state
/// is an actor, or a final class that keeps them in a `Mutex`.
///
/// Whatever a method throws reaches the user as the text of `String(describing:)`; a ``CallError``
/// also tells the host its kind.
public protocol Plugin: Sendable {
    /// Makes a plugin that has not been told its settings. Should be quick: the host waits.
    init()

    static var manifest: Manifest { get }

    /// Called once, before the calls of the plugin's kind.
    ///
    /// - Throws: What is wrong with the settings. The host then shows that and gives up.
    func configure(_ configuration: Configuration) async throws

    /// Whether the plugin can do its work. Asked now and then.
    var health: Health { get async }

    /// Called once, when no calls are under way any more. The process ends after it, and is
    /// killed if that takes longer than two seconds.
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

/// Whether a plugin can do its work.
public struct Health: Equatable, Sendable {
    public let isHealthy: Bool

    /// Why not, for people.
    public let message: String

    public static let healthy = Health(isHealthy: true, message: "")

    public static func unhealthy(_ message: String) -> Health {
        Health(isHealthy: false, message: message)
    }
}
