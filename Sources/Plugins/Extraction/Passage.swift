/// A text to answer from.
package struct Passage: Equatable, Sendable {
    /// The name to cite it by, or nil if it has none.
    package var source: String?

    package var text: String

    package init(source: String?, text: String) {
        self.source = source
        self.text = text
    }
}
