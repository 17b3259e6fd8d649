import JSON
internal import PluginKit

/// A user's explicit request for a tool call: `read_file README.md: what is it about?`.
struct ToolRequest {
    let tool: ToolDefinition

    /// The tool's name and the words after it, up to the next such request.
    let words: ArraySlice<Word>

    /// Returns all such requests in a question, in their order.
    static func requests(in words: [Word], of tools: [ToolDefinition]) -> [ToolRequest] {
        let tools = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
        var found: [(name: Int, tool: ToolDefinition)] = []
        for (index, word) in words.enumerated() where found.count < mostRequests {
            if let tool = tools[word.text],
                isWish(words, index, tool.name, after: found.last?.name)
            {
                found.append((index, tool))
            }
        }
        return found.enumerated().map { number, request in
            let end = number + 1 < found.count ? found[number + 1].name : words.count
            return ToolRequest(tool: request.tool, words: words[request.name..<end])
        }
    }

    /// The most requests in one question, which is more than users plainly make.
    private static let mostRequests = 16

    /// The number of words before a tool's name beyond which they are not about it.
    private static let longestLead = 40

    /// True if a tool's name stands for a call of the tool, and is not only mentioned.
    ///
    /// - Parameter previous: The position of the name of the previous tool that is to be called.
    private static func isWish(
        _ words: [Word], _ index: Int, _ name: String, after previous: Int?
    ) -> Bool {
        let first = max(0, index - longestLead)
        let start = words[first..<index].lastIndex(where: \.endsSentence).map { $0 + 1 } ?? first
        let before = words[start..<index].map { $0.text.lowercased() }
        if before.contains(where: negations.contains) { return false }
        if let previous, previous >= start, ["and", "then"].contains(before.last) { return true }
        if !before.allSatisfy(politeness.contains) {
            // "Find it with grep_search" asks for the tool, "what is grep_search" does not.
            return verbs.contains(before.last!)
        }
        // A tool may have the name of an ordinary word, and a question may start with it.
        let isOrdinary = name.allSatisfy(\.isLetter)
        let word = words[index]
        return !isOrdinary || !before.isEmpty || word.isQuoted || word.ending.contains(":")
    }

    /// The words that may stand between the start of a sentence and a tool's name.
    static let politeness = Set(
        """
        a also and can could first i'd i'll it let let's like me need next now please should \
        the then to tool want would you
        """.split(separator: " ").map(String.init)
    ).union(verbs)

    static let verbs: Set<String> = [
        "call", "calling", "execute", "invoke", "run", "running", "try", "use", "using", "via",
        "with",
    ]

    private static let negations: Set<String> = ["don't", "never", "not", "without", "no"]

    /// The words that may stand between a tool's name and its arguments.
    static let links: Set<String> = [
        "and", "at", "file", "folder", "directory", "for", "from", "in", "of", "on", "the", "to",
        "tool", "with",
    ]
}

extension Word {
    fileprivate var endsSentence: Bool { ending.contains { ".:;?!".contains($0) } }
}

extension ToolRequest {
    /// The call's arguments, or the name of the required parameter that has no value.
    enum Arguments: Equatable {
        case object(Members)
        case missing(String)
    }

    /// Assigns the words after the tool's name to the parameters of its JSON Schema: `name=value`
    /// goes to the named one, then each required parameter gets its word, and the last gets all the
    /// remaining words unless it looks like one that takes a single word.
    func arguments() -> Arguments {
        guard let schema = try? Value(parsing: Array(tool.parameters.utf8)) else {
            return .object(Members())
        }
        if let object = writtenObject { return .object(object) }
        let properties = schema["properties"]?.object ?? Members()
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        var values: [String: Value] = [:]
        var rest: [Word] = []
        for word in argumentWords(hasRequired: !required.isEmpty) {
            if let (name, text) = word.assignment, let type = properties[name],
                let value = value(of: [text], for: type)
            {
                values[name] = value
            } else {
                rest.append(word)
            }
        }
        let open = required.filter { values[$0] == nil }
        // "grep_search TODO in Sources"
        if let place = properties.first(where: {
            takesOneWord($0.key) && !required.contains($0.key)
        }),
            values[place.key] == nil
        {
            if rest.count > 2, !open.isEmpty, ["in", "under"].contains(rest[rest.count - 2].text) {
                values[place.key] = value(of: [rest.last!.text], for: place.value)
                rest.removeLast(2)
            } else if required.isEmpty, let word = rest.first {
                values[place.key] = value(of: [word.text], for: place.value)
            }
        }
        for (index, name) in open.enumerated() {
            let isLast = index == open.count - 1
            let takesAll = isLast && !takesOneWord(name) && rest.first?.isQuoted != true
            let taken = takesAll ? rest : Array(rest.prefix(1))
            rest.removeFirst(taken.count)
            guard !taken.isEmpty,
                let value = value(of: taken.map(\.text), for: properties[name] ?? [:])
            else { return .missing(name) }
            values[name] = value
        }
        // The order is the schema's, so that the same request gives the same text.
        let names = properties.map(\.key) + required.filter { properties[$0] == nil }
        return .object(Members(names.compactMap { name in values[name].map { (name, $0) } }))
    }

    /// Returns the words that may be arguments: up to the end of the phrase, or of the text.
    private func argumentWords(hasRequired: Bool) -> [Word] {
        // "list_tables: which of them hold users?" has no words for the tool.
        if !hasRequired, words.first!.endsPhrase { return [] }
        var words = words.dropFirst().drop {
            !$0.isQuoted && Self.links.contains($0.text.lowercased())
        }
        if let end = words.firstIndex(where: \.endsPhrase) { words = words[...end] }
        // Drop "... and" before the next request.
        while let last = words.last, !last.isQuoted, ["and", "then"].contains(last.text) {
            words.removeLast()
        }
        return Array(words)
    }

    /// The arguments, if they are written as JSON.
    private var writtenObject: Members? {
        let words = words.dropFirst().prefix(Self.longestObject)
        guard words.first?.written.first == "{" else { return nil }
        var json = ""
        for word in words {
            json += (json.isEmpty ? "" : " ") + word.written
            for end in ["", ":", ".", ",", "?"] where json.hasSuffix("}" + end) {
                let object = json.dropLast(end.count)
                if let value = try? Value(parsing: Array(object.utf8)) { return value.object }
            }
        }
        return nil
    }

    /// The length in words.
    private static let longestObject = 1000

    private func takesOneWord(_ name: String) -> Bool {
        let name = name.lowercased()
        return Self.oneWordNames.contains { name.hasSuffix($0) }
    }

    private static let oneWordNames = [
        "path", "file", "filename", "dir", "directory", "folder", "url", "uri", "id", "name",
        "key", "symbol", "root",
    ]

    /// Returns the words as a value that matches a parameter's schema, or nil if they do not match.
    private func value(of words: [String], for schema: Value) -> Value? {
        let text = words.joined(separator: " ")
        if let choices = schema["enum"]?.array, !choices.contains(.string(text)) { return nil }
        let types =
            schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string ?? "string"]
        for type in types {
            switch type {
            case "string": return .string(text)
            case "integer": if let number = Int(text) { return .number(String(number)) }
            case "number":
                if let value = try? Value(parsing: Array(text.utf8)), value.double != nil {
                    return value
                }
            case "boolean": if text == "true" || text == "false" { return .bool(text == "true") }
            case "array" where (schema["items"]?["type"]?.string ?? "string") == "string":
                return .array(words.map { .string($0) })
            default: break
            }
        }
        return nil
    }
}

extension Word {
    /// The two sides of `name=value`.
    fileprivate var assignment: (name: String, value: String)? {
        guard !isQuoted, let sign = text.firstIndex(of: "="), sign > text.startIndex else {
            return nil
        }
        let value = text[sign...].dropFirst()
        return value.isEmpty ? nil : (String(text[..<sign]), String(value))
    }
}
