import ArgumentParser
import Configuration
import FilterKit
import PluginFilterKit
import PluginHost
import SearchFilter
import Unix

struct Create: Program {
    static let configuration = CommandConfiguration(abstract: "Create a collection.")

    @OptionGroup var target: CollectionOption

    @Option(help: ArgumentHelp("The length of each vector.", valueName: "n"))
    var dimension: Int

    @OptionGroup var facts: PropertyOptions

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func validate() throws {
        if !(1...1_000_000).contains(dimension) {
            throw ValidationError("--dimension must be from 1 to 1000000, not \(dimension)")
        }
    }

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            let database = Database(plugin, timeout: call.duration)
            try await facts.check(CollectionFacts(database, collection: target.collection))
            try await database.createCollection(
                target.collection, dimension: dimension, properties: facts.values)
            return .success
        }
    }
}

struct Drop: Program {
    static let configuration = CommandConfiguration(
        abstract: "Delete a collection and everything in it.")

    @OptionGroup var target: CollectionOption

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            try await Database(plugin, timeout: call.duration).deleteCollection(target.collection)
            return .success
        }
    }
}

/// The options for facts that are kept with a collection.
struct PropertyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep a fact with the collection, such as language=de; repeat for more.",
            valueName: "key=value"))
    var property: [String] = []

    // For hector-index, which cannot know whether the database has a catalog.
    @Flag(help: .hidden)
    var propertiesIfKept = false

    func validate() throws { try validatePairs(property, of: "--property") }

    var values: [String: String] { pairs(property) }

    /// - Throws: `Failure` if there are facts and the database cannot keep them.
    func check(_ collection: CollectionFacts) async throws {
        if !property.isEmpty, !propertiesIfKept { try await collection.requireCatalog() }
    }
}

struct ListCollections: Program {
    static let configuration = CommandConfiguration(
        commandName: "collections", abstract: "Print the collections of the database.")

    @Argument(help: ArgumentHelp("Only those whose names begin like this.", valueName: "prefix"))
    var prefix = ""

    @Flag(help: "Print JSON lines even at a terminal.")
    var json = false

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            let database = Database(plugin, timeout: call.duration)
            try await CollectionFacts(database, collection: "").requireCatalog()
            let collections = try await database.collections(prefix: prefix)
            try print(collections, asJSON: json || !isStandardOutputTerminal)
            return collections.isEmpty && !prefix.isEmpty ? .incomplete : .success
        }
    }
}

struct Move: Program {
    static let configuration = CommandConfiguration(
        abstract: "Give a collection another name, at once.")

    @Argument(
        help: ArgumentHelp("The collection.", valueName: "from"),
        completion: .custom { _, _, _ in collectionNames() })
    var from: String

    @Argument(help: ArgumentHelp("Its new name.", valueName: "to"))
    var to: String

    @Flag(help: "Delete a collection that has the new name.")
    var replace = false

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup var call: CallOptions

    func validate() throws {
        if from.isEmpty || to.isEmpty { throw ValidationError("a name must not be empty") }
        if from == to { throw ValidationError("'\(from)' has that name already") }
    }

    func work() async throws -> ExitStatus {
        call.begin()
        return try await withChosenPlugin(.databaseProvider, plugin, isDebugging: call.debug) {
            plugin in
            let database = Database(plugin, timeout: call.duration)
            try await CollectionFacts(database, collection: from).requireCatalog()
            try await database.moveCollection(from, to: to, replaces: replace)
            return .success
        }
    }
}
