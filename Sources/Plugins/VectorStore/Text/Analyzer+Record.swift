internal import JSON
internal import Synchronization
import TextAnalysis

extension Analyzer {
    /// Returns the terms of a record's content, title, headings and tags.
    func text(of metadata: [String: String]) -> AnalyzedText {
        let content = metadata["content"].map(Self.string) ?? ""
        let title = metadata["title"].map(Self.string)
        // A list of headings is JSON, which has only signs between its words.
        let headings = ["headings", "tags"].compactMap { metadata[$0].map(Self.string) }
        return document(
            content, title: title,
            headings: headings.isEmpty ? nil : headings.joined(separator: " "))
    }

    /// Returns the string that a text in the metadata stands for.
    private static func string(_ text: String) -> String {
        guard text.utf8.first == UInt8(ascii: "\"") else { return text }
        return (try? Value(parsing: Array(text.utf8)))?.string ?? text
    }
}

/// The analyzers of the languages that collections have.
final class Analyzers: Sendable {
    private let made = Mutex<[String: Analyzer]>([:])

    /// Returns the analyzer for a collection's texts and for questions about them.
    func analyzer(for properties: [String: String]) throws(StoreError) -> Analyzer {
        let name = properties[languageProperty] ?? Language.default
        if let known = made.withLock({ $0[name] }) { return known }
        let language: Language
        do { language = try Language(name) } catch { throw StoreError("\(error)") }
        let new = Analyzer(language)
        return made.withLock { made in
            let analyzer = made[name] ?? new
            made[name] = analyzer
            return analyzer
        }
    }
}

/// The property of a collection that names the language of its texts. It does not change once the
/// collection is there, as their terms depend on it.
let languageProperty = "language"
