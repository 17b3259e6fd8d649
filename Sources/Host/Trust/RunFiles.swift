package import Configuration
internal import JSON
internal import Unix

/// The files that decide what Hector runs: a tool must not write them.
package enum RunFiles {
    /// The setting by which a plugin that writes files gets their paths, if its manifest has it.
    package static let setting = "protect_path"

    /// Returns the absolute paths of the configuration in use, of the programs and scripts that it
    /// names, and of the directories in which plugins are found.
    package static func all(
        of settings: Settings?, in workingDirectory: String, environment: [String: String]
    ) -> [String] {
        let folder = settings?.directory ?? workingDirectory
        let effects = FolderEffect.all(of: settings, in: folder, environment: environment)
        let home = BaseDirectories(environment: environment).home
        let discovery =
            settings?.discovery.paths?.compactMap { $0.valueIfKnown(in: environment) }
            ?? [FolderTrust.pluginFolder]
        return (settings.map { ["\($0.directory)/\(Path.name(of: $0.file))"] } ?? [])
            + effects.flatMap(\.files)
            + discovery.map { Path.absolute(Path.expandingTilde($0, home: home), in: folder) }
    }

    /// Returns a setting with paths added to what the user has given.
    package static func value(_ given: String?, adding paths: [String]) -> String {
        let text = given ?? ""
        let own =
            text.hasPrefix("[")
            ? (try? Value(parsing: Array(text.utf8)))?.array?.compactMap(\.string) ?? []
            : text.split(separator: ",").map { String($0) }
        return "\(Value.array((own + paths).map { .string($0) }))"
    }
}
