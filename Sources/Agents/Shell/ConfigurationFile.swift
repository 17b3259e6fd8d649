internal import Agent
internal import Catalog
internal import Configuration
internal import FilterKit
internal import Text
internal import Trust

/// The current configuration, which is read each time it is needed.
struct ConfigurationFile: Sendable {
    /// The file from the command line; nil to look for it in the usual places.
    let path: String?
    let environment: [String: String]

    /// - Throws: `Failure`.
    func settings() throws -> Settings? {
        do {
            return try Settings.loadTrusted(
                explicit: path, environment: environment, notice: Diagnostics.error)
        } catch {
            throw Failure(error)
        }
    }

    /// - Throws: `Failure`.
    func catalog() throws -> Catalog { Catalog(settings: try settings(), environment: environment) }

    /// The path of the file, or the reason why it can no longer be used.
    var description: String {
        do { return try settings()?.file ?? "(none)" } catch {
            return VisibleText("\(error)", atMost: 200).description
        }
    }
}
