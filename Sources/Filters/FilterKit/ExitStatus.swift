/// The exit statuses of a command, after sysexits(3).
package enum ExitStatus: Int32, Sendable {
    case success = 0
    /// Some records failed, or nothing was found.
    case incomplete = 1
    case usage = 64
    /// The input cannot be used at all.
    case badInput = 65
    /// The plugin did not start, or died and could not be restarted.
    case unavailable = 69
    /// Something that every program needs is too scarce: files, memory or threads.
    case systemError = 71
    /// A stream or file cannot be read or written.
    case ioError = 74
    /// A rate or budget is exhausted.
    case tryLater = 75
    case notPermitted = 77
    case configuration = 78
}

/// A reason to end the command at once.
package struct Failure: Error, Sendable {
    package let status: ExitStatus

    /// In lower case, without the program's name and without a full stop.
    package let message: String

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension Failure: CustomStringConvertible {
    package var description: String { message }
}
