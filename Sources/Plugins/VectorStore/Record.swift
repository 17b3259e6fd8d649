/// A vector with its id and the data to return with it.
package struct Record: Sendable, Equatable {
    package var id: String
    package var vector: [Float]
    package var metadata: [String: String]

    package init(id: String, vector: [Float], metadata: [String: String] = [:]) {
        self.id = id
        self.vector = vector
        self.metadata = metadata
    }
}

/// A record that a search found.
package struct Match: Sendable, Equatable {
    package let id: String

    /// The score by which the matches are ordered: without a text, the cosine.
    package let score: Float

    /// The cosine of the angle between the record's vector and the query, 0 if either is all zeros;
    /// nil if the query has no vector.
    package let vectorScore: Float?

    /// The part, from 0 to 1, of the greatest score for the question's words; nil without a text.
    package let textScore: Float?

    /// The weight of the vector beside the words; nil unless both were asked for.
    package let alpha: Float?

    /// The question's words that the record has; empty unless the query asked for them.
    package let terms: [TermScore]

    package let metadata: [String: String]

    /// The vector; empty unless the query asked for it.
    package let vector: [Float]
}
