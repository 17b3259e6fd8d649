package import Configuration
package import FilterKit

extension Failure {
    /// Creates the failure of a command whose configuration cannot be used.
    package init(_ error: SettingsError) {
        self.init(ExitStatus(rawValue: error.meaning.rawValue) ?? .configuration, "\(error)")
    }
}
