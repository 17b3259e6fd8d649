package import Documents

/// A file in a store's folder that is not a document of it.
package struct SkippedFile: Sendable {
    /// The path relative to the store's folder; that of a folder ends in a slash.
    package let name: String
    package let reason: SkipReason

    /// A line for people about a file whose name is `name`.
    package func text(_ name: String) -> String { "'\(name)' is not indexed: \(reason)" }
}

extension SkipReason {
    static let tooLarge = SkipReason(.tooLarge, "it is larger than max_file_size")
    static let excluded = SkipReason(.pattern, "a pattern excludes it, or none includes it")
    static let notRegular = SkipReason(.notRegular, "it is not a regular file")

    /// The reason that a state remembers by its code.
    static func remembered(_ code: Code) -> SkipReason {
        switch code {
        case .notText: .binary
        case .unknownEncoding: .unknownEncoding
        case .tooLarge: .tooLarge
        case .noExtractor: SkipReason(code, "no installed program reads its format")
        case .extractorFailed: SkipReason(code, "its extractor failed")
        case .damaged: SkipReason(code, "it is damaged")
        case .pattern: .excluded
        case .notRegular: .notRegular
        case .noText: .noText
        }
    }
}
