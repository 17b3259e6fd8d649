internal import Synchronization
internal import Text
internal import Unix

/// A progress line on standard error. It is overwritten if the terminal has a movable cursor; if
/// not, a new line is written from time to time.
package final class ProgressLine: Sendable {
    /// True if a line can be overwritten.
    package let hasCursor: Bool

    private let write: @Sendable (String) -> Void
    private let isOnScreen = Mutex(false)

    /// Carriage return and erase-to-end-of-line.
    private static let erasure = "\r\u{1b}[K"

    package convenience init() {
        self.init(
            hasCursor: isStandardErrorTerminal && !isTerminalDumb,
            write: writeControlsToStandardError)
    }

    /// - Parameter write: Gets visible text, with control sequences if there is a cursor.
    init(hasCursor: Bool, write: @escaping @Sendable (String) -> Void) {
        self.hasCursor = hasCursor
        self.write = write
    }

    /// True if enough time has passed since the last update to read it.
    package func isDue(_ now: ContinuousClock.Instant, after last: ContinuousClock.Instant) -> Bool
    {
        now - last >= .milliseconds(hasCursor ? 200 : 10_000)
    }

    /// Shows a text in place of the last one.
    package func show(_ text: String) {
        isOnScreen.withLock { isOnScreen in
            isOnScreen = hasCursor
            write(hasCursor ? Self.erasure + Self.line(text) : Self.line(text) + "\n")
        }
    }

    /// Shows a final text, which stays.
    package func finish(_ text: String) {
        isOnScreen.withLock { isOnScreen in
            isOnScreen = false
            write((hasCursor ? Self.erasure : "") + Self.line(text) + "\n")
        }
    }

    /// Removes the line from the terminal, to make room for other text.
    package func erase() {
        isOnScreen.withLock { isOnScreen in
            if isOnScreen { write(Self.erasure) }
            isOnScreen = false
        }
    }

    private static func line(_ text: String) -> String {
        "\(VisibleText("\(Diagnostics.programName): \(text)"))"
    }
}
