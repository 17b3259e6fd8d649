package import JSON
internal import Unix

/// The arguments of a call without what may differ from one approved call to the next.
///
/// Names and kinds remain. A text that decides what is done remains whole: a command, an address,
/// the program at the beginning of a list. Of a path its folder remains. So the approval of one call
/// is for calls that do the same kind of thing, and not for every use of the tool.
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

    /// The words in names of arguments whose text decides what is done.
    private static let decisive: Set = [
        "address", "bcc", "cc", "cmd", "code", "command", "database", "endpoint", "expression",
        "host", "method", "program", "query", "recipient", "recipients", "script", "server",
        "shell", "sql", "statement", "target", "to", "uri", "url",
    ]

    /// The words in names of arguments that are paths.
    private static let paths: Set = [
        "destination", "dir", "directory", "file", "filename", "folder", "path",
    ]

    private static func shape(_ value: Value, name: String) -> Value {
        let words = Set(words(of: name))
        let isDecisive = !words.isDisjoint(with: decisive)
        switch value {
        case .null: return "null"
        case .bool: return isDecisive ? ["is": value] : "boolean"
        case .number: return isDecisive ? ["is": value] : "number"
        case .string(let text):
            if isDecisive { return ["is": value] }
            if !words.isDisjoint(with: paths) {
                return ["in": .string(Path.parent(of: text))]
            }
            return "string"
        case .array(let elements):
            if isDecisive { return ["is": value] }
            var kinds: [Value] = []
            for element in elements.dropFirst(elements.first?.string == nil ? 0 : 1) {
                let kind = shape(element, name: name)
                if !kinds.contains(kind) { kinds.append(kind) }
            }
            let sorted = Value.array(kinds.sorted { "\($0)" < "\($1)" })
            guard let first = elements.first, first.string != nil else { return ["of": sorted] }
            return ["first": first, "of": sorted]
        case .object(let members):
            if isDecisive { return ["is": value] }
            return .object(
                Members(
                    members.sorted { $0.key < $1.key }.map {
                        ($0.key, shape($0.value, name: $0.key))
                    }))
        }
    }

    /// Returns the words of a name such as `baseUrl` or `base_url` in lower case.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in name {
            if !character.isLetter || (character.isUppercase && wasLower) {
                words.append(word)
                word = ""
            }
            if character.isLetter { word += character.lowercased() }
            wasLower = character.isLowercase
        }
        return (words + [word]).filter { !$0.isEmpty }
    }
}
