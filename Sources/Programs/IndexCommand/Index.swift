import ArgumentParser
import FilterKit

/// Runs the program hector-index.
package func runIndex() -> Never { Index.runToEnd() }

struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-index",
        abstract: "Keep collections equal to folders of documents.",
        discussion: """
            Brings folders, and the document stores of the configuration, up to date: what is new or \
            has changed is cut, embedded and stored, what has gone is deleted, and the rest costs \
            nothing. Silent when all is well. See hector-index(1).
            """,
        version: "hector-index \(version)",
        subcommands: [
            IndexStores.self, PrintStatus.self, ListStores.self, ForgetStore.self,
            ManageCache.self,
        ],
        defaultSubcommand: IndexStores.self)
}
