package import Configuration
package import Unix

/// The use that a command makes of what it finds in its working directory.
package enum FolderUse: Sendable {
    /// It may run anything, so the folder has to be trusted.
    case full

    /// It leaves out a folder that is not trusted, without a question.
    case ifTrusted

    /// It runs nothing and only shows it.
    case reading
}

extension Settings {
    /// Finds and reads the hector.yaml that applies, for a command that does what it says.
    ///
    /// - Parameter notice: Called with a sentence about what has changed in a trusted folder.
    /// - Returns: Nil if a file was neither named nor found.
    /// - Throws: `.untrusted` if it is in a working directory that is not trusted.
    package static func loadTrusted(
        explicit: String?, environment: [String: String],
        workingDirectory: String = Directory.current, notice: (String) -> Void
    ) throws(SettingsError) -> Settings? {
        let settings = try load(
            explicit: explicit, environment: environment, workingDirectory: workingDirectory)
        try FolderTrust(of: workingDirectory, environment: environment)
            .admit(settings, notice: notice)
        return settings
    }

    /// Reads a file that an earlier command has used, for one that is typed elsewhere. If it was
    /// found in its folder, and not named, that has to be trusted as it is now.
    package static func loadTrusted(
        remembered file: String, environment: [String: String], notice: (String) -> Void
    ) throws(SettingsError) -> Settings? {
        guard Path.name(of: file) == "hector.yaml",
            let settings = try find(
                explicit: nil, environment: environment.filter { $0.key != "HECTOR_CONFIG" },
                workingDirectory: Path.parent(of: file))?.settings, settings.isFromWorkingDirectory
        else { return try load(explicit: file, environment: environment) }
        try FolderTrust(of: Path.parent(of: file), environment: environment)
            .admit(settings, notice: notice)
        return try load(explicit: file, environment: environment)
    }
}
