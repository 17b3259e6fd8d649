internal import JSON
internal import ModelServers
internal import PluginKit
internal import Synchronization

/// The name of the model in use: the one that is set, or the only one there is.
final class ModelName: Sendable {
    private let server: ModelServer
    private let known: Mutex<String?>

    init(_ name: String?, of server: ModelServer) {
        self.server = server
        known = Mutex(name)
    }

    var value: String {
        get async throws {
            if let name = known.withLock({ $0 }) { return name }
            let answer = try await server.get("models")
            let names = (answer["data"]?.array ?? []).compactMap { $0["id"]?.string }
            guard names.count == 1 else {
                let shown = names.prefix(10).joined(separator: ", ")
                throw CallError(
                    .invalidArgument,
                    names.isEmpty
                        ? "setting 'model' is missing, and '\(server.origin)' lists none"
                        : "setting 'model' is missing: '\(server.origin)' has \(shown)"
                            + (names.count > 10 ? " and \(names.count - 10) more" : ""))
            }
            known.withLock { $0 = names[0] }
            return names[0]
        }
    }
}
