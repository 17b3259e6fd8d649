import ArgumentParser
import Catalog
import Configuration
import FilterKit

/// The options that choose the database, which hector-search gets.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The database: a name from the configuration, a discovered or built-in one, or a path.",
            valueName: "name|path"),
        completion: .custom { _, _, _ in ConfiguredNames.plugins(.databaseProvider) })
    var plugin: String?

    @Option(
        help: ArgumentHelp(
            "Use a database that is already running, and leave it running.",
            valueName: "path|host:port"))
    var socket: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set an option of the database; repeat for more.", valueName: "key=value"))
    var option: [String] = []

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String?

    func validate() throws {
        try SettingArguments.validate(option, of: "--option")
    }

    /// The options as hector-search has them, without `--config`, which the embedder gets, too.
    ///
    /// - Throws: `Failure`.
    func arguments() throws -> [String] {
        (plugin.map { ["--plugin", $0] } ?? []) + (socket.map { ["--socket", $0] } ?? [])
            + (try SettingArguments.handingOn(option)).flatMap { ["--option", $0] }
    }
}

/// The options for calls that both filters get.
struct SearchCallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Give up a call after this long: 90, 90s, 500ms or 5m.", valueName: "time"))
    var timeout: Timeout?

    @Flag(help: "Show what plugins write, and how they are run.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    var quiet = false

    var arguments: [String] {
        (timeout.map { ["--timeout", $0.argument] } ?? []) + (debug ? ["--debug"] : [])
            + (quiet ? ["--quiet"] : [])
    }
}
