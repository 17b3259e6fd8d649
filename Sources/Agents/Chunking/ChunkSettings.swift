/// The way in which documents become records.
package struct ChunkSettings: Equatable, Sendable {
    /// The most characters of a chunk, and those that neighbours share; nil for one record of each
    /// document.
    package let sizes: Sizes?

    /// True to have the title and the headings of a chunk embedded with it.
    package let hasContext: Bool

    package struct Sizes: Equatable, Sendable {
        package let size, overlap: Int
    }

    package init(size: Int, overlap: Int, hasContext: Bool) {
        sizes = Sizes(size: size, overlap: overlap)
        self.hasContext = hasContext
    }

    /// - Parameter hasContext: True to have the title embedded with the text.
    package init(wholeWithContext hasContext: Bool) {
        sizes = nil
        self.hasContext = hasContext
    }
}
