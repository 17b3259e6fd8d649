internal import TextAnalysis

/// The distinct words of a text, for programs that compare texts word by word.
package struct Terms: Sendable {
    package struct Term: Sendable {
        /// A hash that all words of one stem share.
        package let stem: UInt64

        /// The word in lower case, without accents, as UTF-8. Empty for characters of a script
        /// without spaces, which are terms alone and in pairs.
        package let word: [UInt8]

        package let kind: Kind
        package let count: Int
    }

    /// The meaning of an English word for the subject of a text.
    package enum Kind: Sendable {
        /// A word without such a meaning, which holds sentences together.
        case function
        /// A word with little such meaning, which occurs in texts about any subject.
        case general
        case specific
    }

    /// The terms in the order in which they first occur.
    package let terms: [Term]

    package init(_ text: String) {
        let counts = WordCounts(text.utf8.span)
        let common = CommonWords.english
        var marked: [UInt8] = []
        terms = counts.words.map { word in
            let kind: Kind =
                switch common.kind(of: word.hash) {
                case .function: .function
                case .general: .general
                case nil: .specific
                }
            if word.letters.isEmpty {
                return Term(stem: word.hash, word: [], kind: kind, count: Int(word.count))
            }
            counts.mark(word, into: &marked)
            let letters = Array(marked[1..<marked.count - 1])
            var stem = FeatureHash(kind: .stem)
            for byte in letters.prefix(Stem.length(of: letters.span)) { stem.append(byte) }
            return Term(stem: stem.value, word: letters, kind: kind, count: Int(word.count))
        }
    }
}
