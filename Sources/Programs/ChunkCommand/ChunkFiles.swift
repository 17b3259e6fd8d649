import ArgumentParser
import Chunking
import FilterKit
import Glibc

/// Runs the program hector-chunk.
package func runChunk() -> Never { ChunkFiles.runToEnd() }

struct ChunkFiles: Program {
    static let configuration = CommandConfiguration(
        commandName: "hector-chunk",
        abstract: "Cut text files into records, one for each passage.",
        discussion: """
            Paths come from the arguments or, if there are none, from standard input, one a line: \
            find docs -name '*.md' | hector-chunk
            """,
        version: "hector-chunk \(version)")

    @Argument(
        help: ArgumentHelp(
            "Files to read; '-' is text on standard input.", valueName: "path"))
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "The most characters in a chunk; a character is a Unicode scalar.",
            valueName: "characters"))
    var size = 2000

    @Option(
        help: ArgumentHelp(
            "The most characters that neighbours share. (default: a tenth of the size)",
            valueName: "characters"))
    var overlap: Int?

    @Flag(help: "Make one record of each file.")
    var whole = false

    /// The text that is embedded with the content of a chunk.
    enum Context: String, ExpressibleByArgument, CaseIterable { case none, headings }

    @Option(
        help: ArgumentHelp(
            "Have the title and the headings of a chunk embedded with it, or not.",
            valueName: "none|headings"))
    var context = Context.headings

    @Flag(help: "Read the text on pictures with tesseract(1).")
    var ocr = false

    @Flag(
        name: [.customShort("0"), .customLong("null")],
        help: "Paths on standard input end in NUL, not newline.")
    var null = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Read up to N files at once. (default: one per core)", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Stop at the first file that is skipped.")
    var failFast = false

    @Option(
        help: ArgumentHelp("Write a record for each skipped file to this file.", valueName: "file"))
    var errors: String?

    @Flag(help: "Print a line of JSON with totals to standard error at the end.")
    var summary = false

    @Flag(help: "Show progress on standard error.")
    var progress = false

    @Flag(
        name: .shortAndLong, help: "Do not report files that are skipped because they are not text."
    )
    var quiet = false

    func validate() throws {
        if !(1...10_000_000).contains(size) {
            throw ValidationError("--size must be from 1 to 10000000, not \(size)")
        }
        if let overlap, !(0..<size).contains(overlap) {
            throw ValidationError("--overlap must be from 0 to less than --size, not \(overlap)")
        }
        if let jobs, !(1...1000).contains(jobs) {
            throw ValidationError("--jobs must be from 1 to 1000, not \(jobs)")
        }
    }

    func work() async throws -> ExitStatus {
        if quiet { Diagnostics.beQuiet() }
        let hasContext = context == .headings
        let settings =
            whole
            ? ChunkSettings(wholeWithContext: hasContext)
            : ChunkSettings(size: size, overlap: overlap ?? size / 10, hasContext: hasContext)
        let clock = ContinuousClock()
        let start = clock.now
        var run = try ChunkRun(
            Cutting(settings: settings, recognizesText: ocr), jobs: jobs ?? processors,
            failFast: failFast, errors: errors,
            progress: progress && !quiet ? Progress(of: "files") : nil)
        try await run.read(Paths(arguments: paths, areEndedByNUL: null))
        if summary { Diagnostics.line(run.totals.summary(after: clock.now - start)) }
        return run.totals.skipped == 0 ? .success : .incomplete
    }

    private var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
