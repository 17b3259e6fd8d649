/// The settings of a plugin from the user's configuration.
///
/// A scalar is kept as the text written; a nested value is JSON. The typed readers take a default
/// for a missing setting; without a default the setting is required.
public struct Configuration: Equatable, Sendable {
    private let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values
    }

    public var names: [String] { values.keys.sorted() }

    /// The text of a setting, or nil if it is missing.
    public subscript(name: String) -> String? { values[name] }

    public func string(
        _ name: String, default standard: String? = nil
    ) throws(ConfigurationError) -> String {
        try read(name, default: standard, expected: "text") { $0 }
    }

    public func int(
        _ name: String, default standard: Int? = nil, in range: ClosedRange<Int> = .min ... .max
    ) throws(ConfigurationError) -> Int {
        let expected = Self.describe("a whole number", range, isBounded: range != .min ... .max)
        return try read(name, default: standard, expected: expected) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// - Returns: A finite number.
    public func double(
        _ name: String, default standard: Double? = nil,
        in range: ClosedRange<Double> = -.infinity ... .infinity
    ) throws(ConfigurationError) -> Double {
        let expected = Self.describe(
            "a number", range, isBounded: range != -.infinity ... .infinity)
        return try read(name, default: standard, expected: expected) { text in
            Double(text).flatMap { $0.isFinite && range.contains($0) ? $0 : nil }
        }
    }

    /// - Returns: True for YAML's `true`, `yes` and `on`, and false for `false`, `no` and `off`.
    public func bool(
        _ name: String, default standard: Bool? = nil
    ) throws(ConfigurationError) -> Bool {
        try read(name, default: standard, expected: "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on": true
            case "false", "no", "off": false
            default: nil
            }
        }
    }

    /// - Returns: The path, with a leading `~` replaced by the user's home directory, also in the
    ///   default.
    public func path(
        _ name: String, default standard: String? = nil
    ) throws(ConfigurationError) -> String {
        let path = try read(name, default: standard, expected: "a path") { text in
            text.isEmpty ? nil : text
        }
        return expandTilde(path, home: environmentVariable("HOME"))
    }

    /// Reads a duration such as `250ms`, `1.5s`, `2m` or `1h30m`, or a bare number of seconds.
    public func duration(
        _ name: String, default standard: Duration? = nil
    ) throws(ConfigurationError) -> Duration {
        try read(name, default: standard, expected: "a duration such as 250ms, 1.5s or 2m") {
            Duration(configured: $0)
        }
    }

    /// Reads one of a few words.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, default standard: Choice? = nil
    ) throws(ConfigurationError) -> Choice {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try read(name, default: standard, expected: "one of \(words)") {
            Choice(rawValue: $0)
        }
    }

    /// Returns the names of the settings that are present but not among those given, sorted.
    public func unknown(besides known: some Sequence<String>) -> [String] {
        let known = Set(known)
        return names.filter { !known.contains($0) }
    }

    public func refuseUnknown(
        besides known: some Sequence<String>
    ) throws(ConfigurationError) {
        let unknown = unknown(besides: known)
        if !unknown.isEmpty { throw .unknown(unknown, known: known.sorted()) }
    }

    private func read<Value>(
        _ name: String, default standard: Value?, expected: String,
        parse: (String) -> Value?
    ) throws(ConfigurationError) -> Value {
        guard let text = values[name] else {
            if let standard { return standard }
            throw .missing(name, expected: expected)
        }
        guard let value = parse(text) else { throw .invalid(name, text, expected: expected) }
        return value
    }

    private static func describe<Bound>(
        _ kind: String, _ range: ClosedRange<Bound>, isBounded: Bool
    ) -> String {
        isBounded ? "\(kind) from \(range.lowerBound) to \(range.upperBound)" : kind
    }
}

func expandTilde(_ path: String, home: String?) -> String {
    guard let home, path == "~" || path.hasPrefix("~/") else { return path }
    return home + path.dropFirst()
}
