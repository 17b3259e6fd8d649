/// The terms of a text, ready for an index.
package struct AnalyzedText: Sendable, Equatable {
    package struct Term: Sendable, Equatable {
        package let hash: UInt64
        /// At least 1. A title's and a heading's words count with their weights.
        package let frequency: UInt32

        package init(hash: UInt64, frequency: UInt32) {
            self.hash = hash
            self.frequency = frequency
        }
    }

    /// Each term once.
    package let terms: [Term]

    /// The number of words, to which a document's frequencies are compared; groups of letters do
    /// not count.
    package let length: UInt32

    package init(terms: [Term], length: UInt32) {
        self.terms = terms
        self.length = length
    }
}

/// A term of a question, and its part in the score of a document that has it.
package struct QuestionTerm: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// A word, by its stem.
        case word
        /// A group of letters of a word, which finds words of similar spelling.
        case group
        /// One or two characters of a script without spaces between words.
        case characters
    }

    package let hash: UInt64

    /// The term as a person reads it: a stem or a group of letters, where `<` and `>` are the
    /// ends of a word.
    package let spelling: String

    /// The factor of its score, above 0: higher for a word that the question repeats, and low for
    /// groups of letters.
    package let weight: Double

    package let kind: Kind

    package init(hash: UInt64, spelling: String, weight: Double, kind: Kind) {
        self.hash = hash
        self.spelling = spelling
        self.weight = weight
        self.kind = kind
    }
}

/// A word of a question, with the terms by which documents are known that have it or a related one.
package struct QuestionWord: Sendable, Equatable {
    /// The stem, or one or two characters.
    package let term: QuestionTerm

    /// The groups of letters of its spellings, which find similar words; each once.
    package let groups: [QuestionTerm]

    package init(_ term: QuestionTerm, groups: [QuestionTerm] = []) {
        self.term = term
        self.groups = groups
    }
}
