package import HTTP
internal import JSON
package import PluginKit

/// The address of a server of models and the credentials for it: the settings that all plugins for
/// such servers have.
package struct ServerSettings: Sendable {
    /// The URL that the paths of requests are added to.
    package var base: URL

    /// The key, which is shown to this server only.
    package var key: String?

    /// The headers that are sent with each request.
    package var headers: [(name: String, value: String)]

    /// The longest time that the server may be silent.
    package var timeout: Duration

    package var retries: RetryPolicy

    /// The variable to name in errors' advice.
    let keyVariable: String

    package static let names = [
        "base_url", "api_key", "headers", "timeout", "max_retries", "retry_delay",
    ]

    /// The values for settings that are not given.
    package struct Defaults: Sendable {
        let base: String?
        let baseVariable: String
        let keyVariable: String
        let timeout: Duration

        /// - Parameters:
        ///   - base: The server whose key is required; nil if no server is the usual one, so that
        ///     the setting is required.
        ///   - baseVariable: The environment variable that overrides `base`.
        ///   - keyVariable: The environment variable with the key.
        package init(
            base: String?, baseVariable: String, keyVariable: String, timeout: Duration
        ) {
            self.base = base
            self.baseVariable = baseVariable
            self.keyVariable = keyVariable
            self.timeout = timeout
        }
    }

    /// - Throws: An error without the value of a setting that may be secret.
    package init(
        _ settings: Configuration, _ defaults: Defaults, environment: [String: String]
    ) throws(ConfigurationError) {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let given = settings["base_url"] ?? variable(defaults.baseVariable) ?? defaults.base
        guard let base = given, !base.isEmpty else {
            throw .missing(
                "base_url",
                expected: "the address of a server, here or in \(defaults.baseVariable)")
        }
        do { self.base = try URL(base) } catch {
            throw .invalid("base_url", "…", expected: "an address with http:// or https://")
        }
        keyVariable = defaults.keyVariable
        // An empty key, as from "${KEY:-}", means that there is none.
        let key = settings["api_key"] ?? variable(defaults.keyVariable)
        self.key = key.flatMap { $0.isEmpty ? nil : $0 }
        if let key, !key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) {
            throw .invalid(
                "api_key", "…",
                expected: "a key without blanks and line breaks, here or in \(keyVariable)")
        }
        headers = try settings.headers("headers")
        timeout = try settings.duration("timeout", default: defaults.timeout)
        guard timeout > .zero else {
            throw .invalid("timeout", settings["timeout"] ?? "", expected: "more than nothing")
        }
        retries = RetryPolicy(
            most: try settings.int("max_retries", default: 3, in: 0...100),
            delay: try settings.duration("retry_delay", default: .seconds(1)))
        let standard = defaults.base.flatMap { try? URL($0).origin }
        if self.key == nil, self.base.origin == standard {
            throw .missing("api_key", expected: "a key, here or in \(keyVariable)")
        }
    }
}

extension Configuration {
    /// - Throws: An error without the contents, which may be secret.
    fileprivate func headers(
        _ name: String
    ) throws(ConfigurationError) -> [(name: String, value: String)] {
        guard let text = self[name], !text.isEmpty else { return [] }
        let object = try? Value(parsing: Array(text.utf8)).object
        let headers = object?.compactMap { name, value in
            value.string.map { (name: name, value: $0) }
        }
        guard let object, let headers, headers.count == object.count else {
            throw .invalid(
                name, "…", expected: #"a JSON object of strings, such as {"X-Team": "search"}"#)
        }
        return headers
    }
}
