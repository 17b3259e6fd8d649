package import JSON
internal import OpenSSL
internal import Unix

/// The arguments of a call without what may differ from one approved call to the next.
///
/// Names and kinds remain, and texts and lists remain whole: any of them may decide what is done. Only
/// texts whose name says that they are contents may differ, and numbers and switches of other names
/// than those that decide. Of a path its folder remains. So the approval of one call is for calls
/// that do the same kind of thing, and not for every use of the tool.
package struct ArgumentShape: Hashable, Sendable, CustomStringConvertible {
    package let value: Value

    /// The same shape has the same text, whatever the order of members.
    package let description: String

    package init(of arguments: Value) { self.init(kept: Self.shape(arguments, name: "")) }

    /// Takes a shape that was made before.
    init(kept value: Value) {
        self.value = value
        description = String(decoding: value.canonical, as: UTF8.self)
    }

    package static func == (left: ArgumentShape, right: ArgumentShape) -> Bool {
        left.description == right.description
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// The words in names of arguments that decide what is done, whatever kind they are of.
    private static let decisive: Set = [
        "account", "address", "amount", "arg", "argv", "bcc", "cc", "channel", "cmd", "code",
        "command", "count", "database", "email", "endpoint", "env", "expression", "force", "host",
        "id", "limit", "method", "number", "pid", "port", "program", "query", "recipient",
        "recursive", "script", "server", "shell", "sql", "statement", "stdin", "target", "to",
        "uri",
        "url", "user",
    ]

    /// The words in names of arguments that are paths.
    private static let paths: Set = ["dir", "directory", "file", "filename", "folder", "path"]

    /// The words in names of arguments that are contents: they are what is written, and do not say
    /// where or how.
    private static let contents: Set = [
        "body", "comment", "content", "description", "markdown", "message", "new", "note", "old",
        "replacement", "summary", "text",
    ]

    /// The most bytes of a text that are kept; of a longer one a digest is.
    private static let longest = 1000

    private static func shape(_ value: Value, name: String) -> Value {
        let words = words(of: name).map(singular)
        if words.contains(where: { !decisive.isDisjoint(with: $0) }) { return whole(value) }
        switch value {
        case .null: return "null"
        case .bool: return "boolean"
        case .number: return "number"
        case .string(let text):
            // The last word is the thing itself: the path of contents, or the contents of a file.
            let last = words.last ?? []
            if !paths.isDisjoint(with: last) { return ["in": .string(Path.parent(of: text))] }
            return contents.isDisjoint(with: last) ? whole(value) : "string"
        case .array(let elements):
            if elements.contains(where: { $0.object == nil }) { return whole(value) }
            var kinds: [Value] = []
            for element in elements {
                let kind = shape(element, name: name)
                if !kinds.contains(kind) { kinds.append(kind) }
            }
            return ["of": .array(kinds.sorted { "\($0)" < "\($1)" })]
        case .object(let members):
            return .object(
                Members(
                    members.sorted { $0.key < $1.key }.map {
                        ($0.key, shape($0.value, name: $0.key))
                    }))
        }
    }

    private static func whole(_ value: Value) -> Value {
        let bytes = value.canonical
        return bytes.count > longest ? ["sha256": .string(SHA256.hex(of: bytes))] : ["is": value]
    }

    /// Returns a word with the forms of which it may be the plural.
    private static func singular(_ word: String) -> Set<String> {
        var forms: Set = [word]
        if word.hasSuffix("s") { forms.insert(String(word.dropLast())) }
        if word.hasSuffix("es") { forms.insert(String(word.dropLast(2))) }
        if word.hasSuffix("ies") { forms.insert(word.dropLast(3) + "y") }
        return forms
    }

    /// Returns the words of a name such as `baseUrl`, `base_url` or `SQLQuery` in lower case.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(name)
        for (place, character) in characters.enumerated() {
            let previous = place > 0 ? characters[place - 1] : " "
            let next = characters.dropFirst(place + 1).prefix(2)
            // An s after capitals is their plural, as in `URLs`.
            let isPlural = next.first == "s" && next.dropFirst().first?.isLowercase != true
            let isLower = next.first?.isLowercase == true && !isPlural
            let begins =
                character.isUppercase
                && (previous.isLowercase || (previous.isUppercase && isLower))
            if !character.isLetter || begins {
                words.append(word)
                word = ""
            }
            if character.isLetter { word += character.lowercased() }
        }
        return (words + [word]).filter { !$0.isEmpty }
    }
}
