internal import Stemmer

/// The terms of the words that were met so far, so that the stem and the groups of letters of a
/// word are found once.
struct Lexicon {
    /// The terms of a word, as a range of `references`. The first is the word itself.
    private struct Word {
        let key: UInt64
        let terms: Range<Int32>
        let isCounted: Bool
    }

    /// The most words that are remembered; above it, all are forgotten.
    private static let limit = 1 << 17

    private let language: Language
    private let stemmer: SharedStemmer

    private var words: [Word] = []
    private var wordTable = HashTable()
    private var references: [Int32] = []
    /// The terms that were met, and their counts in the text being read.
    private var hashes: [UInt64] = []
    private var counts: [UInt32] = []
    private var hashTable = HashTable()

    /// The numbers of the terms of the text being read.
    private var touched: [Int32] = []
    private var length: UInt32 = 0

    private var tokenizer = Tokenizer()

    init(_ language: Language) {
        self.language = language
        stemmer = SharedStemmer(language.algorithm)
    }

    // MARK: Documents

    /// Counts the words of a text, each as often as `weight` says.
    mutating func count(_ text: Span<UInt8>, weight: UInt32) {
        withTokenizer { lexicon, tokenizer in
            tokenizer.read(text, keepsAccents: lexicon.language.hasAccents) { token, tokenizer in
                lexicon.count(token, tokenizer, weight)
            }
        }
    }

    /// Runs `body` with the tokenizer beside the rest.
    private mutating func withTokenizer(_ body: (inout Lexicon, inout Tokenizer) -> Void) {
        var tokenizer = Tokenizer()
        swap(&tokenizer, &self.tokenizer)
        tokenizer.removeLetters()
        body(&self, &tokenizer)
        swap(&tokenizer, &self.tokenizer)
    }

    /// Returns what was counted, and forgets it.
    mutating func takeCounts() -> AnalyzedText {
        var terms: [AnalyzedText.Term] = []
        terms.reserveCapacity(touched.count)
        for number in touched {
            let number = Int(number)
            terms.append(AnalyzedText.Term(hash: hashes[number], frequency: counts[number]))
            counts[number] = 0
        }
        let text = AnalyzedText(terms: terms, length: max(length, 1))
        touched.removeAll(keepingCapacity: true)
        length = 0
        if words.count > Self.limit || hashes.count > 4 * Self.limit { forget() }
        return text
    }

    private mutating func count(
        _ token: Token, _ tokenizer: borrowing Tokenizer, _ weight: UInt32
    ) {
        let key = key(of: token, tokenizer)
        let number = wordTable.number(of: key) { words[$0].key } ?? add(token, tokenizer, key)
        let word = words[number]
        if word.isCounted { length &+= weight }
        for place in word.terms {
            let reference = references[Int(place)]
            let count = counts[Int(reference)]
            if count == 0 { touched.append(reference) }
            counts[Int(reference)] = count &+ weight
        }
    }

    private mutating func forget() {
        words.removeAll()
        wordTable = HashTable()
        references.removeAll()
        hashes.removeAll()
        counts.removeAll()
        hashTable = HashTable()
    }

    /// A word's own number, where the accented and the plain spelling are two.
    private func key(of token: Token, _ tokenizer: borrowing Tokenizer) -> UInt64 {
        var hash = FeatureHash(kind: token.kind == .word ? .word : .unspaced)
        for place in token.folded { hash.append(tokenizer.folded[place]) }
        if !token.hasOnlyLetters { hash.append(1) }
        if !token.accented.isEmpty {
            hash.append(0)
            for place in token.accented { hash.append(tokenizer.accented[place]) }
        }
        return hash.value
    }

    /// Adds a word with its terms, and returns its number.
    private mutating func add(
        _ token: Token, _ tokenizer: borrowing Tokenizer, _ key: UInt64
    ) -> Int {
        let start = Int32(references.count)
        let terms = WordTerms(token, tokenizer, language, stemmer)
        for hash in [terms.hash] + terms.groups { references.append(reference(to: hash)) }
        words.append(
            Word(
                key: key, terms: start..<Int32(references.count),
                isCounted: token.kind != .character))
        wordTable.insert(words.count - 1, of: key) { words[$0].key }
        return words.count - 1
    }

    private mutating func reference(to hash: UInt64) -> Int32 {
        if let number = hashTable.number(of: hash, { hashes[$0] }) { return Int32(number) }
        hashes.append(hash)
        counts.append(0)
        hashTable.insert(hashes.count - 1, of: hash) { hashes[$0] }
        return Int32(hashes.count - 1)
    }

    // MARK: Questions

    /// Calls `receive` with each word of a question and its terms, in order.
    mutating func read(_ question: Span<UInt8>, _ receive: (Token, WordTerms) -> Void) {
        withTokenizer { lexicon, tokenizer in
            let (language, stemmer) = (lexicon.language, lexicon.stemmer)
            tokenizer.read(question, keepsAccents: language.hasAccents) { token, tokenizer in
                receive(token, WordTerms(token, tokenizer, language, stemmer))
            }
        }
    }
}

/// A stemmer, or none, behind a reference. It belongs to one thread at a time.
final class SharedStemmer {
    private var stemmer: Stemmer?

    init(_ algorithm: String?) {
        // The name was tried when the language was made.
        if let algorithm { stemmer = try? Stemmer(algorithm) }
    }

    /// Returns the stem of a word in lower case, without accents, or nil without a stemmer.
    func stem(of word: [UInt8]) -> [UInt8]? {
        guard stemmer != nil else { return nil }
        return stemmer!.withStem(of: word.span) { stem in Accents.fold(stem) }
    }
}
