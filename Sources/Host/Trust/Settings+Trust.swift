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
}
