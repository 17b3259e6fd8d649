internal import Agent
internal import Catalog
internal import Configuration
internal import FilterKit
internal import Text

/// The configuration as it is now, read when it is needed.
struct ConfigurationFile: Sendable {
    /// The file that a command line has named; nil for the one that is found.
    let path: String?
    let environment: [String: String]

    /// - Throws: `Failure`.
    func settings() throws -> Settings? {
        do { return try Settings.load(explicit: path, environment: environment) } catch {
            throw Failure(error)
        }
    }

    /// - Throws: `Failure`.
    func catalog() throws -> Catalog { Catalog(settings: try settings(), environment: environment) }

    /// The file that is in use, or the reason why it can no longer be used.
    var description: String {
        do { return try settings()?.file ?? "(none)" } catch {
            return VisibleText("\(error)", atMost: 200).description
        }
    }
}
