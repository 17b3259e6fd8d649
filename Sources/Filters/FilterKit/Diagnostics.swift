internal import GivenSettings
internal import Synchronization
internal import Text
internal import Unix

/// The messages of a command to the user: on standard error, after the command's own name.
package enum Diagnostics {
    private static let name = Mutex("hector")
    private static let isQuiet = Mutex(false)
    private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    package static var programName: String {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }

    /// Silences warnings; errors are always shown.
    package static func beQuiet() { isQuiet.withLock { $0 = true } }

    /// Sends every text, which ends with a newline, to `listener` instead of standard error, for a
    /// program in which the user edits a line on the terminal.
    package static func divert(to listener: (@Sendable (String) -> Void)?) {
        self.listener.withLock { $0 = listener }
    }

    private static func say(_ text: String) {
        let visible = VisibleText(message: KnownSecrets.redacted(text)).description
        if let listener = listener.withLock({ $0 }) {
            listener(visible)
        } else {
            writeToStandardError(visible)
        }
    }

    /// Shows the reason for a failure in one write, so that lines of several commands in a pipe do
    /// not mix.
    package static func error(_ message: String) {
        say("\(programName): \(message)\n")
    }

    package static func warn(_ message: String) {
        if !isQuiet.withLock({ $0 }) { error(message) }
    }

    /// Shows lines that explain what happens next, without the name of the command.
    package static func note(_ text: String) {
        if !isQuiet.withLock({ $0 }) { say(text) }
    }

    /// Shows a line from another program, such as a plugin.
    package static func line(_ text: String) { say(text + "\n") }
}
