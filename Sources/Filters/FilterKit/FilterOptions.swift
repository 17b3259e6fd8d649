package import ArgumentParser

/// The options shared by every filter over records.
package struct FilterOptions: ParsableArguments, Sendable {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Keep up to N calls in flight.", valueName: "n"))
    package var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Put up to N records into one call, if the plugin can do that.", valueName: "n"))
    package var batchSize = 64

    @Option(
        help: ArgumentHelp(
            "Give up a call after this long: 90, 90s, 500ms or 5m.", valueName: "time"))
    package var timeout: Timeout?

    @Flag(help: "Start the plugin at once, not when the first record comes.")
    package var eager = false

    // For programs with an interactive user, such as hector-shell.
    @Flag(help: .hidden)
    package var reportStart = false

    @Flag(
        name: [.customShort("0"), .customLong("null")],
        help: "Records end in NUL, not newline, on both sides.")
    package var null = false

    @Flag(help: "Each input line is plain text, not JSON.")
    package var text = false

    @Option(
        help: ArgumentHelp("The member that holds a record's text.", valueName: "name"))
    package var field: String?

    @Flag(help: "Write records as they are done, not in the order they came.")
    package var unordered = false

    @Option(
        help: ArgumentHelp(
            "Hold at most this much that waits for an earlier record or is being processed.",
            valueName: "size"))
    package var window = ByteCount(64 << 20)

    @Flag(help: "Put what does not fit into the window into a file in $TMPDIR.")
    package var spill = false

    @Flag(help: "Stop at the first record that fails.")
    package var failFast = false

    @Option(help: ArgumentHelp("Write failed records to this file.", valueName: "file"))
    package var errors: String?

    @Flag(help: "Print a line of JSON with totals to standard error at the end.")
    package var summary = false

    @Flag(help: "Show progress on standard error.")
    package var progress = false

    @Option(
        help: ArgumentHelp(
            "The longest line to accept, in bytes: 1000000, 512K, 64M.", valueName: "size"))
    package var maxLine = ByteCount(64 << 20)

    @Flag(help: "Show what plugins write, and how they are run.")
    package var debug = false

    @Flag(name: .shortAndLong, help: "Print only errors.")
    package var quiet = false

    package init() {}

    /// The default time limit of Embed, Search, Upsert and Delete calls.
    package static let defaultTimeout = Duration.seconds(60)

    /// The time limit of a call.
    package var callTimeout: Duration { timeout?.duration ?? Self.defaultTimeout }

    package func validate() throws {
        // Finding the plugin, before any record is read, may warn already.
        if quiet { Diagnostics.beQuiet() }
        if let jobs, !(1...10_000).contains(jobs) {
            throw ValidationError("--jobs must be from 1 to 10000, not \(jobs)")
        }
        if !(1...100_000).contains(batchSize) {
            throw ValidationError("--batch-size must be from 1 to 100000, not \(batchSize)")
        }
    }
}

/// A number of bytes, such as `64M`.
package struct ByteCount: ExpressibleByArgument, Sendable {
    package let bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package init?(argument: String) {
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = argument.last.flatMap { units[Character($0.uppercased())] }
        guard let number = Int(shift == nil ? argument[...] : argument.dropLast()), number > 0,
            number <= Int.max >> (shift ?? 0)
        else { return nil }
        bytes = number << (shift ?? 0)
    }

    package var defaultValueDescription: String {
        for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }
}

extension FilterOptions {
    package var start: PluginStart {
        eager ? reportStart ? .atOnceWithReport : .atOnce : .withFirstCall
    }
}

/// The time at which a plugin is started.
package enum PluginStart: Sendable {
    case withFirstCall
    /// Starts at once; the first call reports a failure to start.
    case atOnce
    /// Starts at once and reports a failure to start at once.
    case atOnceWithReport
}

/// A length of time, such as `90`, `90s`, `500ms` or `5m`.
package struct Timeout: ExpressibleByArgument, Sendable {
    package let duration: Duration

    package init(_ duration: Duration) { self.duration = duration }

    package init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        let unit = units.first { argument.hasSuffix($0.0) }
        guard let number = Double(unit.map { argument.dropLast($0.0.count) } ?? argument[...]),
            number.isFinite, number > 0, number < 1e9
        else { return nil }
        duration = .seconds(number * (unit?.1 ?? 1))
    }

    /// The spelling in which it can be passed to another filter.
    package var argument: String {
        let milliseconds = Int((duration / .milliseconds(1)).rounded(.up))
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
