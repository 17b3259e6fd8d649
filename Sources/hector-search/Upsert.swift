import ArgumentParser
import Command
import Plugin
import PluginCommand
import Settings

struct Upsert: Program {
    static let configuration = CommandConfiguration(
        abstract: "Store each record, replacing the one with the same id.")

    @OptionGroup var target: CollectionOption

    @Flag(help: "Create the collection first, if there is none.")
    var create = false

    @OptionGroup var printing: AcknowledgementOptions

    @OptionGroup(title: "Choosing the plugin")
    var plugin: PluginOptions

    @OptionGroup(title: "Reading and writing records")
    var filtering: FilterOptions

    func work() async throws -> ExitStatus {
        try await withChosenPlugin(.databaseProvider, plugin, isDebugging: filtering.debug) {
            plugin in
            let stage = UpsertStage(
                Database(plugin, timeout: filtering.callTimeout), collection: target.collection,
                creates: create, printing.acknowledgement, filtering)
            return try await filter(through: stage, filtering).status
        }
    }
}

/// What is printed of a record that has been dealt with.
struct AcknowledgementOptions: ParsableArguments {
    @Flag(help: "Print the id of each record that is done.")
    var ack = false

    @Flag(name: .customLong("pass"), help: "Print each record that is done.")
    var passes = false

    func validate() throws {
        if ack, passes { throw ValidationError("--ack and --pass exclude each other") }
    }

    var acknowledgement: Acknowledgement { ack ? .receipt : passes ? .record : .nothing }
}
