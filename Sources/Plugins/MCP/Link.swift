internal import JSON

/// A way to a server, on which requests go there and their answers come back.
protocol Link: Sendable {
    /// Where the server is, for those who call it. Empty means on this machine, as a process
    /// of ours.
    var url: String { get }

    /// Whether the headers of a request get anywhere.
    var readsHeaders: Bool { get }

    /// Why nothing can be sent any more, or nil.
    var failure: MCPError? { get }

    /// Sends a request and waits for its result.
    ///
    /// Cancelling the task tells the server that nobody waits any more.
    ///
    /// - Throws: `MCPError`, or `CancellationError`.
    func request(_ request: Request) async throws -> Value

    /// Sends what is not answered.
    func notify(_ method: String, _ params: Members) async throws

    /// Takes note of what both sides have agreed to speak.
    func speak(_ revision: Revision)

    /// Waits for what the server says unasked, where that needs a way of its own, and returns
    /// when it has ended.
    ///
    /// - Throws: If the server does not have it.
    func listen() async throws

    /// Ends the connection, and the server if it is ours.
    func close() async
}

/// What is asked of a server.
struct Request: Sendable {
    let method: String
    var params: Members = [:]

    /// For HTTP only: what of the request is repeated there.
    var headers: [(name: String, value: String)] = []

    /// The longest to wait. Nil is for ever.
    var timeout: Duration?

    /// Gets the server's reports. Nil asks for none.
    var progress: ProgressWatch?

    /// Opening a conversation must not be called off.
    var isCancellable = true
}
