/// An error whose kind the host should know, so that scripts can act on it.
///
/// The host uses the kind as the `code` of an error record and, if the call was the whole run, for
/// the exit status. Of any other error it gets only the text. That also applies to the errors of an
/// item of a batch, of a tool, and of a reasoning strategy.
public struct CallError: Error, Equatable, Sendable {
    public enum Kind: Sendable, CaseIterable {
        /// A rate, a quota or a budget is exhausted: the same call may succeed later.
        case exhausted
        /// A service that the plugin depends on cannot be reached at the moment.
        case unavailable
        /// The request is at fault.
        case invalidArgument
        /// The thing that the request names does not exist.
        case notFound
        /// The plugin is not allowed to do that, for example because its key is wrong.
        case notPermitted
    }

    public let kind: Kind

    /// The description of the error, in lower case and without a full stop.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension CallError: CustomStringConvertible {
    public var description: String { message }
}
