import ArgumentParser
import FilterKit
import PluginFilter
import PluginFilterKit

/// A plugin that outlives the commands that use it.
struct Serve: Program {
    static let configuration = CommandConfiguration(
        abstract: "Keep a plugin running at a socket, for filters that are given --socket.",
        discussion: """
            Stays in the foreground, starts the plugin again when it dies, and ends with status 0 \
            at SIGTERM.
            """)

    @OptionGroup var plugin: NamedPluginOptions

    @Option(help: ArgumentHelp("The path of the socket to serve the plugin at.", valueName: "path"))
    var socket: String

    @Flag(help: "Show everything that the plugin logs, including traces.")
    var debug = false

    @Flag(name: .shortAndLong, help: "Show warnings and errors only.")
    var quiet = false

    var isServer: Bool { true }

    func work() async throws -> ExitStatus {
        try await serve(
            try plugin.find(), at: socket, debug ? .all : quiet ? .few : .most)
        return .success
    }
}
