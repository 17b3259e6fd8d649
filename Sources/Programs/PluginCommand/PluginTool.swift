import ArgumentParser
import FilterKit

/// Runs the program hector-plugin.
package func runPlugin() -> Never { PluginTool.runToEnd() }

struct PluginTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-plugin",
        abstract: "List, describe, serve, check and install plugins.",
        discussion: """
            'hector plugin' is the same. See hector-plugin(1), and hector-plugins(7) for the \
            plugins that come with Hector.
            """,
        version: "hector-plugin \(version)",
        subcommands: [
            List.self, Info.self, Serve.self, Check.self, Install.self, Update.self, Remove.self,
            Verify.self,
        ])
}
