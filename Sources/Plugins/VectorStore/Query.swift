/// What to look for in a collection.
package struct Query: Sendable {
    package var vector: [Float]

    /// How many matches at most; at least 1.
    package var limit: Int

    package var filter: Filter?

    /// Whether matches bring their vectors.
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
