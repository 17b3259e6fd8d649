package import Configuration
import YAML

/// The reason why a plugin cannot be used.
package struct CatalogError: Error, Equatable {
    /// One or more lines, in lower case and without a full stop.
    package let message: String

    package let meaning: Meaning

    /// True if the only problem is that the plugin has not been configured and needs to be.
    package let isLackOfSettings: Bool

    init(
        _ message: String, _ meaning: Meaning = .configuration, isLackOfSettings: Bool = false
    ) {
        self.message = message
        self.meaning = meaning
        self.isLackOfSettings = isLackOfSettings
    }

    /// - Parameter problems: At least one problem.
    init(_ problems: [YAMLError]) {
        self.init(problems.map { "\($0)" }.joined(separator: "\n"))
    }

    init(_ error: SettingsError) {
        self.init("\(error)", error.meaning)
    }

    /// Returns the same error with the place in the configuration that causes it, if there is one.
    func at(_ place: Place?) -> CatalogError {
        guard let place else { return self }
        return CatalogError("\(place.error(message))", meaning)
    }
}

extension CatalogError: CustomStringConvertible {
    package var description: String { message }
}
