package import PluginKit

/// The destination of an answer as it comes.
package final class AnswerSink {
    private let writer: AnswerWriter

    /// True if a part of an answer has been passed on, so that no other answer may be requested.
    package private(set) var hasBegun = false

    package init(_ writer: AnswerWriter) { self.writer = writer }

    package func send(_ text: String) async throws {
        if text.isEmpty { return }
        hasBegun = true
        try await writer.send(text)
    }

    package func send(_ calls: [ToolCall]) async throws {
        for call in calls {
            hasBegun = true
            try await writer.send(call)
        }
    }
}
