/// A setting that a plugin cannot use.
public enum ConfigurationError: Error, Equatable {
    case missing(String, expected: String)
    case invalid(String, _ value: String, expected: String)

    /// The settings are unknown to the plugin, which has only the known ones.
    case unknown([String], known: [String])
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let name, let expected):
            "setting '\(name)' is missing: expected \(expected)"
        case .invalid(let name, let value, let expected):
            "setting '\(name)' is '\(value)': expected \(expected)"
        case .unknown(let names, let known):
            "unknown setting\(names.count == 1 ? "" : "s") \(Self.list(names)): "
                + (known.isEmpty ? "expected none" : "expected \(Self.list(known))")
        }
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
