/// What the user allows the tools.
package struct ToolsetSettings: Equatable, Sendable {
    /// Where the tools work, and beyond which they reach nothing.
    package var workingDirectory: String

    /// Whether there are only tools that change nothing.
    package var isReadOnly = false

    /// Names to look for in PATH, and absolute paths.
    package var allowedCommands: [String] = []

    /// What commands get in their environment, besides what any program needs.
    package var environment: [String: String] = [:]

    /// The longest a command may take.
    package var commandTimeout = Duration.seconds(120)

    /// The longest a search may take.
    package var searchTimeout = Duration.seconds(30)

    /// How much a tool says at most, in bytes, notes not counted.
    package var mostOutput = 100_000

    /// The largest file that is read or written whole, in bytes.
    package var largestFile = 10 << 20

    /// Where the list of things to do is kept; nil for as long as the process.
    package var todoFile: String?

    package init(workingDirectory: String) { self.workingDirectory = workingDirectory }
}
