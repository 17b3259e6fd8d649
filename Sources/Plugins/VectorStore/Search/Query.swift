/// A search in a collection.
package struct Query: Sendable {
    package var vector: [Float]

    /// The most matches; at least 1.
    package var limit: Int

    package var filter: Filter?

    /// True to return the vectors of matches.
    package var includesVectors: Bool

    package init(
        vector: [Float], limit: Int, filter: Filter? = nil, includesVectors: Bool = false
    ) {
        self.vector = vector
        self.limit = limit
        self.filter = filter
        self.includesVectors = includesVectors
    }
}
