/// An error of which the host should know the kind, so that scripts can act on it.
///
/// The host makes the kind the `code` of an error record and, where the call was the whole run,
/// the exit status. Of any other error it knows the text only, and so it does
/// of the error of one item of a batch, of a tool, and of a reasoning strategy.
public struct CallError: Error, Equatable, Sendable {
    public enum Kind: Sendable, CaseIterable {
        /// A rate, a quota or a budget is exhausted: the same call may succeed later.
        case exhausted
        /// What the plugin depends on cannot be reached for now.
        case unavailable
        /// The request is at fault.
        case invalidArgument
        /// What the request names is not there.
        case notFound
        /// The plugin is not let do that, for want of the right key or otherwise.
        case notPermitted
    }

    public let kind: Kind

    /// What happened: lower case, without a full stop.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension CallError: CustomStringConvertible {
    public var description: String { message }
}
