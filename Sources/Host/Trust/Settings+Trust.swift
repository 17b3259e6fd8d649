package import Configuration
package import Unix

/// The use that a command makes of what it finds in its working directory.
package enum FolderUse: Sendable {
    /// It may run anything, so the folder has to be trusted.
    case full

    /// It leaves out a folder that is not trusted, without a question.
    case ifTrusted

    /// It also leaves out one that has changed what it does, and says and keeps nothing.
    case ifUnchanged

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
    /// found and not named, its folder has to be trusted as it is now.
    ///
    /// - Parameter isNamed: True if the user is known to have named it.
    package static func loadTrusted(
        remembered file: String, isNamed: Bool, environment: [String: String],
        notice: (String) -> Void
    ) throws(SettingsError) -> Settings? {
        if isNamed { return try load(explicit: file, environment: environment) }
        let folder = Path.parent(of: file)
        let trust = FolderTrust(of: folder, environment: environment)
        if Path.name(of: file) == "hector.yaml",
            let settings = try find(
                explicit: nil, environment: environment.filter { $0.key != "HECTOR_CONFIG" },
                workingDirectory: folder)?.settings, settings.isFromWorkingDirectory
        {
            try trust.admit(settings, notice: notice)
        } else {
            try trust.admit(named: file)
        }
        return try load(explicit: file, environment: environment)
    }
}
