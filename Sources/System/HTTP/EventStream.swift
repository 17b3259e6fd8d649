import Text

/// An event of a stream in the form `text/event-stream`.
package struct ServerEvent: Sendable, Equatable {
    /// The name that the server gives it; `message` if it does not give one.
    package let name: String
    package let data: String

    /// The id of this event or of the last event before it that had one; empty if none had.
    package let id: String

    package init(name: String = "message", data: String, id: String = "") {
        self.name = name
        self.data = data
        self.id = id
    }
}

/// A parser that finds the events in the bytes of a stream, in whatever pieces they arrive.
///
/// After the WHATWG's HTML Living Standard, section 9.2, Server-sent events. An event cut off by
/// the end of the stream is dropped, unless ``finish()`` is called.
///
/// Two things that servers write are not in the standard: a field `error`, whose event has that
/// name, and a line that is a JSON object without a field's name, which is taken as data up to the
/// next empty line.
package struct EventStream: Sendable {
    private var line: [UInt8] = []
    private var isAtStart = true

    /// True if a line feed that comes now belongs to the end of the last line.
    private var lastWasReturn = false

    private var name = ""
    private var data: [UInt8] = []
    private var id = ""

    /// True while lines are data without a field's name.
    private var isBare = false

    /// The beginning of the text outside events: the lines without a known field since the last
    /// event. A server that fails may have written its reason there.
    package private(set) var strayText = ""

    /// The most bytes of that text to keep.
    private static let longestStrayText = 300

    /// The pause that the server wants before the stream is requested again.
    package private(set) var reconnection: Duration?

    /// The most bytes that one event may have.
    private let limit: Int

    package init(limit: Int = 64 * 1024 * 1024) {
        self.limit = limit
    }

    /// - Returns: The events that these bytes complete.
    /// - Throws: `.tooLong` for an event or a line longer than the limit.
    package mutating func receive(_ bytes: [UInt8]) throws(HTTPError) -> [ServerEvent] {
        var events: [ServerEvent] = []
        var rest = bytes[...]
        if lastWasReturn, rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
        if !bytes.isEmpty { lastWasReturn = false }
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            line += rest[..<end]
            let isReturn = rest[end] == UInt8(ascii: "\r")
            rest = rest[(end + 1)...]
            if isReturn {
                if rest.isEmpty { lastWasReturn = true }
                if rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
            }
            if let event = takeLine() { events.append(event) }
            if data.count > limit { throw tooLong }
        }
        line += rest
        if line.count > limit { throw tooLong }
        return events
    }

    /// Returns the event that the stream's end has cut off, if there is one.
    package mutating func finish() -> ServerEvent? {
        if !line.isEmpty, let event = takeLine() { return event }
        return takeEvent()
    }

    private var tooLong: HTTPError {
        HTTPError(.tooLong, "an event of the answer is longer than \(limit) bytes")
    }

    private mutating func takeLine() -> ServerEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var line = line[...]
        if isAtStart { line.removeByteOrderMark() }
        isAtStart = false
        guard let first = line.first else { return takeEvent() }
        if isBare || first == UInt8(ascii: "{") {
            isBare = true
            data += line
            data.append(UInt8(ascii: "\n"))
            return nil
        }
        if first == UInt8(ascii: ":") { return nil }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let isKnown = setField(String(decoding: line[..<colon], as: UTF8.self), value)
        if !isKnown, strayText.utf8.count < Self.longestStrayText {
            let room = Self.longestStrayText - strayText.utf8.count
            strayText += String(decoding: line.prefix(room), as: UTF8.self) + "\n"
        }
        return nil
    }

    /// - Returns: False for an unknown field.
    private mutating func setField(_ field: String, _ value: ArraySlice<UInt8>) -> Bool {
        switch field {
        case "data":
            data += value
            data.append(UInt8(ascii: "\n"))
        case "event":
            name = String(decoding: value, as: UTF8.self)
        case "error":
            name = field
            data += value
            data.append(UInt8(ascii: "\n"))
        case "id" where !value.contains(0):
            id = String(decoding: value, as: UTF8.self)
        case "retry" where !value.isEmpty && value.allSatisfy { $0 &- 0x30 < 10 }:
            reconnection = Int(String(decoding: value, as: UTF8.self)).map { .milliseconds($0) }
        default: return false
        }
        return true
    }

    private mutating func takeEvent() -> ServerEvent? {
        defer {
            name = ""
            isBare = false
            data.removeAll(keepingCapacity: true)
        }
        guard !data.isEmpty else { return nil }
        strayText = ""
        return ServerEvent(
            name: name.isEmpty ? "message" : name,
            data: String(decoding: data.dropLast(), as: UTF8.self), id: id)
    }
}
