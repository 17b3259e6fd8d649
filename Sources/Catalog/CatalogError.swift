package import Settings
import YAML

/// Why a plugin cannot be used.
package struct CatalogError: Error, Equatable {
    /// One or more lines, in lower case and without a full stop.
    package let message: String

    package let meaning: Meaning

    init(_ message: String, _ meaning: Meaning = .configuration) {
        self.message = message
        self.meaning = meaning
    }

    /// - Parameter problems: Not empty.
    init(_ problems: [YAMLError]) {
        self.init(problems.map { "\($0)" }.joined(separator: "\n"))
    }

    init(_ error: SettingsError) {
        self.init("\(error)", error.meaning)
    }
}

extension CatalogError: CustomStringConvertible {
    package var description: String { message }
}
