internal import Synchronization
internal import Unix

/// What a command says to people: on standard error, after its own name.
package enum Talk {
    private static let name = Mutex("hector")
    private static let isQuiet = Mutex(false)

    package static var programName: String {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }

    /// Silences warnings; errors are always told.
    package static func beQuiet() { isQuiet.withLock { $0 = true } }

    /// Tells why something failed. One write, so that lines of several
    /// commands in a pipe do not mix.
    package static func error(_ message: String) {
        writeToStandardError("\(programName): \(message)\n")
    }

    package static func warn(_ message: String) {
        if !isQuiet.withLock({ $0 }) { error(message) }
    }

    /// A line of somebody else's, such as a plugin's.
    package static func line(_ text: String) { writeToStandardError(text + "\n") }
}
