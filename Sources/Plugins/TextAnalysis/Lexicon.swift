internal import Stemmer

/// The terms of the words that were met lately, so that the stem and the groups of letters of a
/// word are found once.
struct Lexicon {
    private let language: Language
    private let stemmer: SharedStemmer

    /// The words that were met lately, and those that were met before, which are forgotten when
    /// there are too many of the former.
    private var recent = KnownWords()
    private var earlier = KnownWords()

    /// The numbers, in `recent`, of the words of the text being read.
    private var touched: [Int32] = []
    private var length: UInt32 = 0

    private var terms = TermCounts()
    private var tokenizer = Tokenizer()

    /// Tokens that are looked up together, and their keys and words.
    private var tokens: [Token] = []
    private var keys: [UInt64] = []
    private var numbers: [Int32] = []

    /// The most words that are known lately, the most of their terms, and the most tokens that are
    /// looked up together.
    private static let most = (words: 1 << 17, terms: 1 << 20, tokens: 1 << 12)

    init(_ language: Language) {
        self.language = language
        stemmer = SharedStemmer(language.algorithm)
    }

    // MARK: Documents

    /// Counts the words of a text, each as often as `weight` says.
    mutating func count(_ text: Span<UInt8>, weight: UInt32) {
        withTokenizer { lexicon, tokenizer in
            tokenizer.read(text, keepsAccents: lexicon.language.hasAccents) { token, tokenizer in
                lexicon.keys.append(Self.key(of: token, tokenizer))
                lexicon.tokens.append(token)
                if lexicon.tokens.count == Self.most.tokens { lexicon.count(tokenizer, weight) }
            }
            lexicon.count(tokenizer, weight)
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
        var most = 0
        for number in touched { most += recent.words[Int(number)].terms.count }
        terms.start(most)
        // The first terms are read together, as the processor then waits for all at once.
        keys.removeAll(keepingCapacity: true)
        for number in touched {
            keys.append(recent.terms[Int(recent.words[Int(number)].terms.lowerBound)])
        }
        for (number, first) in zip(touched, keys) {
            let word = recent.words[Int(number)]
            terms.add(
                first, recent.terms, Int(word.terms.lowerBound) + 1..<Int(word.terms.upperBound),
                word.count)
            recent.words[Int(number)].count = 0
        }
        keys.removeAll(keepingCapacity: true)
        let text = AnalyzedText(terms: terms.terms, length: max(length, 1))
        touched.removeAll(keepingCapacity: true)
        length = 0
        if recent.words.count > Self.most.words || recent.terms.count > Self.most.terms {
            earlier = recent
            recent = KnownWords()
        }
        return text
    }

    /// Counts the tokens that were read.
    ///
    /// Words are spread over much memory. Each step is done for all tokens, so that the processor
    /// waits for many of them at once.
    private mutating func count(_ tokenizer: borrowing Tokenizer, _ weight: UInt32) {
        numbers.removeAll(keepingCapacity: true)
        for key in keys { numbers.append(recent.first(for: key)) }
        for place in numbers.indices where numbers[place] >= 0 {
            if recent.words[Int(numbers[place])].key != keys[place] { numbers[place] = -1 }
        }
        for place in numbers.indices {
            var number = Int(numbers[place])
            if number < 0 {
                number =
                    recent.number(of: keys[place])
                    ?? add(tokens[place], tokenizer, keys[place])
            }
            if recent.words[number].isCounted { length &+= weight }
            if recent.words[number].count == 0 { touched.append(Int32(number)) }
            recent.words[number].count &+= weight
        }
        tokens.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
    }

    /// A word's own number, where the accented and the plain spelling are two.
    private static func key(of token: Token, _ tokenizer: borrowing Tokenizer) -> UInt64 {
        var hash = WordHash(token.folded.count)
        hash.append(tokenizer.folded.span.extracting(token.folded))
        if !token.accented.isEmpty {
            hash.append(tokenizer.accented.span.extracting(token.accented))
        }
        let kind: UInt64 = token.kind == .word ? 0 : token.kind == .character ? 1 : 2
        return hash.value(token.hasOnlyLetters ? kind : kind | 4)
    }

    /// Adds a word with its terms to `recent`, and returns its number.
    private mutating func add(
        _ token: Token, _ tokenizer: borrowing Tokenizer, _ key: UInt64
    ) -> Int {
        let start = Int32(recent.terms.count)
        if let known = earlier.number(of: key) {
            let terms = earlier.words[known].terms
            recent.terms += earlier.terms[Int(terms.lowerBound)..<Int(terms.upperBound)]
        } else {
            WordTerms.append(token, tokenizer, language, stemmer, to: &recent.terms)
        }
        return recent.add(
            KnownWords.Word(
                key: key, terms: start..<Int32(recent.terms.count),
                isCounted: token.kind != .character))
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

/// A hash of a word for this process, which takes eight bytes at a time.
private struct WordHash {
    private var state: UInt64

    init(_ count: Int) { state = UInt64(count) &* 0x9E37_79B9_7F4A_7C15 }

    @inline(__always)
    private mutating func mix(_ word: UInt64, _ factor: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: factor)
        state = product.high ^ product.low &+ word
    }

    @inline(__always)
    mutating func append(_ letters: Span<UInt8>) {
        var place = 0
        while place < letters.count {
            let count = Swift.min(8, letters.count - place)
            var word: UInt64 = 0
            for byte in 0..<count { word |= UInt64(letters[place + byte]) << UInt64(8 * byte) }
            mix(word, 0xA076_1D64_78BD_642F)
            place += 8
        }
    }

    func value(_ kind: UInt64) -> UInt64 {
        var hash = self
        hash.mix(kind, 0xE703_7ED1_A0B4_28DB)
        return hash.state ^ hash.state >> 32
    }
}

/// Words with their terms.
private struct KnownWords {
    struct Word {
        let key: UInt64
        /// A range of the hashes. The first is the word itself.
        let terms: Range<Int32>
        let isCounted: Bool
        /// The number of times that it is in the text being read.
        var count: UInt32 = 0
    }

    var words: [Word] = []
    /// The hashes of the words' terms.
    var terms: [UInt64] = []
    private var table = HashTable()

    @inline(__always)
    func first(for key: UInt64) -> Int32 { table.first(for: key) }

    @inline(__always)
    func number(of key: UInt64) -> Int? { table.number(of: key) { words[$0].key } }

    mutating func add(_ word: Word) -> Int {
        words.append(word)
        table.insert(words.count - 1, of: word.key) { words[$0].key }
        return words.count - 1
    }
}

/// The terms of one text, each once.
private struct TermCounts {
    private var hashes: [UInt64] = []
    private var frequencies: [UInt32] = []
    private var count = 0
    /// For the lowest bits of a hash the number of its term plus 1, or that of another one before
    /// it, or 0.
    private var places: [Int32] = []
    private var mask = 0

    var terms: [AnalyzedText.Term] {
        (0..<count).map { AnalyzedText.Term(hash: hashes[$0], frequency: frequencies[$0]) }
    }

    /// Forgets the terms of the text before.
    ///
    /// - Parameter most: So many terms come at most.
    mutating func start(_ most: Int) {
        count = 0
        var size = 256
        while size < most * 2 { size *= 2 }
        mask = size - 1
        // A text may be very long once.
        if places.count < size || places.count > max(size, 1 << 16) {
            places = [Int32](repeating: 0, count: size)
            hashes = [UInt64](repeating: 0, count: size / 2)
            frequencies = [UInt32](repeating: 0, count: size / 2)
        } else {
            for place in 0..<size { places[place] = 0 }
        }
    }

    /// Counts a term, and others that are a part of an array. No more come than `start` was given,
    /// so there is always room.
    mutating func add(
        _ first: UInt64, _ others: [UInt64], _ range: Range<Int>, _ frequency: UInt32
    ) {
        unsafe hashes.withUnsafeMutableBufferPointer { hashes in
            unsafe frequencies.withUnsafeMutableBufferPointer { frequencies in
                unsafe places.withUnsafeMutableBufferPointer { places in
                    var hash = first
                    var next = range.lowerBound
                    while true {
                        var place = Int(truncatingIfNeeded: hash) & mask
                        while true {
                            let number = unsafe Int(places[place]) &- 1
                            if number < 0 {
                                unsafe hashes[count] = hash
                                unsafe frequencies[count] = frequency
                                count &+= 1
                                unsafe places[place] = Int32(truncatingIfNeeded: count)
                                break
                            }
                            if unsafe hashes[number] == hash {
                                unsafe frequencies[number] &+= frequency
                                break
                            }
                            place = (place &+ 1) & mask
                        }
                        if next == range.upperBound { break }
                        hash = others[next]
                        next &+= 1
                    }
                }
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

    /// Returns the hash of the stem of a word in ASCII, or that of the word if it has none.
    func hashOfStem(of word: Span<UInt8>) -> UInt64 {
        func hash(_ bytes: Span<UInt8>) -> UInt64 {
            var hash = FeatureHash(kind: .stem)
            for place in bytes.indices { hash.append(bytes[place]) }
            return hash.value
        }
        guard stemmer != nil else { return hash(word) }
        return stemmer!.withStem(of: word) { stem in
            for place in stem.indices where stem[place] >= 0x80 {
                let folded = Accents.fold(stem)
                return folded.isEmpty ? hash(word) : hash(folded.span)
            }
            return stem.isEmpty ? hash(word) : hash(stem)
        }
    }
}
