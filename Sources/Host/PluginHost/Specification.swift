package import GRPC
internal import GivenSettings
package import Keys
package import Unix

/// The facts that have to be known about a plugin before it can be used.
package struct Specification: Sendable {
    /// The name that the user gives the plugin.
    package var name: String

    /// The service of its kind, such as `hector.plugin.EmbedderProvider`.
    package var service: String

    package var location: Location

    /// The settings for `Initialize`.
    package var configuration: [String: String]

    /// The requested settings: the configuration without values that are only defaults. A plugin
    /// that runs already must have these.
    package var requested: [String: String]

    /// The settings that are fetched when the plugin is started.
    package var keys: KeySettings?

    /// True if both sides show certificates. If nil, that is not requested, and a plugin that
    /// listens on TCP is refused.
    package var mutualTLS: Bool?

    /// The SHA-256 of the executable in hexadecimal, if it has to match.
    package var checksum: String?

    /// True if a command that uses several plugins cannot run without this one.
    package var isRequired = false

    /// The environment of this process. The plugin gets it without `PLUGIN_…`.
    package var environment: [String: String]

    /// The limits that the kernel keeps on its process; nil for none.
    package var confinement: Confinement?

    package var limits = Limits()

    /// The path where other processes find its sockets; nil if only this process needs them.
    package var served: ServedSocket?

    /// The location of a plugin.
    package enum Location: Sendable {
        /// The absolute path of a program that is started and ended here.
        case executable(String)
        /// A plugin that another process has started and will end.
        case running(Address)

        /// Makes the location of a plugin that runs already. A path has a slash or does not have a
        /// colon; any other text is `HOST:PORT`.
        ///
        /// - Returns: Nil for a text that is neither.
        package init?(socket text: String) {
            guard Address.readsAsHostAndPort(text), let colon = text.lastIndex(of: ":") else {
                self = .running(.unix(text))
                return
            }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
            guard let port = UInt16(text[text.index(after: colon)...]), port > 0, !host.isEmpty,
                !host.contains(where: { $0 == "," || $0.isWhitespace })
            else { return nil }
            self = .running(.tcp(host: String(host), port: Int(port)))
        }

        /// True if a text that a user gives for a socket is meant as `HOST:PORT`.
        package static func readsAsHostAndPort(_ text: String) -> Bool {
            Address.readsAsHostAndPort(text)
        }
    }

    /// The longest waits for a plugin that does not answer.
    package struct Limits: Sendable {
        package var start = Duration.seconds(60)
        package var initialize = Duration.seconds(60)
        package var health = Duration.seconds(5)
        package var shutdown = Duration.seconds(2)

        /// The longest time to wait for a plugin that was running already and has gone: the process
        /// that started it may start it again, and it may have a model to load.
        package var comeback = Duration.seconds(15)

        /// The interval at which a plugin that is kept running is asked whether it still answers.
        package var watch = Duration.seconds(20)

        /// The number of starts within a minute after which a plugin is given up.
        package var startsPerMinute = 5

        package init() {}
    }

    package init(
        name: String, service: String, location: Location, configuration: [String: String] = [:],
        requested: [String: String]? = nil, mutualTLS: Bool? = nil, checksum: String? = nil,
        environment: [String: String]
    ) {
        self.name = name
        self.service = service
        self.location = location
        self.configuration = configuration
        self.requested = requested ?? configuration
        self.mutualTLS = mutualTLS
        self.checksum = checksum
        self.environment = environment
    }
}

extension Specification {
    /// Returns this with the values of all settings. The first call fetches them, for all copies.
    ///
    /// - Throws: `.configuration` if there is no value, `.notPermitted` if others could have read it.
    package func resolved() async throws(PluginError) -> Specification {
        guard let keys else { return self }
        let values: [String: String]
        do throws(KeyError) { values = try await keys.values() } catch {
            try throwIfCancelled()
            throw PluginError(
                error.isExposure ? .notPermitted : .configuration,
                "cannot start plugin '\(name)': \(error.message)")
        }
        MemoryProtection.forbidDumps()
        KnownSecrets.add(settings: values)
        var specification = self
        specification.keys = nil
        specification.configuration.merge(values) { $1 }
        specification.requested.merge(values) { $1 }
        return specification
    }

    func throwIfCancelled() throws(PluginError) {
        if Task.isCancelled {
            throw PluginError(.cancelled, "interrupted while plugin '\(name)' was starting")
        }
    }
}
