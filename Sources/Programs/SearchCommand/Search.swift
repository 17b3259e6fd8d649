import ArgumentParser
import Catalog
import FilterKit

/// Runs the program hector-search.
package func runSearch() -> Never { Search.runToEnd() }

struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-search",
        abstract: "Add to each record the documents nearest to its vector.",
        discussion: """
            Reads JSON lines with a member 'vector' from standard input and writes each with a \
            member 'results' added, best first. Exits with status 1 when nothing was found for \
            any. See hector-search(1).
            """,
        version: "hector-search \(version)",
        subcommands: [SearchRecords.self, Upsert.self, Delete.self, Create.self, Drop.self],
        defaultSubcommand: SearchRecords.self)
}

extension Search: HasStandardOptions {
    typealias StandardOptions = SearchRecords
}

/// The option for the collection that a command works on.
struct CollectionOption: ParsableArguments {
    @Option(
        name: [.customShort("C"), .long], help: ArgumentHelp("The collection.", valueName: "name"),
        completion: .custom { _, _, _ in ConfiguredNames.collections })
    var collection: String

    func validate() throws {
        if collection.isEmpty { throw ValidationError("--collection must not be empty") }
    }
}
