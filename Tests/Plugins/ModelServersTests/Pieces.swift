import Synchronization

@testable import PluginKit

/// The pieces of text that a model has sent.
final class Pieces: Sendable {
    private let pieces = Mutex(([String](), [ToolCall]()))

    var texts: [String] { pieces.withLock { $0.0 } }
    var text: String { texts.joined() }
    var calls: [ToolCall] { pieces.withLock { $0.1 } }

    var writer: AnswerWriter {
        AnswerWriter { piece in
            self.pieces.withLock { pieces in
                switch piece {
                case .text(let text): pieces.0.append(text)
                case .toolCall(let call): pieces.1.append(call)
                }
            }
        }
    }
}

func ask(_ text: String) -> GenerateRequest {
    GenerateRequest(messages: [Message(role: .user, content: text)])
}
