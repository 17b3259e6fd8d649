/// The reason why a document is skipped.
package struct SkipReason: Error, Equatable, Sendable, CustomStringConvertible {
    /// A single word for scripts, which stays the same.
    package enum Code: String, Sendable, CaseIterable {
        /// The file is binary: no text, and nothing that an extractor reads.
        case notText = "not_text"
        /// The text is in an encoding that is neither declared nor certain enough.
        case unknownEncoding = "unknown_encoding"
        case tooLarge = "too_large"
        /// A format that a program reads which is not installed.
        case noExtractor = "no_extractor"
        /// An extractor failed, or printed what is not text.
        case extractorFailed = "extractor_failed"
        /// A file of a known format that is damaged, such as a notebook that is not JSON.
        case damaged
        /// The patterns of the store, or those in its folders, exclude it.
        case pattern
        /// A link, or something that is neither a file nor a folder.
        case notRegular = "not_regular"
        /// A document of pictures, such as a scan.
        case noText = "no_text"
    }

    package let code: Code

    /// The reason, worded to follow a colon.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension SkipReason {
    package static let binary = SkipReason(.notText, "it is binary")
    package static let noText = SkipReason(
        .noText, "its pages have no text, as those of a scan (ocrmypdf adds what is read on them)")
    package static let unknownEncoding = SkipReason(
        .unknownEncoding, "its encoding is unknown (iconv -f ENCODING -t UTF-8 converts it)")
}
