import ArgumentParser
import FilterKit

/// Runs the program hector-reason.
package func runReason() -> Never { Reason.runToEnd() }

struct Reason: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hector-reason",
        abstract: "Have a reasoning strategy decide how each record goes on.",
        discussion: """
            Reads JSON lines from standard input, hands each record's 'messages' and 'state' to \
            the strategy, and writes the record with what it decides as 'reasoning' and its own \
            notes in 'state'. See hector-reason(1).
            """,
        version: "hector-reason \(version)",
        subcommands: [ReasonRecords.self, PrintSlots.self, PrintInfo.self],
        defaultSubcommand: ReasonRecords.self)
}

extension Reason: HasStandardOptions {
    typealias StandardOptions = ReasonRecords
}
