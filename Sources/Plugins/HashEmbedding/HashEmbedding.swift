internal import TextAnalysis

/// A vector made from text without a model: signed feature hashing of words and pieces of words
/// (Weinberger et al., "Feature hashing for large scale multitask learning", 2009).
///
/// Texts that share words, words of the same stem, or words with similar spelling have vectors with
/// a large cosine. The same meaning in different words is not noticed.
///
/// Each distinct word of a text gives a feature for itself, one for its stem, and some for its
/// groups of three and of four letters, where its beginning and end count as letters. A feature
/// adds its weight to one place of the vector or subtracts it there. Its `FeatureHash` chooses
/// both, so that features which meet by chance cancel out on average. The vector is scaled to unit
/// length.
///
/// The weights are below. They do not depend on statistics of a collection, so a text's vector
/// depends on the text alone; `CommonWords` lowers the weight of common words instead. Only
/// additions, multiplications, divisions and square roots are used, in a fixed order: these are
/// exact in IEEE 754, so the same text has the same bits on every machine.
package struct HashEmbedding: Sendable {
    /// The purpose of a vector.
    package enum Purpose: Sendable { case document, query }

    /// The length of each vector.
    package let dimension: Int

    /// The name of the method, which has to change with any change to a vector.
    package static let modelName = "hash-v1"

    /// The weight of all groups of letters of a word, beside 1 for the word and 1 for its stem.
    private static let groupsWeight: Float = 0.8

    package init(dimension: Int) {
        precondition(dimension > 0)
        self.dimension = dimension
    }

    /// - Parameter text: UTF-8. Bytes that are not UTF-8 separate words.
    /// - Returns: A vector of length 1. All texts without words share the vector of a separate
    ///   feature.
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

    /// Returns a damped count: a word that occurs often counts more, to the power of 3/8.
    private static func damped(_ count: Int32) -> Float {
        if count == 1 { return 1 }
        let fourth = Float(count).squareRoot().squareRoot()
        return fourth * fourth.squareRoot()
    }
}

extension WordCounts.Word {
    /// Returns the weight of one occurrence of the word, at most 1.
    ///
    /// A query is short and every word of it is intended, so it is damped half as much.
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
