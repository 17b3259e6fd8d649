package import Configuration
package import Trust
import Unix
import YAML

/// A catalog of all plugins: configured, discovered and built in.
package struct Catalog: Sendable {
    package let settings: Settings?
    let environment: [String: String]
    package let workingDirectory: String
    let executableDirectory: String
    let hostVersion: Version

    /// True if the plugins in the working directory are left out, because it is not trusted.
    private let skipsWorkingDirectory: Bool

    /// - Parameters:
    ///   - environment: For variables in the settings and for the home directory.
    ///   - workingDirectory: The folder in which relative paths of the command line start.
    ///   - executableDirectory: The folder of the programs.
    package init(
        settings: Settings?, environment: [String: String],
        workingDirectory: String = Directory.current,
        executableDirectory: String = Directory.ofPrograms, hostVersion: Version = hectorVersion,
        skipsWorkingDirectory: Bool = false
    ) {
        self.skipsWorkingDirectory = skipsWorkingDirectory
        self.settings = settings
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.executableDirectory = executableDirectory
        self.hostVersion = hostVersion
    }

    /// Reads the hector.yaml that applies, if there is one, and checks that every plugin that it
    /// names exists. This is for a command that runs nothing: see ``loadTrusted``.
    ///
    /// - Throws: All problems of the file.
    package static func load(
        explicit: String?, environment: [String: String],
        workingDirectory: String = Directory.current,
        executableDirectory: String = Directory.ofPrograms, hostVersion: Version = hectorVersion
    ) throws(SettingsError) -> Catalog {
        let (catalog, problems) = try find(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory,
            executableDirectory: executableDirectory, hostVersion: hostVersion)
        if let problems, !problems.isEmpty {
            throw .problems(problems.sorted { $0.mark < $1.mark })
        }
        return catalog
    }

    /// Reads the hector.yaml that applies, as ``load`` does, for a command that runs what is in it.
    ///
    /// - Parameter notice: Called with a sentence about what has changed in a trusted folder.
    /// - Throws: Also `.untrusted`, unless the use goes on without an untrusted folder.
    package static func loadTrusted(
        explicit: String?, environment: [String: String], use: FolderUse = .full,
        workingDirectory: String = Directory.current,
        executableDirectory: String = Directory.ofPrograms, hostVersion: Version = hectorVersion,
        notice: (String) -> Void
    ) throws(SettingsError) -> Catalog {
        let trust = FolderTrust(of: workingDirectory, environment: environment)
        if use == .ifTrusted || use == .ifUnchanged, explicit == nil {
            var isAdmitted = false
            do throws(SettingsError) {
                let found = try Settings.find(
                    explicit: nil, environment: environment, workingDirectory: workingDirectory)
                // Anyone could stop the command with a file that cannot be read.
                isAdmitted =
                    found != nil && found?.settings == nil
                    ? trust.isTrusted
                    : trust.isAdmitted(found?.settings, unchanged: use == .ifUnchanged)
            } catch {
                if trust.isTrusted { throw error }
            }
            if !isAdmitted {
                let elsewhere = try Settings.find(
                    explicit: nil, environment: environment, workingDirectory: workingDirectory,
                    skipsWorkingDirectory: true)
                return Catalog(
                    settings: elsewhere?.settings, environment: environment,
                    workingDirectory: workingDirectory, executableDirectory: executableDirectory,
                    hostVersion: hostVersion, skipsWorkingDirectory: true)
            }
        }
        let catalog = try load(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory,
            executableDirectory: executableDirectory, hostVersion: hostVersion)
        if use == .full || use == .ifTrusted { try trust.admit(catalog.settings, notice: notice) }
        return catalog
    }

    /// Reads the hector.yaml and returns its problems together with the readable part, for a caller
    /// that may find more problems. They are nil if there is no file.
    static func find(
        explicit: String?, environment: [String: String], workingDirectory: String,
        executableDirectory: String, hostVersion: Version
    ) throws(SettingsError) -> (Catalog, problems: [YAMLError]?) {
        let found = try Settings.find(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory)
        let catalog = Catalog(
            settings: found?.settings, environment: environment,
            workingDirectory: workingDirectory, executableDirectory: executableDirectory,
            hostVersion: hostVersion)
        return (catalog, found.map { $0.problems + catalog.danglingReferences() })
    }

    /// Returns all plugins, with an entry of the configuration before the plugin that it
    /// configures, and the broken candidates.
    package func all(
        _ kind: Kind? = nil
    ) -> (plugins: [KnownPlugin], problems: [CatalogError]) {
        let discovery = discover()
        var plugins: [KnownPlugin] = []
        var problems = discovery.broken.map(\.error)
        for kind in Kind.allCases {
            for entry in settings?.plugins[kind] ?? [] where entry.isEnabled {
                do throws(CatalogError) {
                    plugins.append(try configured(entry))
                } catch {
                    problems.append(error)
                }
            }
        }
        let entries = Kind.allCases.flatMap { settings?.plugins[$0] ?? [] }
        plugins += discovery.plugins.filter { plugin in
            !entries.contains { $0.name == plugin.name && $0.kind == plugin.kind }
        }
        return (plugins.filter { kind == nil || $0.kind == kind }, problems)
    }

    /// Finds the plugins in the directories of `plugin_discovery`, then the built-in ones.
    func discover() -> Discovery {
        var discovery = Discovery(TrustedPaths(environment: environment))
        if settings?.discovery.isEnabled ?? true {
            for directory in discoveryPaths(gathering: &discovery) {
                discovery.scan(
                    directory, subdirectories: settings?.discovery.scansSubdirectories ?? true,
                    origin: .discovered)
            }
        }
        addBuiltIns(to: &discovery)
        return discovery
    }

    /// Returns absolute paths. A path with an unset variable counts as broken.
    private func discoveryPaths(gathering discovery: inout Discovery) -> [String] {
        guard let settings, let paths = settings.discovery.paths else {
            let paths = DiscoverySettings.standardPaths.filter {
                !(settings == nil && skipsWorkingDirectory && $0 == FolderTrust.pluginFolder)
            }
            return paths.map {
                absolute($0, in: settings?.directory ?? workingDirectory)
            }
        }
        var directories: [String] = []
        for path in paths {
            do throws(SettingsError) {
                directories.append(try settings.path(path, environment: environment))
            } catch {
                discovery.addBroken(path.written, CatalogError(error))
            }
        }
        return directories
    }

    func absolute(_ path: String, in directory: String) -> String {
        let home = BaseDirectories(environment: environment).home
        return Path.absolute(Path.expandingTilde(path, home: home), in: directory)
    }

    /// Looks in `../lib/hector/plugins` of the installed program, then beside
    /// the program, where a build leaves them. There a built-in without a
    /// manifest is known by its name.
    private func addBuiltIns(to discovery: inout Discovery) {
        discovery.scan(
            Path.absolute("../lib/hector/plugins", in: executableDirectory),
            subdirectories: true, origin: .builtIn)
        for builtIn in BuiltIn.all {
            let executable = "\(executableDirectory)/\(builtIn.name)"
            guard File.isExecutable(executable) else { continue }
            do throws(CatalogError) {
                let manifest = try Manifest.beside(executable)
                discovery.add(
                    KnownPlugin(
                        name: builtIn.name, kind: builtIn.kind, origin: .builtIn,
                        location: .executable(executable), manifest: manifest, settings: nil))
            } catch {
                discovery.addBroken(builtIn.name, at: executable, from: .builtIn, error)
            }
        }
    }
}
