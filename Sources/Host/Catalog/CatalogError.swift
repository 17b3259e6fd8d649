package import Configuration
import YAML

/// Why a plugin cannot be used.
package struct CatalogError: Error, Equatable {
    /// One or more lines, in lower case and without a full stop.
    package let message: String

    package let meaning: Meaning

    /// Whether nothing is wrong but that nobody has configured the plugin, which needs it.
    package let isLackOfSettings: Bool

    init(
        _ message: String, _ meaning: Meaning = .configuration, isLackOfSettings: Bool = false
    ) {
        self.message = message
        self.meaning = meaning
        self.isLackOfSettings = isLackOfSettings
    }

    /// - Parameter problems: Not empty.
    init(_ problems: [YAMLError]) {
        self.init(problems.map { "\($0)" }.joined(separator: "\n"))
    }

    init(_ error: SettingsError) {
        self.init("\(error)", error.meaning)
    }

    /// The same with the place in the configuration that is to blame, if there is one.
    func at(_ place: Place?) -> CatalogError {
        guard let place else { return self }
        return CatalogError("\(place.error(message))", meaning)
    }
}

extension CatalogError: CustomStringConvertible {
    package var description: String { message }
}
