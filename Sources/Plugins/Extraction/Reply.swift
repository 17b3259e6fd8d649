import JSON
package import PluginKit
import Text
package import TextAnalysis

/// The answer to a conversation.
package enum Reply: Equatable, Sendable {
    /// A text in pieces, to be sent one after the other.
    case text([String])
    case calls([ToolCall])
    /// The statement, in words, that there is no answer.
    case nothingFound(String)
}

/// The reason why a conversation has no answer.
package struct ExtractionError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// An answerer that quotes sentences of the conversation.
package struct Extractor: Sendable {
    /// The most sentences of an answer.
    package var limit: Int

    /// The reader of words, in the language of the texts.
    package var analyzer = Analyzer.english

    package init(limit: Int) { self.limit = limit }

    /// The length below which a tool's result is quoted whole if no question was asked about it.
    private static let shortResult = 2000

    /// - Parameter schema: The JSON Schema of the answer, or an empty text.
    package func reply(
        to messages: [Message], tools: [ToolDefinition], schema: String
    ) throws(ExtractionError) -> Reply {
        let situation = Situation(messages)
        var missing: (tool: String, parameter: String)?
        switch pendingCalls(situation, tools) {
        case .calls(let calls) where !calls.isEmpty: return .calls(calls)
        case .calls: break
        case .missing(let tool, let parameter): missing = (tool, parameter)
        }
        let question = Question(situation.request, answeredBy: situation.calls)
        let extract = Extract(situation.passages, analyzer)
        if !schema.isEmpty {
            return .text([try Form(schema).filled(from: extract, question.text, limit: limit)])
        }
        if question.asksWhoAnswers { return .text([Self.introduction]) }
        if let missing {
            return .text([
                "To call '\(missing.tool)' I need its '\(missing.parameter)': "
                    + "write it after the tool's name."
            ])
        }
        if extract.sentenceCount == 0 { return .nothingFound(Self.nothingToReadFrom) }
        if question.text.trimmed.isEmpty, let result = situation.passages.last,
            messages.last?.role == .tool, result.text.utf8.count <= Self.shortResult
        {
            return .text([result.text])
        }
        let quotes =
            question.asksForSummary
            ? extract.beginning(limit: limit) : extract.quotes(for: question.text, limit: limit)
        return quotes.isEmpty
            ? .nothingFound(Self.nothingFits(extract)) : .text(Self.pieces(quotes))
    }

    // MARK: Calls

    private enum Pending {
        case calls([ToolCall])
        case missing(tool: String, parameter: String)
    }

    /// Returns the calls that the request plainly asks for and that have not been made yet.
    private func pendingCalls(_ situation: Situation, _ tools: [ToolDefinition]) -> Pending {
        var pending: [ToolCall] = []
        let words = Word.words(of: situation.request)
        for request in ToolRequest.requests(in: words, of: tools) {
            switch request.arguments() {
            case .missing(let parameter):
                return .missing(tool: request.tool.name, parameter: parameter)
            case .object(let arguments):
                let number = situation.calls.count + pending.count + 1
                let call = ToolCall(
                    id: "call_\(number)", name: request.tool.name,
                    arguments: "\(Value.object(arguments))")
                let isNew = !(situation.calls + pending).contains { $0.asksTheSame(as: call) }
                if isNew { pending.append(call) }
            }
        }
        return .calls(pending)
    }

    // MARK: Words

    /// Returns each sentence on its own line, with its source.
    private static func pieces(_ quotes: [Quote]) -> [String] {
        quotes.enumerated().map { index, quote in
            let text = quote.text.last == "\n" ? String(quote.text.dropLast()) : quote.text
            let source = quote.source.map { text.endsInBlock ? "\n[\($0)]" : " [\($0)]" } ?? ""
            return (index == 0 ? "" : "\n") + text + source
        }
    }

    private static let introduction = """
        I am extractive-llm, not a language model. I choose those sentences of the context I am \
        given that share the most words with the question, and quote them with their sources. I \
        write no sentences of my own and know nothing that is not in the context.
        """

    private static let nothingToReadFrom = """
        I have no context to answer from. I am extractive-llm, not a language model: I can only \
        quote what I am given, such as the results of hector-search or text on standard input.
        """

    private static func nothingFits(_ extract: Extract) -> String {
        let count = extract.sentenceCount
        return "Nothing in the context fits the question. "
            + "(I compared its words with \(count) sentence\(count == 1 ? "" : "s").)"
    }
}

extension String {
    /// True if the last line is code or the row of a table, which nothing may follow.
    fileprivate var endsInBlock: Bool {
        let line = utf8.split(separator: UInt8(ascii: "\n")).last.map(Substring.init) ?? ""
        return ["```", "    ", "|"].contains { line.hasPrefix($0) }
    }
}

extension ToolCall {
    fileprivate func asksTheSame(as other: ToolCall) -> Bool {
        guard name == other.name else { return false }
        return arguments == other.arguments || canonicalArguments == other.canonicalArguments
    }

    /// The arguments with the members of objects in the order of their names.
    private var canonicalArguments: Value? {
        (try? Value(parsing: Array((arguments.isEmpty ? "{}" : arguments).utf8)))?.sorted
    }
}
