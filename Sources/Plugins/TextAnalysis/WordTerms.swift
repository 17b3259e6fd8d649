/// The terms that stand for a word in an index: its stem, and its groups of four letters.
struct WordTerms {
    /// The stem, or the word itself if it has none; characters of a script without spaces.
    let stem: [UInt8]
    let hash: UInt64

    /// The hashes of its groups of letters, where `<` and `>` are its ends.
    private(set) var groups: [UInt64] = []

    /// The groups' letters, in the same order.
    private(set) var groupLetters: [ArraySlice<UInt8>] = []

    /// True if it is too common to be looked for.
    let isCommon: Bool

    /// Longer words are rather data than words: they have neither a stem nor groups.
    private static let longestWord = 40

    /// Shorter words have too few groups to be known by them.
    private static let shortestWithGroups = 4
    private static let groupLength = 4

    init(
        _ token: Token, _ tokenizer: borrowing Tokenizer, _ language: Language,
        _ stemmer: SharedStemmer
    ) {
        let letters = Array(tokenizer.folded[token.folded])
        guard token.kind == .word else {
            stem = letters
            hash = TermHash.of(letters, .unspaced)
            isCommon = false
            return
        }
        isCommon = language.commonWords.contains(letters)
        if letters.count > Self.longestWord || !token.hasOnlyLetters {
            stem = letters
        } else {
            let spelling =
                token.accented.isEmpty ? letters : Array(tokenizer.accented[token.accented])
            let stem = stemmer.stem(of: spelling) ?? letters
            self.stem = stem.isEmpty ? letters : stem
        }
        hash = TermHash.of(stem, .stem)
        if !token.hasDigit, !isCommon, letters.count <= Self.longestWord {
            addGroups(of: letters)
        }
    }

    /// Appends the hashes of a word, its own first: those that `init` finds, without their letters.
    static func append(
        _ token: Token, _ tokenizer: borrowing Tokenizer, _ language: Language,
        _ stemmer: SharedStemmer, to hashes: inout [UInt64]
    ) {
        let letters = tokenizer.folded.span.extracting(token.folded)
        guard token.kind == .word, token.accented.isEmpty, letters.isASCII else {
            let terms = WordTerms(token, tokenizer, language, stemmer)
            hashes.append(terms.hash)
            hashes += terms.groups
            return
        }
        if letters.count > longestWord || !token.hasOnlyLetters {
            var hash = FeatureHash(kind: .stem)
            for place in letters.indices { hash.append(letters[place]) }
            hashes.append(hash.value)
        } else {
            hashes.append(stemmer.hashOfStem(of: letters))
        }
        guard !token.hasDigit, (shortestWithGroups...longestWord).contains(letters.count),
            !language.commonWords.contains(Array(tokenizer.folded[token.folded]))
        else { return }
        for first in -1..<letters.count + 2 - groupLength {
            var hash = FeatureHash(kind: .group)
            for place in first..<first + groupLength {
                let byte =
                    place < 0
                    ? UInt8(ascii: "<")
                    : place == letters.count ? UInt8(ascii: ">") : letters[place]
                hash.append(byte)
            }
            hashes.append(hash.value)
        }
    }

    private mutating func addGroups(of letters: [UInt8]) {
        // A group consists of letters, of which those beyond ASCII have several bytes.
        let marked = [UInt8(ascii: "<")] + letters + [UInt8(ascii: ">")]
        var starts = marked.indices.filter { marked[$0] & 0xC0 != 0x80 }
        guard starts.count - 2 >= Self.shortestWithGroups else { return }
        starts.append(marked.count)
        for first in 0..<starts.count - Self.groupLength {
            let group = marked[starts[first]..<starts[first + Self.groupLength]]
            groups.append(TermHash.of(group, .group))
            groupLetters.append(group)
        }
    }
}
