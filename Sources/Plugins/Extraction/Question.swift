import JSON
internal import PluginKit

/// A question from a user.
struct Question {
    /// The question without directions for finding the answer, such as `read_file README.md:`. May
    /// be empty.
    let text: String

    /// - Parameter calls: The calls that have been made.
    init(_ request: String, answeredBy calls: [ToolCall]) {
        let words = Word.words(of: request)
        let tools = Set(calls.map(\.name)).map {
            ToolDefinition(name: $0, description: "", parameters: "")
        }
        var dropped = Set<Int>()
        for request in ToolRequest.requests(in: words, of: tools) {
            let name = request.words.startIndex
            dropped.insert(name)
            var before = name
            while before > 0, !words[before - 1].endsPhrase,
                ToolRequest.politeness.contains(words[before - 1].text.lowercased())
            {
                before -= 1
                dropped.insert(before)
            }
            let values = calls.filter { $0.name == request.tool.name }
                .reduce(into: Set<String>()) { $0.formUnion($1.argumentWords) }
            dropped.formUnion(request.argumentIndices(in: values))
        }
        if dropped.isEmpty {
            text = request
        } else {
            text = words.indices.filter { !dropped.contains($0) }.map { words[$0].written }
                .joined(separator: " ")
        }
    }

    /// True if the question asks who or what answers.
    var asksWhoAnswers: Bool {
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" }.joined(separator: " ")
        return words.utf8.count <= 60 && Self.identity.contains { "\(words) ".contains($0 + " ") }
    }

    private static let identity = [
        "who are you", "what are you", "what is your name", "what's your name", "your model",
        "who made you", "which model are you", "what model are you", "are you a language model",
        "are you an ai", "are you a bot", "are you a robot", "are you human", "are you chatgpt",
        "are you gpt", "are you claude", "are you an llm", "are you a llm", "what can you do",
        "introduce yourself", "describe yourself",
    ]

    /// True if a summary of the whole context is wanted.
    var asksForSummary: Bool {
        let words = text.lowercased().split { !$0.isLetter }
        if words.isEmpty { return true }
        guard words.count <= 8 else { return false }
        return words.contains { Self.summary.contains($0) }
    }

    private static let summary: Set<Substring> = [
        "summarize", "summarise", "summary", "overview", "tldr", "gist",
    ]
}

extension ToolRequest {
    /// Returns the positions of the question's words that have gone into a call's arguments.
    fileprivate func argumentIndices(in values: Set<String>) -> [Int] {
        var indices: [Int] = []
        var depth = 0
        for index in words.indices.dropFirst() {
            let word = words[index]
            if depth > 0 || indices.isEmpty && word.written.first == "{" {
                for character in word.written {
                    if character == "{" { depth += 1 } else if character == "}" { depth -= 1 }
                }
                indices.append(index)
                if depth <= 0 { break }
                continue
            }
            guard
                values.contains(word.text)
                    || !word.isQuoted && Self.links.contains(word.text.lowercased())
            else { break }
            indices.append(index)
            if word.endsPhrase { break }
        }
        return indices
    }
}

extension ToolCall {
    /// The words of all its arguments, also in the form in which a person may write them.
    fileprivate var argumentWords: Set<String> {
        var words = Set<String>()
        func add(_ value: Value, _ name: String?) {
            switch value {
            case .object(let members): for (name, value) in members { add(value, name) }
            case .array(let elements): for element in elements { add(element, name) }
            case .null: break
            case .bool, .number, .string:
                let text = value.string ?? value.description
                words.insert(text)
                if let name { words.insert("\(name)=\(text)") }
                for word in Word.words(of: text) { words.insert(word.text) }
            }
        }
        if let value = try? Value(parsing: Array(arguments.utf8)) { add(value, nil) }
        return words
    }
}
