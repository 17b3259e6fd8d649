package import JSON

/// The text of a record, and its place.
package struct Passage: Sendable {
    package var content: [UInt8]

    /// The range in the file or, if the text is not the file's own, in the text that was read.
    package var range: Range<Int>
    package var title: String?
    package var headings: [String] = []

    /// Further members for the metadata.
    package var properties = Members()
}
