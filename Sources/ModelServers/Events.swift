package import HTTP

/// An answer as it comes, event by event.
package final class Events {
    private let response: Response
    private var stream = EventStream()
    private var waiting: ArraySlice<ServerEvent> = []

    init(_ response: Response) { self.response = response }

    /// - Returns: nil at the end of the answer, whether or not that is complete.
    /// - Throws: ``HTTPError`` when the connection breaks.
    package func next() async throws(HTTPError) -> ServerEvent? {
        while waiting.isEmpty {
            guard let bytes = try await response.next() else { return nil }
            waiting = try stream.receive(bytes)[...]
        }
        return waiting.removeFirst()
    }
}
