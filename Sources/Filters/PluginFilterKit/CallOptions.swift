package import ArgumentParser
package import FilterKit

/// The options of a command that makes a single call.
package struct CallOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Give up a call after this long: 90, 90s, 500ms or 5m.", valueName: "time"))
    package var timeout: Timeout?

    @Flag(help: "Show what plugins write, and how they are run.")
    package var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    package var quiet = false

    package init() {}

    /// Silences warnings if the user asked for that.
    package func begin() { if quiet { Diagnostics.beQuiet() } }

    /// The time limit of a call.
    package var duration: Duration { timeout?.duration ?? FilterOptions.defaultTimeout }
}
