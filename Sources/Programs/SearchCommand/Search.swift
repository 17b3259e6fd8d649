import ArgumentParser
import FilterKit

/// Runs the program hector-search.
package func runSearch() -> Never { Search.runToEnd() }

struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-search",
        abstract: "Add to each record the documents nearest to its vector and its words.",
        discussion: """
            Reads JSON lines with a member 'vector' from standard input and writes each with a \
            member 'results' added, best first. With texts as arguments it searches for those. \
            Exits with status 1 when nothing was found for any. See hector-search(1).
            """,
        version: "hector-search \(version)",
        subcommands: [
            SearchRecords.self, Watch.self, Upsert.self, Delete.self, Create.self, Drop.self,
            ListCollections.self, Get.self, Dump.self, Move.self, Verify.self, Compact.self,
        ],
        defaultSubcommand: SearchRecords.self)
}

extension Search: HasStandardOptions {
    typealias StandardOptions = SearchRecords.Options
}

/// The option for the collection that a command works on.
struct CollectionOption: ParsableArguments {
    @Option(
        name: [.customShort("C"), .long], help: ArgumentHelp("The collection.", valueName: "name"),
        completion: .custom { _, _, _ in collectionNames() })
    var collection: String

    func validate() throws {
        if collection.isEmpty { throw ValidationError("--collection must not be empty") }
    }
}
