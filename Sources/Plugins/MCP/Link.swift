internal import JSON

/// A connection to a server, on which requests go out and their answers come back.
protocol Link: Sendable {
    /// The server's address in a form to show. Empty for a child process on this machine.
    var url: String { get }

    /// True if the headers of a request are sent.
    var readsHeaders: Bool { get }

    /// The reason why no more can be sent, or nil.
    var failure: MCPError? { get }

    /// Sends a request and waits for its result.
    ///
    /// Cancelling the task reports to the server that its answer is no longer awaited.
    ///
    /// - Throws: `MCPError`, or `CancellationError`.
    func request(_ request: Request) async throws -> Value

    /// Sends a message that gets no answer.
    func notify(_ method: String, _ params: Members) async throws

    /// Records the revision that both sides have agreed on.
    func speak(_ revision: Revision)

    /// Waits for messages that the server sends without being asked, if that needs a separate
    /// connection, and returns when it has ended.
    ///
    /// - Throws: An error if the server does not support it.
    func listen() async throws

    /// Ends the connection, and the server if it is a child process.
    func close() async
}

/// A request to a server.
struct Request: Sendable {
    let method: String
    var params: Members = [:]

    /// The parts of the request that are repeated as headers, for HTTP only.
    var headers: [(name: String, value: String)] = []

    /// The longest time to wait. Nil means forever.
    var timeout: Duration?

    /// Gets the server's reports. Nil asks for none.
    var progress: ProgressWatch?

    /// False for the opening of a conversation, which must not be cancelled.
    var isCancellable = true
}
