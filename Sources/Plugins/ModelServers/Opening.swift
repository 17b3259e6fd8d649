internal import HTTP
internal import Text

/// The first bytes of an answer, which distinguish an event stream from a complete answer, as the
/// headers of some servers are wrong about it.
struct Opening {
    /// The bytes so far, without a byte order mark and leading white space.
    private(set) var bytes: [UInt8] = []

    let isEventStream: Bool

    init(_ response: Response) async throws(HTTPError) {
        let claimsEvents = response.mediaType == "text/event-stream"
        var verdict: Bool?
        while verdict == nil, let more = try await response.next() {
            bytes += more
            // White space keeps the connection alive until the answer is ready.
            bytes.trimStart()
            verdict = Self.isEventStream(bytes, claimsEvents: claimsEvents)
        }
        isEventStream = verdict ?? claimsEvents
    }

    /// Returns nil if there are too few bytes to decide.
    private static func isEventStream(_ bytes: [UInt8], claimsEvents: Bool) -> Bool? {
        guard let first = bytes.first, first != 0xEF else { return nil }
        if "{[\"<".utf8.contains(first) { return false }
        if claimsEvents || first == UInt8(ascii: ":") { return true }
        for field in ["data:", "event:", "id:", "retry:", "error:"] {
            if bytes.starts(with: field.utf8) { return true }
            if bytes.count < field.utf8.count, field.utf8.starts(with: bytes) { return nil }
        }
        return false
    }
}

extension [UInt8] {
    fileprivate mutating func trimStart() {
        removeByteOrderMark()
        removeFirst(prefix(while: \.isASCIIWhitespace).count)
    }
}

extension Response {
    /// The media type without its parameters.
    fileprivate var mediaType: String {
        let type = (headers["content-type"] ?? "").prefix { $0 != ";" }
        return type.filter { !$0.isWhitespace }.lowercased()
    }
}
