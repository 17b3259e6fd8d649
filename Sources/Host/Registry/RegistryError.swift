package import PackageFiles

/// An answer of a registry that cannot be used, or none.
package struct RegistryError: Error, Equatable {
    package enum Kind: Sendable {
        /// The registry did not answer, or not to the end.
        case unreachable
        /// It does not have what was asked for.
        case missing
        /// It does not let this user have it, or it cannot be trusted.
        case refused
        /// Something that it sent is not what it has to be.
        case wrong
        /// A file cannot be read or written.
        case unreadable
    }

    package let kind: Kind

    /// In lower case and without a full stop.
    package let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var asPackageError: PackageError {
        switch kind {
        case .unreachable, .missing: PackageError(.unavailable, message)
        case .refused, .wrong: PackageError(.notPermitted, message)
        case .unreadable: PackageError(.unreadable, message)
        }
    }
}
