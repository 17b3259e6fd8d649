internal import Synchronization
internal import Text
internal import Unix

/// What a command says to people: on standard error, after its own name.
package enum Diagnostics {
    private static let name = Mutex("hector")
    private static let isQuiet = Mutex(false)
    private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    package static var programName: String {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }

    /// Silences warnings; errors are always told.
    package static func beQuiet() { isQuiet.withLock { $0 = true } }

    /// Has every text, which ends with a newline, given to `listener` in place of standard error,
    /// for whoever edits a line there.
    package static func divert(to listener: (@Sendable (String) -> Void)?) {
        self.listener.withLock { $0 = listener }
    }

    private static func say(_ text: String) {
        let visible = VisibleText(message: text).description
        if let listener = listener.withLock({ $0 }) {
            listener(visible)
        } else {
            writeToStandardError(visible)
        }
    }

    /// Tells why something failed. One write, so that lines of several
    /// commands in a pipe do not mix.
    package static func error(_ message: String) {
        say("\(programName): \(message)\n")
    }

    package static func warn(_ message: String) {
        if !isQuiet.withLock({ $0 }) { error(message) }
    }

    /// A line of somebody else's, such as a plugin's.
    package static func line(_ text: String) { say(text + "\n") }
}
