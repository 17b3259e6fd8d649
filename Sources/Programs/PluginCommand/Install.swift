import ArgumentParser
import FilterKit
import PluginFilter

/// The installation of a plugin from a folder, an archive or a registry.
struct Install: Program {
    static let configuration = CommandConfiguration(
        abstract: "Install a plugin into ~/.hector/plugins, after you have agreed.",
        discussion: """
            Shows what the plugin is, what it needs and where it is from, and asks. Nothing of it is \
            run. From then on it is started only if it is what was installed: hector.lock has its \
            checksum.
            """)

    @Argument(
        help: ArgumentHelp(
            "A folder, a tar archive, or oci://HOST[:PORT]/NAME[:TAG|@sha256:DIGEST].",
            valueName: "folder|file|reference"),
        completion: .file())
    var source: String

    @Option(
        help: ArgumentHelp("The name of its folder, instead of the plugin's.", valueName: "name"))
    var name: String?

    @OptionGroup var options: InstallationOptions

    func work() async throws -> ExitStatus {
        options.begin()
        try await installPlugin(from: source, as: name, options.request)
        return .success
    }
}

/// The options of what installs plugins.
struct InstallationOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The public key that has to have signed it, as 'cosign sign --key' does; it is "
                + "remembered.",
            valueName: "file"),
        completion: .file())
    var key: String?

    @Flag(help: "Let an older version take the place of a newer one.")
    var allowDowngrade = false

    @Flag(help: "Use what was fetched before, and do not ask the registry.")
    var offline = false

    @Flag(name: .shortAndLong, help: "Agree without being asked.")
    var yes = false

    @Flag(name: .shortAndLong, help: "Do not show what is installed when --yes agrees.")
    var quiet = false

    func begin() { if quiet { Diagnostics.beQuiet() } }

    var request: InstallationRequest {
        var request = InstallationRequest()
        request.key = key
        request.agrees = yes
        request.allowsDowngrade = allowDowngrade
        request.isOffline = offline
        return request
    }
}
