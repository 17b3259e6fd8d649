import JSON
internal import PluginKit
import Text

/// A conversation, divided into the question and the texts to answer it from.
struct Situation {
    /// The user's question: the last message that is not "Go on.", without the context that came
    /// with it.
    private(set) var request = ""

    private(set) var passages: [Passage] = []

    /// The calls that have been made, oldest first.
    let calls: [ToolCall]

    init(_ messages: [Message]) {
        calls = messages.flatMap(\.toolCalls)
        let asked = messages.indices.filter { messages[$0].role == .user }
        let last = asked.last { !messages[$0].isContinuation } ?? asked.last
        for (index, message) in messages.enumerated() {
            switch message.role {
            case .tool:
                passages += result(of: message)
            case .assistant:
                // An earlier answer is not a source.
                break
            default:
                let (passages, rest) = QuotedPassages.read(message.content)
                self.passages += passages
                guard message.role == .user else { break }
                let parted = PartedRequest(rest, isAlone: passages.isEmpty)
                if let context = parted.context {
                    self.passages.append(Passage(source: nil, text: context))
                }
                guard let request = parted.request else { break }
                if index == last {
                    self.request = request
                } else if message.isContinuation {
                    break
                } else if messages[index + 1].role == .user {
                    // The message belongs with the next one, so it is not a question that has been
                    // answered.
                    self.passages.append(Passage(source: nil, text: request))
                }
            }
        }
    }

    private func result(of message: Message) -> [Passage] {
        let call = calls.last { $0.id == message.toolCallID }
        let text = message.content
        guard let first = text.first(where: { !$0.isWhitespace }) else { return [] }
        let source = call?.label ?? "tool"
        if first == "{" || first == "[", let value = try? Value(parsing: Array(text.utf8)) {
            return [Passage(source: source, text: value.lines.joined(separator: "\n\n"))]
        }
        return [Passage(source: source, text: text)]
    }
}

extension Message {
    /// True if the message only asks to continue the previous answer.
    fileprivate var isContinuation: Bool {
        guard content.utf8.count <= 40 else { return false }
        return Self.continuations.contains(
            content.lowercased().split { !$0.isLetter }.filter { $0 != "please" }
                .joined(separator: " "))
    }

    private static let continuations: Set = [
        "go on", "go ahead", "continue", "carry on", "keep going", "more", "and", "proceed",
    ]
}

/// A user's message, divided into a request and the text that it is about.
struct PartedRequest: Equatable {
    /// The request; nil if there is none.
    var request: String?
    var context: String?

    /// The length of the longest request; a longer text is taken for the context of one.
    private static let longest = 400

    /// - Parameter isAlone: True if no other context is known.
    init(_ text: String, isAlone: Bool) {
        let paragraphs = text.paragraphs
        guard let last = paragraphs.indices.last else { return }
        if last == 0, !isAlone || paragraphs[0].utf8.count <= Self.longest {
            request = String(paragraphs[0].trimmed)
            return
        }
        if last == 0 {
            // There is one long paragraph, with a question before or after it.
            let sentences = sentences(of: paragraphs[0])
            let asked = [sentences.count - 1, 0].first { sentences[$0].last == "?" }
            request = asked.map { sentences[$0] } ?? String(paragraphs[0].trimmed)
            let rest = sentences.indices.filter { $0 != asked }.map { sentences[$0] }
            context = asked == nil || rest.isEmpty ? nil : rest.joined(separator: " ")
            return
        }
        let short = paragraphs.indices.filter { paragraphs[$0].utf8.count <= Self.longest }
        let candidates = [last, 0].filter(short.contains)
        let asked =
            candidates.first { paragraphs[$0].last == "?" }
            ?? short.last { paragraphs[$0].last == "?" }
            ?? candidates.last { paragraphs[$0].last == ":" } ?? candidates.first
        guard let asked else {
            context = text
            return
        }
        request = String(paragraphs[asked].trimmed).withoutLabel
        context = paragraphs.indices.filter { $0 != asked }.map { paragraphs[$0] }
            .joined(separator: "\n\n")
    }
}

extension String {
    /// The parts between empty lines, outside of code.
    fileprivate var paragraphs: [String] {
        var paragraphs: [String] = []
        var lines: [Substring] = []
        var isInCode = false
        func flush() {
            // The indentation of the first line belongs to the text, as those of the others do.
            let text = lines.joined(separator: "\n")
            let end = text.lastIndex { !$0.isWhitespace }
            if let end { paragraphs.append(String(text[...end])) }
            lines = []
        }
        for line in split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.trimmed.hasPrefix("```") { isInCode.toggle() }
            if line.trimmed.isEmpty, !isInCode { flush() } else { lines.append(line) }
        }
        flush()
        return paragraphs
    }

    /// The text without a leading `Question:`.
    fileprivate var withoutLabel: String {
        for label in ["question:", "q:", "query:"] where lowercased().hasPrefix(label) {
            return String(dropFirst(label.count).trimmed)
        }
        return self
    }
}

extension ToolCall {
    /// The name to cite its result by: `read_file README.md`.
    fileprivate var label: String {
        let members = (try? Value(parsing: Array(arguments.utf8)))?.object ?? Members()
        guard let text = members.lazy.compactMap(\.value.string).first, !text.isEmpty,
            text.utf8.count <= 60, !text.contains(where: \.isNewline)
        else { return name }
        return "\(name) \(text)"
    }
}

extension Value {
    /// The readable parts of the value: texts as they are, other members as `name: value`.
    fileprivate var lines: [String] {
        switch self {
        case .null: []
        case .bool, .number: [description]
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.lines)
        case .object(let members):
            members.flatMap { name, value in
                switch value {
                case .bool, .number: ["\(name): \(value)"]
                case .string(let text) where text.utf8.count <= 60: ["\(name): \(text)"]
                default: value.lines
                }
            }
        }
    }
}
