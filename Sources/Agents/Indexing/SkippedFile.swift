/// A file in a store's folder that is not a document of it.
package struct SkippedFile: Sendable {
    /// The path relative to the store's folder; that of a folder ends in a slash.
    package let name: String
    package let reason: SkipReason

    /// A line for people about a file whose name is `name`.
    package func text(_ name: String) -> String { "'\(name)' is not indexed: \(reason.words)" }
}

/// The reason why a file is not a document, with a word for scripts that stays the same.
package enum SkipReason: String, Sendable {
    case tooLarge = "too_large"
    case notText = "not_text"

    /// Not text either, but of a kind from which a program could make text.
    case noExtractor = "no_extractor"
    case pattern

    /// A link, or something that is neither a file nor a folder.
    case notRegular = "not_regular"

    package var words: String {
        switch self {
        case .tooLarge: "it is larger than max_file_size"
        case .notText: "it is not text"
        case .noExtractor: "it is not text, and no extractor handles it"
        case .pattern: "a pattern excludes it, or none includes it"
        case .notRegular: "it is not a regular file"
        }
    }

    /// The endings of the kinds of files from which a program could make text.
    private static let extractable: Set<String> = [
        "doc", "docx", "djvu", "epub", "key", "mobi", "numbers", "odp", "ods", "odt", "pages",
        "pdf",
        "ppt", "pptx", "ps", "rtf", "xls", "xlsx",
    ]

    /// Returns the reason for a file that is not text and was not extracted.
    static func ofNoText(_ name: String) -> SkipReason {
        let ending = name.split(separator: "/").last?.split(separator: ".").dropFirst().last ?? ""
        return extractable.contains(ending.lowercased()) ? .noExtractor : .notText
    }
}
