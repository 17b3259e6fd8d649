internal import Glibc

/// The weighting of terms by their frequency in a document, their rarity among all documents, and
/// the length of the document (Robertson and Zaragoza, "The probabilistic relevance framework: BM25
/// and beyond", 2009).
struct BM25 {
    /// The larger, the more do repetitions of a term count.
    static let saturation = 1.5
    /// The part of a document's length that counts against it, from 0 to 1.
    static let lengthPenalty = 0.7

    /// The frequency that gives half of a term's weight, for each code of a document's length.
    let halfFrequencies: [Double]

    private let documents: Double

    /// - Parameter statistics: Of all segments together.
    init(documents: Int, totalLength: Int) {
        self.documents = Double(documents)
        let average = documents > 0 ? Double(max(totalLength, 1)) / Double(documents) : 1
        halfFrequencies = DocumentLength.lengths.map { length in
            let relative = Double(length) / average
            return Self.saturation * (1 - Self.lengthPenalty + Self.lengthPenalty * relative)
        }
    }

    /// The weight of a term by the number of documents that have it. One that none has counts as the
    /// rarest.
    func rarity(_ count: Int) -> Double {
        log(1 + max(0, documents - Double(count) + 0.5) / (Double(count) + 0.5))
    }

    /// The part, from 0 to 1, of a term's weight that a document has by its frequency.
    ///
    /// - Parameter length: The code of the document's length.
    @inline(__always)
    func part(_ frequency: UInt32, _ length: UInt8) -> Double {
        let frequency = Double(frequency)
        return frequency / (frequency + halfFrequencies[Int(length)])
    }
}
