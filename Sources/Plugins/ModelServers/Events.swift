package import HTTP
package import JSON
internal import Text

/// An answer as it comes, event by event.
package final class Events {
    private let response: Response
    private var stream = EventStream()
    private var unread: [UInt8]
    private var waiting: ArraySlice<ServerEvent> = []
    private var hasEnded = false

    /// - Parameter beginning: The bytes of the answer that have already been read.
    init(_ response: Response, beginning: [UInt8]) {
        self.response = response
        unread = beginning
    }

    /// - Returns: Nil at the end of the answer, whether or not the answer is complete.
    /// - Throws: ``HTTPError`` if the connection breaks.
    package func next() async throws(HTTPError) -> ServerEvent? {
        while waiting.isEmpty {
            if !unread.isEmpty {
                waiting = try stream.receive(unread)[...]
                unread = []
            } else if hasEnded {
                return nil
            } else if let bytes = try await response.next() {
                waiting = try stream.receive(bytes)[...]
            } else {
                hasEnded = true
                // Some servers leave out the empty line after the last event.
                if let event = stream.finish() { waiting = [event] }
            }
        }
        return waiting.removeFirst()
    }

    /// The text since the last event that belongs to no event.
    fileprivate var strayText: String { String(stream.strayText.trimmed) }

    /// True once the result of ``next()`` may have been cut off by the end.
    fileprivate var isAtEnd: Bool { hasEnded }
}

/// An answer that is put together from events.
package protocol StreamedAnswer {
    /// True once no more is to come.
    var isDone: Bool { get }

    /// True once nothing important is missing.
    var isComplete: Bool { get }

    /// Reads the JSON of an event.
    ///
    /// - Returns: The text that it adds and that can be passed on at once.
    /// - Throws: ``ServerError``, ``Malformed``.
    mutating func receive(_ value: Value) throws -> String

    /// Records that the server has marked the end, as `[DONE]` does.
    ///
    /// - Returns: The text that was held back.
    mutating func finish() -> String
}

extension StreamedAnswer {
    /// Reads the data of an event.
    package mutating func receive(_ data: String) throws -> String {
        try receive(ServerEvent(data: data))
    }

    /// Reads an event of a stream.
    ///
    /// - Returns: The text that it adds and that can be passed on at once.
    /// - Throws: ``ServerError``, ``Malformed``.
    package mutating func receive(_ event: ServerEvent) throws -> String {
        let data = String(event.data.trimmed)
        if event.name == "error" { throw ServerError(text: data) }
        // Empty data, and comments that a proxy has turned into data, keep the connection alive.
        if data.isEmpty || data.hasPrefix(":") { return "" }
        if data == "[DONE]" { return finish() }
        do { return try receive(Value(parsing: Array(data.utf8))) } catch let error as JSONError {
            let lines = data.split(whereSeparator: \.isNewline)
            // Some servers end an event with one line feed, not two.
            if lines.count > 1 {
                return try lines.map { try receive(ServerEvent(data: String($0))) }.joined()
            }
            // Heartbeats have names and need not be JSON.
            if event.name != "message", event.name != "data", data.first != "{" { return "" }
            throw Malformed("an event that is not JSON: \(error)")
        }
    }

    /// Reads a stream to its end.
    ///
    /// - Throws: ``ServerError``, ``Malformed``, ``HTTPError``; ``CutOff`` for a stream that is not
    ///   complete.
    package mutating func receive(
        _ events: Events, _ hand: (String) async throws -> Void
    ) async throws {
        while !isDone {
            let event: ServerEvent?
            do { event = try await events.next() } catch {
                // All of it had come, except for the end mark.
                if isComplete { return }
                throw error
            }
            guard let event else { break }
            do { try await hand(receive(event)) } catch let error as Malformed {
                if events.isAtEnd { break }
                throw error
            }
        }
        if !isComplete { throw CutOff(words: events.strayText) }
    }
}
