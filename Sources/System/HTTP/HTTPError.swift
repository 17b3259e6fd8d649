/// The reason why there is no answer, or only a part of one.
///
/// The text names the server only by scheme, host and port, and never contains headers.
package struct HTTPError: Error, Equatable, Sendable {
    package enum Kind: Sendable {
        /// The request cannot be sent.
        case invalid
        /// The server has not seen the request.
        case unreachable
        /// The connection ended too early; the server may have seen the request.
        case interrupted
        /// The server said nothing for too long.
        case silent
        /// The server could not prove its identity, or this side could not.
        case untrusted
        /// The answer is longer than the caller allows.
        case tooLong
        /// The task was cancelled.
        case cancelled
    }

    package let kind: Kind

    /// A sentence for people, without a full stop.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { message }
}
