import Foundation
import HTTP

/// A stream in the form that the server's documentation has, from the folder beside this file.
struct RecordedStream: Sendable {
    let text: String

    init(_ name: String) throws {
        let folder = Foundation.URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        text = try String(
            contentsOf: folder.appendingPathComponent("streams/\(name).sse"), encoding: .utf8)
    }

    var events: [ServerEvent] {
        get throws {
            var stream = EventStream()
            return try stream.receive(Array(text.utf8))
        }
    }
}
