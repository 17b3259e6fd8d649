package import ArgumentParser
internal import Catalog
package import Configuration
internal import FilterKit
internal import GivenSettings
internal import Keys
package import PluginHost
package import Trust
internal import Unix

/// The options that choose a plugin and set it up.
package struct PluginOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The plugin: a name from the configuration, a discovered or built-in one, or a path.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins() })
    package var plugin: String?

    @Option(
        help: ArgumentHelp(
            "Use a plugin that is already running, and leave it running.",
            valueName: "path|host:port"))
    package var socket: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the plugin, to the contents of a file by KEY=@FILE; repeat for more.",
            valueName: "key=value"))
    package var option: [String] = []

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    package var config: String?

    package init() {}

    package func validate() throws {
        try SettingArguments.validate(option, of: "--option")
    }

    /// Finds the plugin that these options and the configuration choose.
    ///
    /// - Throws: `Failure`.
    package func find(_ kind: Kind) throws -> Specification { try find(plugin, kind) }

    /// Finds a plugin by its name, whatever `--plugin` says.
    ///
    /// - Parameters:
    ///   - known: Settings for a plugin whose manifest has them.
    ///   - use: The use of the working directory. Nothing in it is needed for a plugin that the
    ///     command line names by its path or socket, so that is found in any folder.
    /// - Throws: `Failure`.
    package func find(
        _ name: String?, _ kind: Kind, ifKnown known: [String: String] = [:],
        use: FolderUse = .full
    ) throws -> Specification {
        let environment = Environment.current
        let values = try SettingArguments.values(option)
        let isComplete = name.map { $0.contains("/") } ?? (socket != nil)
        do {
            let catalog = try Catalog.loadTrusted(
                explicit: config, environment: environment, use: isComplete ? .ifTrusted : use,
                notice: Diagnostics.error)
            var entry = try catalog.find(name, kind: kind, options: values, socket: socket)
            let names = entry.manifest?.schema?.names ?? []
            let accepted = known.filter { names.contains($0.key) }
            if !accepted.isEmpty {
                entry = try catalog.find(
                    name, kind: kind, options: values.merging(accepted) { $1 }, socket: socket)
            }
            if let replacement = entry.replacement { Diagnostics.warn(replacement) }
            let location: Specification.Location =
                switch entry.location {
                case .executable(let path): .executable(path)
                case .socket(let text): try location(ofSocket: text)
                }
            var configuration = entry.configuration
            if names.contains(RunFiles.setting) {
                let files = RunFiles.all(
                    of: catalog.settings, in: catalog.workingDirectory, environment: environment)
                configuration[RunFiles.setting] = RunFiles.value(
                    configuration[RunFiles.setting], adding: files)
            }
            var specification = Specification(
                name: entry.name, service: kind.service, location: location,
                configuration: configuration, requested: entry.requested,
                mutualTLS: entry.mtls, checksum: entry.checksum, environment: environment)
            specification.isRequired = entry.isRequired
            specification.confinement = entry.confinement.limits
            if !entry.keys.isEmpty {
                let name = entry.name
                specification.keys = KeySettings(entry.keys, environment: environment) { line in
                    Diagnostics.line("\(name): \(line)")
                }
            }
            if KnownSecrets.add(settings: entry.configuration) { MemoryProtection.forbidDumps() }
            return specification
        } catch let error as SettingsError {
            throw Failure(ExitStatus(error.meaning), "\(error)")
        } catch let error as CatalogError {
            throw Failure(ExitStatus(error.meaning), error.message)
        }
    }
}

private func location(ofSocket text: String) throws(Failure) -> Specification.Location {
    guard let location = Specification.Location(socket: text) else {
        throw Failure(.usage, "'\(text)' is not a socket: expected one path or HOST:PORT")
    }
    return location
}

extension ExitStatus {
    package init(_ meaning: Meaning) {
        self =
            switch meaning {
            case .unavailable: .unavailable
            case .notPermitted: .notPermitted
            case .configuration: .configuration
            }
    }
}
