/// A text to answer from.
package struct Passage: Equatable, Sendable {
    /// What it is cited as, or nil if it has no name.
    package var source: String?

    package var text: String

    package init(source: String?, text: String) {
        self.source = source
        self.text = text
    }
}
