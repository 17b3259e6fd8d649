/// A search in a collection, by a vector, by words, or by both.
package struct Query: Sendable {
    /// The vector; empty for a search by words alone.
    package var vector: [Float]

    /// The question; empty for a search by the vector alone.
    package var text: String

    /// The weight of the vector beside the text, from 0 to 1, or nil for the collection's own. With
    /// 0, only records that have a word of the question are found.
    package var alpha: Double?

    /// The weight of the vector for a collection that has none of its own: little, as suits vectors
    /// made of hashed words.
    static let standardAlpha = 0.2

    /// The most matches; at least 1.
    package var limit: Int

    /// The condition on metadata, which queries of a batch should share.
    package var filter: CachedFilter?

    /// True to return the vectors of matches.
    package var includesVectors: Bool

    /// True to tell for each match which words it has.
    package var explains: Bool

    package init(
        vector: [Float] = [], text: String = "", alpha: Double? = nil, limit: Int,
        filter: CachedFilter? = nil, includesVectors: Bool = false, explains: Bool = false
    ) {
        self.vector = vector
        self.text = text
        self.alpha = alpha
        self.explains = explains
        self.limit = limit
        self.filter = filter
        self.includesVectors = includesVectors
    }
}
