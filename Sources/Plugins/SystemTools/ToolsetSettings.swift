/// The permissions that the user gives to the tools.
package struct ToolsetSettings: Equatable, Sendable {
    /// The directory in which the tools work, and outside of which they reach nothing.
    package var workingDirectory: String

    /// True to offer only tools that change nothing.
    package var isReadOnly = false

    /// Names to look for in PATH, and absolute paths.
    package var allowedCommands: [String] = []

    /// The environment variables of commands, besides those that any program needs.
    package var environment: [String: String] = [:]

    /// The longest time that a command may take.
    package var commandTimeout = Duration.seconds(120)

    /// The longest time that a search may take.
    package var searchTimeout = Duration.seconds(30)

    /// The most bytes of a tool's output, not counting notes.
    package var mostOutput = 100_000

    /// The largest file that is read or written as a whole, in bytes.
    package var largestFile = 10 << 20

    /// The file that holds the list of things to do; nil to keep it only while the process runs.
    package var todoFile: String?

    /// The protected files that may be written all the same: paths and patterns, relative to the
    /// working directory.
    package var allowedPaths: [String] = []

    /// The absolute paths of files that the host runs, and of directories with such files.
    package var protectedPaths: [String] = []

    package init(workingDirectory: String) { self.workingDirectory = workingDirectory }
}
