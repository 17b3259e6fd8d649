internal import Synchronization

/// The reading of texts and questions of a language as the terms of an index.
///
/// A word is indexed by its stem (Snowball's) and by its groups of four letters, so that a misspelt
/// word of a question finds it too. An identifier is indexed whole and by its
/// parts. Letters are folded to lower case without accents. Scripts without spaces between words
/// are indexed by pairs of characters.
///
/// The same text always has the same terms. Many threads may use one analyzer.
package final class Analyzer: Sendable {
    package let language: Language

    /// The weight of a group of letters in a question, beside 1 for a word.
    package static let groupWeight = 0.15

    /// The weight of all groups of letters of a word, if there is one group; it grows with the square
    /// root of their number.
    package static let groupsWeight = 0.5

    /// The number of times that each word of a title or a heading counts.
    package static let titleWeight: UInt32 = 2
    package static let headingsWeight: UInt32 = 1

    /// Those that no thread is using.
    private let idle: Mutex<[IdleLexicon]>

    /// A lexicon that no thread uses, nor its stemmer.
    private struct IdleLexicon: @unchecked Sendable { let lexicon: Lexicon }

    /// - Parameter language: A name of Snowball's, such as `english`, or `none`.
    package convenience init(language: String = Language.default) throws(UnknownLanguage) {
        self.init(try Language(language))
    }

    package init(_ language: Language) {
        self.language = language
        idle = Mutex([])
    }

    /// Runs `body` with a lexicon of its own.
    private func withLexicon<R>(_ body: (inout Lexicon) -> R) -> R {
        var lexicon = idle.withLock { $0.popLast() }?.lexicon ?? Lexicon(language)
        let result = body(&lexicon)
        let idle = IdleLexicon(lexicon: lexicon)
        self.idle.withLock { $0.append(idle) }
        return result
    }

    /// - Parameters:
    ///   - text: UTF-8. Bytes that are not UTF-8 separate words.
    ///   - title: The title of the document, if it is not in the text, or is worth more than it.
    ///   - headings: The headings under which the text stands.
    package func document(
        _ text: Span<UInt8>, title: String? = nil, headings: String? = nil
    ) -> AnalyzedText {
        withLexicon { lexicon in
            lexicon.count(text, weight: 1)
            if let title { lexicon.count(title.utf8.span, weight: Self.titleWeight) }
            if let headings { lexicon.count(headings.utf8.span, weight: Self.headingsWeight) }
            return lexicon.takeCounts()
        }
    }

    package func document(
        _ text: String, title: String? = nil, headings: String? = nil
    ) -> AnalyzedText {
        document(text.utf8.span, title: title, headings: headings)
    }

    /// Returns the terms of a question, each once, in the order in which they first occur.
    ///
    /// Common words are left out, unless there are no others.
    package func question(_ text: String) -> [QuestionTerm] {
        let words = read(text)
        var terms = QuestionTerms()
        for (token, word) in words { terms.add(word, token.kind) }
        for (_, word) in words {
            for (hash, letters) in zip(word.groups, word.groupLetters) {
                let spelling = String(decoding: letters, as: UTF8.self)
                terms.add(hash, spelling, Self.groupWeight, .group)
            }
        }
        return terms.terms
    }

    /// Returns the words of a question, those of one stem as one, in the order in which they first
    /// occur. The groups of a word have the less weight each, the more there are.
    ///
    /// Common words are left out, unless there are no others.
    package func words(of question: String) -> [QuestionWord] {
        var terms = QuestionTerms()
        var groups: [QuestionTerms] = []
        for (token, word) in read(question) {
            let place = terms.add(word, token.kind)
            if place == groups.count { groups.append(QuestionTerms()) }
            let weight = Self.groupsWeight / Double(word.groups.count).squareRoot()
            for (hash, letters) in zip(word.groups, word.groupLetters) {
                let spelling = String(decoding: letters, as: UTF8.self)
                groups[place].add(hash, spelling, weight, .group)
            }
        }
        return zip(terms.terms, groups).map { QuestionWord($0, groups: $1.terms) }
    }

    /// Returns the words of a question that matter.
    private func read(_ question: String) -> [(Token, WordTerms)] {
        var words: [(Token, WordTerms)] = []
        withLexicon { $0.read(question.utf8.span) { words.append(($0, $1)) } }
        if words.contains(where: { !$0.1.isCommon }) { words.removeAll { $0.1.isCommon } }
        return words
    }
}

/// Terms of which each is there once.
private struct QuestionTerms {
    private(set) var terms: [QuestionTerm] = []
    private var places: [UInt64: Int] = [:]

    /// Adds the stem or the characters of a word.
    ///
    /// - Returns: The place of the term.
    @discardableResult mutating func add(_ word: WordTerms, _ kind: Token.Kind) -> Int {
        let spelling = String(decoding: word.stem, as: UTF8.self)
        return switch kind {
        case .word: add(word.hash, spelling, 1, .word)
        case .pair, .lone: add(word.hash, spelling, 1, .characters)
        case .character: add(word.hash, spelling, Analyzer.groupWeight, .characters)
        }
    }

    /// Adds a term, or its weight to the same term's.
    ///
    /// - Returns: The place of the term.
    @discardableResult mutating func add(
        _ hash: UInt64, _ spelling: String, _ weight: Double, _ kind: QuestionTerm.Kind
    ) -> Int {
        if let place = places[hash] {
            let term = terms[place]
            terms[place] = QuestionTerm(
                hash: hash, spelling: term.spelling, weight: term.weight + weight, kind: term.kind)
            return place
        }
        places[hash] = terms.count
        terms.append(QuestionTerm(hash: hash, spelling: spelling, weight: weight, kind: kind))
        return terms.count - 1
    }
}
