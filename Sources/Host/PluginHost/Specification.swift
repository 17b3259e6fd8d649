package import GRPC
package import Unix

/// What has to be known of a plugin before it can be used.
package struct Specification: Sendable {
    /// What a person calls it.
    package var name: String

    /// The service of its kind, `hector.plugin.EmbedderProvider`.
    package var service: String

    package var location: Location

    /// What `Initialize` gets.
    package var configuration: [String: String]

    /// The settings that were asked for: the configuration without what is a default only. A plugin
    /// that runs already must have these.
    package var requested: [String: String]

    /// Whether both sides show certificates. Nil: not asked for, and a plugin
    /// that listens on TCP is refused.
    package var mutualTLS: Bool?

    /// SHA-256 of the executable in hexadecimal, if it has to match.
    package var checksum: String?

    /// True if a command that uses several plugins cannot do without this one.
    package var isRequired = false

    /// This process's environment, which the plugin gets without `PLUGIN_…`.
    package var environment: [String: String]

    package var limits = Limits()

    /// Where the sockets of its processes can be found by others. Nil: nowhere, for nobody but
    /// this process needs them.
    package var served: ServedSocket?

    /// Where a plugin is.
    package enum Location: Sendable {
        /// The absolute path of a program that is started and ended here.
        case executable(String)
        /// A plugin that somebody else has started and will end.
        case running(Address)

        /// A plugin that runs already. A path has a slash or no colon; all else is `HOST:PORT`.
        ///
        /// - Returns: Nil for what is neither.
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

        /// How long a plugin that was running already, and is not there any more, is waited for:
        /// whoever started it may start it again, and it may have a model to load.
        package var comeback = Duration.seconds(15)

        /// How often a plugin that is kept running is asked whether it still answers.
        package var watch = Duration.seconds(20)

        /// How often a plugin is started within a minute before it is given up.
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
    func throwIfCancelled() throws(PluginError) {
        if Task.isCancelled {
            throw PluginError(.cancelled, "interrupted while plugin '\(name)' was starting")
        }
    }
}
