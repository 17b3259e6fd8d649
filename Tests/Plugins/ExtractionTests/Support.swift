import PluginKit

@testable import Extraction

func quotes(_ question: String, _ texts: String..., limit: Int = 3) -> [String] {
    Extract(texts.map { Passage(source: nil, text: $0) }).quotes(for: question, limit: limit)
        .map(\.text)
}

func reply(
    _ messages: Message..., tools: [ToolDefinition] = [], schema: String = "", limit: Int = 3
) throws -> Reply {
    try Extractor(limit: limit).reply(to: messages, tools: tools, schema: schema)
}

extension Reply {
    var text: String? {
        switch self {
        case .text(let pieces): pieces.joined()
        case .nothingFound(let text): text
        case .calls: nil
        }
    }

    var calls: [ToolCall]? { if case .calls(let calls) = self { calls } else { nil } }
}

/// A tool with some required parameters and some optional ones, all of them strings.
func tool(_ name: String, _ required: String..., optional: [String] = []) -> ToolDefinition {
    let properties = (required + optional).map { #""\#($0)":{"type":"string"}"# }
    let names = required.map { #""\#($0)""# }
    return ToolDefinition(
        name: name, description: "",
        parameters: #"{"type":"object","properties":{\#(properties.joined(separator: ","))},"#
            + #""required":[\#(names.joined(separator: ","))]}"#)
}

extension Message {
    init(_ role: String, _ content: String, calls: [ToolCall] = [], callID: String = "") {
        self.init(
            role: Role(rawValue: role), content: content, toolCalls: calls, toolCallID: callID)
    }
}
