package import Unix
package import YAML

/// The reason why a program cannot go on, as its exit status.
package enum Meaning: Int32, Sendable {
    /// Something outside the program is not available (EX_UNAVAILABLE).
    case unavailable = 69
    /// An action is not permitted (EX_NOPERM).
    case notPermitted = 77
    /// The configuration is wrong (EX_CONFIG).
    case configuration = 78
}

/// The reason why there are no settings, or why one of them has no value.
package enum SettingsError: Error, Equatable {
    /// A file that was named cannot be read.
    case unreadable(SystemError)
    /// Other users could have written a file that was found and not named.
    case unsafe(String)
    /// The user has not said that the working directory may be used.
    case untrusted(String)
    /// All problems of a file, in its order; at least one.
    case problems([YAMLError])

    package var meaning: Meaning {
        switch self {
        case .unsafe, .untrusted: .notPermitted
        case .unreadable, .problems: .configuration
        }
    }
}

extension SettingsError: CustomStringConvertible {
    /// One or more lines, as `file:line:column: problem` if the place is known.
    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .unsafe(let reason), .untrusted(let reason): reason
        case .problems(let problems): problems.map { "\($0)" }.joined(separator: "\n")
        }
    }
}
