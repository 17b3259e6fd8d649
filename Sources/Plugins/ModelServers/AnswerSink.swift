package import PluginKit

/// Where an answer goes as it comes.
package final class AnswerSink {
    private let writer: AnswerWriter

    /// Whether some of an answer has been handed on, so that another may not be asked for.
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
