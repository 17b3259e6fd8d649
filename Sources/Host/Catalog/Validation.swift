package import Configuration
internal import OpenSSL
internal import Unix
import YAML

extension Catalog {
    /// Returns the problems of the hector.yaml that applies and of the configured or discovered
    /// plugins, as far as they can be found before a plugin starts. Nil if there is no file.
    ///
    /// - Throws: The reason why the file cannot be read.
    package static func validationProblems(
        explicit: String?, environment: [String: String],
        workingDirectory: String = Directory.current,
        executableDirectory: String = Directory.ofPrograms, hostVersion: Version = hectorVersion
    ) throws(SettingsError) -> [String]? {
        let (catalog, problems) = try find(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory,
            executableDirectory: executableDirectory, hostVersion: hostVersion)
        guard let problems else { return nil }
        let unset = catalog.settings?.unsetVariables(in: environment) ?? []
        var messages = (problems + unset).sorted { $0.mark < $1.mark }.map { "\($0)" }
        // The problem of a plugin may also have been reported for each entry that names it.
        for message in catalog.pluginProblems() where !messages.contains(message) {
            messages.append(message)
        }
        return messages
    }

    /// Returns the problems of plugins: broken manifests, missing executables and settings, unset
    /// variables, and checksums that differ.
    private func pluginProblems() -> [String] { configuredProblems() + problemsOfPaths() }

    private func configuredProblems() -> [String] {
        var problems = discover().broken.map(\.error.message)
        for entry in Kind.allCases.flatMap({ settings?.plugins[$0] ?? [] }) where entry.isEnabled {
            do throws(CatalogError) {
                let plugin = try configured(entry)
                if let problem = problem(with: plugin) { problems.append(problem.message) }
            } catch {
                problems.append(error.message)
                // Its settings have not been checked.
                var unset: [YAMLError] = []
                for setting in entry.configuration {
                    _ = setting.value(in: environment, gathering: &unset)
                }
                problems += unset.map { "\($0)" }
            }
        }
        return problems
    }

    /// Returns the problems of the plugins that defaults, agents and stores name by their paths.
    private func problemsOfPaths() -> [String] {
        guard let settings else { return [] }
        var problems: [String] = []
        let references = settings.references.sorted { $0.text.place.mark < $1.text.place.mark }
        for reference in references {
            guard let path = reference.text.valueIfKnown(in: environment), path.contains("/") else {
                continue
            }
            do throws(CatalogError) {
                let plugin = try plugin(
                    at: absolute(path, in: settings.directory), reference.kind,
                    writtenAt: reference.text.place)
                if let problem = problem(with: plugin) { problems.append(problem.message) }
            } catch {
                problems.append(error.message)
            }
        }
        return problems
    }

    /// Returns the reason why a plugin cannot be used as it is; nil if it can.
    func problem(with plugin: KnownPlugin) -> CatalogError? {
        do throws(CatalogError) {
            let entry = try entry(plugin, [:])
            try verifyChecksum(entry, of: plugin)
            try verifyLock(entry, of: plugin)
            try verifyConfinement(entry, of: plugin)
            return nil
        } catch {
            return error
        }
    }

    /// - Throws: An error if the kernel cannot keep the plugin's limits.
    private func verifyConfinement(
        _ entry: PluginEntry, of plugin: KnownPlugin
    ) throws(CatalogError) {
        guard let problem = entry.confinement.limits?.refusal(of: entry.name) else { return }
        throw CatalogError(problem, .notPermitted).at(plugin.settings?.place)
    }

    /// - Throws: An error if the executable does not have the checksum in the configuration, with
    ///   the same message as on a start of the plugin.
    private func verifyChecksum(
        _ entry: PluginEntry, of plugin: KnownPlugin
    ) throws(CatalogError) {
        guard let expected = entry.checksum, let path = entry.executable else { return }
        let problem: CatalogError
        do throws(FileError) {
            let found = try SHA256.hex(ofFile: path)
            if SHA256.areEqual(found, expected) { return }
            problem = CatalogError(
                "plugin '\(entry.name)' is not the program it was: '\(path)' has the SHA-256 "
                    + "checksum \(found), expected \(expected)", .notPermitted)
        } catch {
            problem = CatalogError("cannot check plugin '\(entry.name)': \(error)", .unavailable)
        }
        throw problem.at(plugin.settings?.place)
    }
}
