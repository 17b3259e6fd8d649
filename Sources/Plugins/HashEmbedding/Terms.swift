/// The distinct words of a text, for programs that compare texts word by word.
package struct Terms: Sendable {
    package struct Term: Sendable {
        /// The same for all words of one stem.
        package let stem: UInt64

        /// Lower case, without accents, as UTF-8. Empty for characters of a script without
        /// spaces, which are terms alone and in pairs.
        package let word: [UInt8]

        package let kind: Kind
        package let count: Int
    }

    /// What an English word says about what a text is about.
    package enum Kind: Sendable {
        /// Nothing: it holds sentences together.
        case function
        /// Little: it is in texts about anything.
        case general
        case specific
    }

    /// In the order in which they first occur.
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
