import Agent
import ArgumentParser
import Configuration
import FilterKit
import JSON
import Text
import Trust
import Unix

/// The folders whose own programs and settings the user has agreed to.
struct TrustFolder: Program {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Trust a folder, so that its hector.yaml and plugins are used.",
        discussion: """
            Prints on standard error what the folder can do from now on. See hector-security(7).
            """)

    @Argument(
        help: ArgumentHelp("The folder; by default, the working directory.", valueName: "dir"),
        completion: .directory)
    var folder: String?

    @Flag(help: "Print the trusted folders, and those that no longer are.")
    var list = false

    @Flag(help: "End the trust in the folder.")
    var revoke = false

    @Flag(help: "With --list, print a line of JSON for each.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    func validate() throws {
        if list, revoke { throw ValidationError("--list and --revoke exclude each other") }
        if list, folder != nil { throw ValidationError("--list lists all folders and takes none") }
        if folder?.isEmpty == true { throw ValidationError("the folder has no name") }
        if json, !list { throw ValidationError("--json needs --list") }
    }

    func work() throws -> ExitStatus {
        if quiet { Diagnostics.beQuiet() }
        do {
            if list { return try printList() }
            return revoke ? try end() : try begin()
        } catch let error as SettingsError {
            throw Failure(error)
        }
    }

    private var path: String { Path.absolute(folder ?? ".", in: Directory.current) }

    private var trust: FolderTrust { FolderTrust(of: path, environment: Environment.current) }

    // MARK: Trusting

    private func begin() throws -> ExitStatus {
        guard try File(path).kind == .directory else {
            throw Failure(.usage, "'\(path)' is not a folder")
        }
        let effects = try trust.trust(try settings())
        let lines = effects.map { "  \($0.line)\n" }.joined()
        Diagnostics.warn(
            effects.isEmpty
                ? "'\(path)' is trusted; it has nothing to run yet"
                : "'\(path)' is trusted, and from now on\n\(lines.dropLast())")
        return .success
    }

    /// Returns the settings of the folder's hector.yaml; nil if it has none.
    ///
    /// - Throws: Also an error for a file with mistakes, as it cannot be said what it would do.
    private func settings() throws(SettingsError) -> Settings? {
        let environment = Environment.current.filter { $0.key != "HECTOR_CONFIG" }
        let settings = try Settings.load(
            explicit: nil, environment: environment, workingDirectory: path)
        return settings?.isFromWorkingDirectory == true ? settings : nil
    }

    // MARK: Ending trust

    private func end() throws(SettingsError) -> ExitStatus {
        let wasTrusted = try trust.revoke()
        if let covering = trust.coveringPath {
            Diagnostics.warn(
                "'\(path)' stays trusted: \(TrustedPaths.variable) lists '\(covering)'")
        }
        if wasTrusted { return .success }
        Diagnostics.error("'\(path)' was not trusted; 'hector trust --list' lists what is")
        return .incomplete
    }

    // MARK: The list

    private func printList() throws -> ExitStatus {
        let records = try TrustStore(environment: Environment.current).all()
        let text = records.map { json ? line($0) : row($0) }.joined()
        try writeToStandardOutput(text)
        return .success
    }

    private func row(_ record: TrustRecord) -> String {
        let path = VisibleText(name: record.path).description
        return record.end.map { "\(path)\t(no longer: it \($0))\n" } ?? "\(path)\n"
    }

    private func line(_ record: TrustRecord) -> String {
        let value: Value = [
            "folder": .string(record.path), "time": .string(record.time),
            "trusted": .bool(record.end == nil), "reason": record.end.map { .string($0) } ?? .null,
            "effects": .array(record.effects.map { .string($0) }),
        ]
        return "\(value)\n"
    }
}
