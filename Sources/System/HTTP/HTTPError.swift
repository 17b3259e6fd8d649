/// Why there is no answer, or no more of it.
///
/// The text names the server by scheme, host and port only, and has nothing of the headers.
package struct HTTPError: Error, Equatable, Sendable {
    package enum Kind: Sendable {
        /// Not a request that could be sent.
        case invalid
        /// The server has not seen the request.
        case unreachable
        /// The connection ended too early; the server may have seen the request.
        case interrupted
        /// The server said nothing for too long.
        case silent
        /// The server could not prove who it is, or the other way round.
        case untrusted
        /// The answer is longer than the caller allows.
        case tooLong
        /// Nobody wants the answer any more.
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
