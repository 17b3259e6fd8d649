package import JSON
internal import Text
internal import YAML

/// The settings at the beginning of a Markdown file: YAML between lines `---`, or TOML between lines
/// `+++`.
package struct FrontMatter: Equatable, Sendable {
    /// The length in bytes, with the last line of it.
    package let length: Int
    package let title: String?
    package let tags: [String]

    /// The other settings.
    package let others: Members

    private static let largest = 64 * 1024

    /// - Returns: Nil for a text without front matter. A rule `---` with text after it is none.
    package init?(_ text: [UInt8]) {
        let isTOML = text.starts(with: Array("+++".utf8))
        guard isTOML || text.starts(with: Array("---".utf8)),
            let (inner, length) = Self.block(text, isTOML ? "+++" : "---", isYAML: !isTOML)
        else { return nil }
        let settings = isTOML ? FrontMatterSettings(inner) : Self.settings(yaml: inner)
        guard let settings else { return nil }
        self.length = length
        title = settings.title
        tags = settings.tags
        others = settings.others
    }

    private static func block(
        _ text: [UInt8], _ mark: String, isYAML: Bool
    ) -> (text: String, length: Int)? {
        guard let first = text.firstIndex(of: UInt8(ascii: "\n")),
            line(text[..<first]).elementsEqual(mark.utf8)
        else { return nil }
        var start = first + 1
        while start < text.count, start < largest {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let ended = line(text[start..<end])
            if ended.elementsEqual(mark.utf8) || (isYAML && ended.elementsEqual("...".utf8)) {
                guard let inner = String(validating: text[(first + 1)..<start], as: UTF8.self)
                else {
                    return nil
                }
                return (inner, min(end + 1, text.count))
            }
            start = end + 1
        }
        return nil
    }

    private static func line(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last.isASCIIWhitespace { line.removeLast() }
        return line
    }

    /// - Returns: Nil if the text is not a YAML mapping, as prose between two rules is not.
    private static func settings(yaml text: String) -> FrontMatterSettings? {
        if text.allSatisfy(\.isWhitespace) { return FrontMatterSettings() }
        var problems: [YAMLError] = []
        guard let documents = try? Source(text, file: "").documents(gathering: &problems),
            documents.count <= 1
        else { return nil }
        guard let document = documents.first else { return FrontMatterSettings() }
        guard let entries = document.entries, !entries.isEmpty else { return nil }
        var settings = FrontMatterSettings()
        for entry in entries {
            switch entry.key.lowercased() {
            case "title": settings.title = entry.value.scalar?.text
            case "tags", "keywords", "categories": settings.tags += words(entry.value)
            default: settings.others.append(entry.key, value(entry.value, depth: 0))
            }
        }
        return settings
    }

    private static func value(_ node: Node, depth: Int) -> Value {
        if depth > 8 || node.isNull { return .null }
        if let elements = node.elements {
            return .array(elements.map { value($0, depth: depth + 1) })
        }
        if let entries = node.entries {
            return .object(Members(entries.map { ($0.key, value($0.value, depth: depth + 1)) }))
        }
        guard let scalar = node.scalar else { return .null }
        if case .bool(let isTrue) = scalar.kind { return .bool(isTrue) }
        return scalar.number.map { .number($0) } ?? .string(scalar.text)
    }

    private static func words(_ node: Node) -> [String] {
        if let elements = node.elements { return elements.compactMap { $0.scalar?.text } }
        guard let text = node.scalar?.text else { return [] }
        let parts = text.contains(",") ? text.split(separator: ",") : text.split(separator: " ")
        return parts.map { String($0.trimmed) }.filter { !$0.isEmpty }
    }
}

/// The settings that matter.
private struct FrontMatterSettings {
    var title: String?
    var tags: [String] = []
    var others = Members()

    init() {}

    /// Reads strings and arrays of strings, of the top level and of tables such as `[taxonomies]`.
    ///
    /// - Returns: Nil if a line is neither a key with a value nor a table.
    init?(_ text: String) {
        var open = ""
        for line in text.split(whereSeparator: \.isNewline) {
            if !open.isEmpty {
                open += " \(line)"
                if Self.isComplete(open) {
                    tags += Self.strings(open)
                    open = ""
                }
                continue
            }
            let line = line.trimmed
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("[") || line.hasPrefix("]")
                || line.hasPrefix("\"") || line.hasPrefix("'") || line.hasPrefix("}")
            {
                continue
            }
            guard let equals = line.firstIndex(of: "=") else { return nil }
            let value = String(line[line.index(after: equals)...].trimmed)
            switch line[..<equals].trimmed.lowercased() {
            case "title": title = Self.strings(value).first
            case "tags", "keywords", "categories":
                if Self.isComplete(value) { tags += Self.strings(value) } else { open = value }
            case let key:
                others.append(key, .string(Self.strings(value).first ?? value))
            }
        }
    }

    private static func isComplete(_ value: String) -> Bool {
        !value.hasPrefix("[") || value.hasSuffix("]")
    }

    /// Returns the quoted texts in a value.
    private static func strings(_ value: String) -> [String] {
        var result: [String] = []
        var rest = value[...]
        while let start = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
            let quote = rest[start]
            var text = ""
            var position = rest.index(after: start)
            while position < rest.endIndex, rest[position] != quote {
                if quote == "\"", rest[position] == "\\",
                    rest.index(after: position) < rest.endIndex
                {
                    position = rest.index(after: position)
                }
                text.append(rest[position])
                position = rest.index(after: position)
            }
            result.append(text)
            rest = position < rest.endIndex ? rest[rest.index(after: position)...] : ""
        }
        return result
    }
}
