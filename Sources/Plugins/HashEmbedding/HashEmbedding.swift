/// Text as a vector without a model: signed feature hashing of words and pieces of words
/// (Weinberger et al., "Feature hashing for large scale multitask learning", 2009).
///
/// Texts that share words, or words of the same stem, or words that are spelt alike, have vectors
/// with a large cosine. Meaning that is spelt otherwise is not seen.
///
/// Each distinct word of a text gives a feature for itself, one for its stem, and some for its
/// groups of three and of four letters, its beginning and end being letters too. A feature adds its
/// weight to one place of the vector or subtracts it there, both chosen by its `FeatureHash`, so
/// that features which meet by chance cancel out on average. The vector is scaled to unit length.
///
/// The weights are below. There are no statistics of a collection, so a text's vector depends on
/// the text alone; what common words would lose in such statistics, `CommonWords` takes from them.
/// Only additions, multiplications, divisions and square roots are used, in a fixed order: these are
/// exact in IEEE 754, so the same text has the same bits on every machine.
package struct HashEmbedding: Sendable {
    /// What a vector is for.
    package enum Purpose: Sendable { case document, query }

    /// The length of each vector.
    package let dimension: Int

    /// To be changed with anything that changes any vector.
    package static let modelName = "hash-v1"

    /// Of all groups of letters of a word, beside 1 for the word and 1 for its stem.
    private static let groupsWeight: Float = 0.8

    package init(dimension: Int) {
        precondition(dimension > 0)
        self.dimension = dimension
    }

    /// - Parameter text: UTF-8. What is not separates words.
    /// - Returns: A vector of length 1. A text without words has that of one feature of its own.
    package func vector(of text: Span<UInt8>, for purpose: Purpose) -> [Float] {
        let counts = WordCounts(text)
        let common = CommonWords.english
        var sum = FeatureSum(dimension: dimension)
        var marked: [UInt8] = []
        for word in counts.words {
            let weight = Self.damped(word.count) * word.weight(for: purpose, common)
            sum.add(word.hash, weight)
            if word.letters.isEmpty { continue }
            counts.mark(word, into: &marked)
            let span = marked.span
            sum.addStem(of: span.extracting(1..<span.count - 1), weight)
            sum.addGroups(of: span, weight * Self.groupsWeight)
        }
        if counts.words.isEmpty { sum.add(FeatureHash(kind: .nothing).value, 1) }
        return sum.unitVector()
    }

    /// A word that occurs often counts more, though not as often: count to the power of 3/8.
    private static func damped(_ count: Int32) -> Float {
        if count == 1 { return 1 }
        let fourth = Float(count).squareRoot().squareRoot()
        return fourth * fourth.squareRoot()
    }
}

extension WordCounts.Word {
    /// What one occurrence of the word says about a text, at most 1.
    ///
    /// A query is short and its every word is meant, so it is damped half as much.
    fileprivate func weight(
        for purpose: HashEmbedding.Purpose, _ common: CommonWords
    ) -> Float {
        let weight: Float
        switch common.kind(of: hash) {
        case .function: return 0.02
        case .general: weight = 0.7
        case nil:
            if !isNumber { return 1 }
            weight = 0.5
        }
        return purpose == .query ? weight.squareRoot() : weight
    }
}
