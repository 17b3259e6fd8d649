package import Unix

/// The reason why files are not accepted as a package.
package struct PackageError: Error, Equatable {
    /// The kind of a reason, which decides on the exit status.
    package enum Meaning: String, Sendable {
        /// It was refused, as it is not what it has to be.
        case notPermitted
        /// It cannot be used: not a package, or not a plugin.
        case malformed
        /// It cannot be reached.
        case unavailable
        /// A file cannot be read or written.
        case unreadable
        /// Something about how it was asked for.
        case usage
    }

    package let meaning: Meaning

    /// In lower case and without a full stop.
    package let message: String

    package init(_ meaning: Meaning, _ message: String) {
        self.meaning = meaning
        self.message = message
    }

    package init(_ error: SystemError) {
        self.init(.unreadable, "\(error)")
    }
}

extension PackageError: CustomStringConvertible {
    package var description: String { message }
}
