internal import Stemmer

/// The language of a collection's texts: the endings of its words, and its common words.
package struct Language: Sendable {
    /// The language's name, as it was given in lower case.
    package let name: String

    /// The name for texts of no or of many languages.
    package static let none = "none"
    package static let `default` = "english"

    /// The name of the stemmer, or nil.
    let algorithm: String?

    /// The words, folded, that are not looked for unless a question has no others.
    let commonWords: Set<[UInt8]>

    /// True if the stemmer knows letters with accents.
    let hasAccents: Bool

    /// The names of all languages.
    package static var names: [String] {
        Stemmer.algorithms.filter { $0 != "porter" && $0 != "lovins" } + [none]
    }

    /// - Parameter name: One of `names`, or a code of two or three letters.
    package init(_ name: String) throws(UnknownLanguage) {
        let name = name.lowercased()
        self.name = name
        if name == Self.none {
            algorithm = nil
            hasAccents = false
            commonWords = []
            return
        }
        guard (try? Stemmer(name)) != nil else { throw UnknownLanguage(name: name) }
        algorithm = name
        hasAccents = !["english", "en", "eng", "porter", "lovins"].contains(name)
        commonWords = CommonWords.of(name)
    }
}

/// The error for a language that has no stemmer.
package struct UnknownLanguage: Error, Equatable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "there is no language '\(name)': expected one of \(Language.names.joined(separator: ", "))"
    }
}
