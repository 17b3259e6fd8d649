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

    /// The cosine of the angle between the record's vector and the query; 0 if either is all zeros.
    package let score: Float

    package let metadata: [String: String]

    /// The vector; empty unless the query asked for it.
    package let vector: [Float]
}
