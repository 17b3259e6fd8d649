/// A part of a text that is searched for: a word, a part of an identifier, or characters of a
/// script without spaces.
struct Token {
    enum Kind {
        /// Letters and digits, where `isWhole` is false for a part of an identifier that has others.
        case word
        /// A character of a script without spaces, where each character has a meaning.
        case character
        /// A character of a script without spaces that has no neighbour.
        case lone
        /// Two characters of such a script that follow each other.
        case pair
    }

    var kind: Kind

    /// The letters in lower case and without accents, as a range of `Tokenizer.folded`.
    var folded: Range<Int>

    /// The letters in lower case with their accents, as a range of `Tokenizer.accented`; empty if
    /// they are the same as the folded ones.
    var accented: Range<Int>

    /// True if it has letters alone, no digits and no underscores.
    var hasOnlyLetters: Bool

    /// True if it has a digit.
    var hasDigit: Bool
}

/// The division of a text into tokens.
///
/// An identifier such as `maxRetryCount`, `max_retry_count` or `utf8` is a token, and so are its
/// parts, which end at an underscore, before a capital letter, and at digits.
struct Tokenizer {
    /// The letters of the tokens since the last call of `removeLetters`.
    private(set) var folded: [UInt8] = []
    private(set) var accented: [UInt8] = []

    private enum Class: UInt8 {
        case none, lower, upper, digit, underscore
        /// A letter beyond ASCII, of which the case is not looked at.
        case other
    }

    /// The class of each byte of ASCII.
    private static let classes: [Class] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "_"): .underscore
        default: .none
        }
    }

    /// The word being read.
    private struct Word {
        /// The lengths of `folded` and `accented` at its start.
        var start = 0
        var accentedStart = 0
        /// The ends of its parts so far in `folded`; an underscore belongs to the part before it.
        var previous = Class.none
        /// The number of capital letters in a row up to here.
        var capitals = 0
        var hasDigit = false
        var hasUnderscore = false
        /// True if accented letters were found: the accented spelling is kept from here on.
        var isAccented = false
    }

    /// The starts of the parts of the word being read, after the first.
    private var boundaries: [Int] = []
    private var word = Word()

    mutating func removeLetters() {
        folded.removeAll(keepingCapacity: true)
        accented.removeAll(keepingCapacity: true)
    }

    /// Calls `receive` with each token of a text, in order. It may read the letters of the token,
    /// which it is given too.
    ///
    /// - Parameters:
    ///   - text: UTF-8. Bytes that are not UTF-8 separate words.
    ///   - keepsAccents: True to make the accented spelling, which stemmers of most languages need.
    mutating func read(
        _ text: Span<UInt8>, keepsAccents: Bool, _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        if text.isASCII { return readASCII(text, receive) }
        let classes = Self.classes
        var previousCharacter: UInt32?
        var wasAlone = false
        var position = 0
        start()
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                position += 1
                let kind = classes[Int(byte)]
                if kind != .none {
                    if previousCharacter != nil {
                        endCharacters(previousCharacter, wasAlone, receive)
                        previousCharacter = nil
                    }
                    append(ascii: kind == .upper ? byte | 0x20 : byte, kind)
                    continue
                }
            } else {
                let (scalar, length) = text.scalar(at: position)
                position += length
                let role = 0xAC00...0xD7A3 ~= scalar ? .unspaced : Fold.role(scalar)
                switch role {
                case .letter, .pair:
                    if previousCharacter != nil {
                        endCharacters(previousCharacter, wasAlone, receive)
                        previousCharacter = nil
                    }
                    append(scalar, role, keepsAccents)
                    continue
                case .mark:
                    continue
                case .unspaced:
                    end(receive)
                    addCharacter(scalar, after: previousCharacter, receive)
                    wasAlone = previousCharacter == nil
                    previousCharacter = scalar
                    continue
                case .separator:
                    break
                }
            }
            if previousCharacter != nil {
                endCharacters(previousCharacter, wasAlone, receive)
                previousCharacter = nil
            }
            end(receive)
        }
        endCharacters(previousCharacter, wasAlone, receive)
        end(receive)
    }

    /// Reads a text of ASCII alone, whose letters are all kept, so that nothing is appended word by
    /// word.
    private mutating func readASCII(
        _ text: Span<UInt8>, _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        let base = folded.count
        unsafe text.withUnsafeBufferPointer { unsafe folded.append(contentsOf: $0) }
        unsafe folded.withUnsafeMutableBufferPointer { folded in
            for place in base..<folded.count {
                let byte = unsafe folded[place]
                let isCapital = byte &- UInt8(ascii: "A") < 26
                unsafe folded[place] = isCapital ? byte | 0x20 : byte
            }
        }
        let classes = Self.classes
        var position = 0
        while position < text.count {
            var kind = classes[Int(text[position])]
            if kind == .none {
                position += 1
                continue
            }
            startWord(base + position)
            repeat {
                if kind != word.previous { change(to: kind, at: base + position) }
                if kind == .upper { word.capitals += 1 }
                position += 1
                if position == text.count { break }
                if kind == .lower {
                    while text[position] &- UInt8(ascii: "a") < 26 {
                        position += 1
                        if position == text.count { break }
                    }
                    if position == text.count { break }
                }
                kind = classes[Int(text[position])]
            } while kind != .none
            endWord(base + position, receive)
        }
        start()
    }

    // MARK: Words

    private mutating func startWord(_ place: Int) {
        word = Word()
        word.start = place
        word.accentedStart = accented.count
        if !boundaries.isEmpty { boundaries.removeAll(keepingCapacity: true) }
    }

    private mutating func start() { startWord(folded.count) }

    @inline(__always)
    private mutating func append(ascii byte: UInt8, _ kind: Class) {
        if kind != word.previous { change(to: kind, at: folded.count) }
        if kind == .upper { word.capitals += 1 }
        folded.append(byte)
        if word.isAccented { accented.append(byte) }
    }

    /// Notes where a part of an identifier begins.
    private mutating func change(to kind: Class, at place: Int) {
        switch kind {
        case .underscore: word.hasUnderscore = true
        case .digit: word.hasDigit = true
        default: break
        }
        if place > word.start {
            switch (word.previous, kind) {
            case (.upper, .lower):
                // The last capital letter begins the part: XMLParser is XML and Parser.
                if word.capitals > 1 { boundaries.append(place - 1) }
            case (.lower, .upper), (.digit, _), (_, .digit), (.underscore, _), (_, .underscore):
                boundaries.append(place)
            default: break
            }
        }
        word.capitals = 0
        word.previous = kind
    }

    private mutating func append(_ scalar: UInt32, _ role: Fold.Role, _ keepsAccents: Bool) {
        let isDigit: Bool
        switch role {
        case .letter(let letter) where 0x30...0x39 ~= letter: isDigit = true
        default: isDigit = false
        }
        let kind = isDigit ? Class.digit : .other
        if kind != word.previous { change(to: kind, at: folded.count) }
        if keepsAccents, !word.isAccented, !isDigit {
            word.isAccented = true
            accented += folded[word.start...]
        }
        if word.isAccented { accented.append(scalar: Accents.lowercase(scalar)) }
        switch role {
        case .letter(let letter): folded.append(scalar: letter)
        case .pair(let first, let second):
            folded.append(first)
            folded.append(second)
        default: break
        }
    }

    /// Ends the word being read, if there is one.
    private mutating func end(_ receive: (Token, borrowing Tokenizer) -> Void) {
        guard word.previous != .none else { return }
        endWord(folded.count, receive)
        start()
    }

    private mutating func endWord(
        _ end: Int, _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        let underscore = UInt8(ascii: "_")
        var range = word.start..<end
        while let last = range.last, folded[last] == underscore { range = range.dropLast() }
        while let first = range.first, folded[first] == underscore { range = range.dropFirst() }
        if range.isEmpty { return }
        var whole = Token(
            kind: .word, folded: range, accented: word.accentedStart..<accented.count,
            hasOnlyLetters: !word.hasDigit && !word.hasUnderscore, hasDigit: word.hasDigit)
        // Accents are rare in identifiers, and their ends are not those of words.
        if word.hasUnderscore || word.hasDigit { whole.accented = 0..<0 }
        receive(whole, self)
        if boundaries.isEmpty { return }
        // The s of a plural does not make a part: URLs is a word.
        if boundaries.count == 1, word.previous == .lower, boundaries[0] == range.upperBound - 2,
            folded[range.upperBound - 1] == UInt8(ascii: "s"), boundaries[0] > range.lowerBound
        {
            return
        }
        var begin = range.lowerBound
        for boundary in boundaries + [range.upperBound] where boundary > begin {
            var part = begin..<min(boundary, range.upperBound)
            begin = boundary
            while let first = part.first, folded[first] == underscore { part = part.dropFirst() }
            while let last = part.last, folded[last] == underscore { part = part.dropLast() }
            if part.isEmpty || part == range { continue }
            let isNumber = 0x30...0x39 ~= folded[part.lowerBound]
            receive(
                Token(
                    kind: .word, folded: part, accented: 0..<0, hasOnlyLetters: !isNumber,
                    hasDigit: isNumber), self)
        }
    }

    // MARK: Characters of scripts without spaces

    private mutating func addCharacter(
        _ scalar: UInt32, after previous: UInt32?,
        _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        guard let previous else { return }
        emit(.pair, previous, scalar, receive)
        if Self.isMeaningful(previous) { emit(.character, previous, nil, receive) }
    }

    /// Ends a run of such characters.
    private mutating func endCharacters(
        _ last: UInt32?, _ isAlone: Bool, _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        guard let last else { return }
        if isAlone {
            emit(.lone, last, nil, receive)
        } else if Self.isMeaningful(last) {
            emit(.character, last, nil, receive)
        }
    }

    private mutating func emit(
        _ kind: Token.Kind, _ first: UInt32, _ second: UInt32?,
        _ receive: (Token, borrowing Tokenizer) -> Void
    ) {
        let start = folded.count
        folded.append(scalar: first)
        if let second { folded.append(scalar: second) }
        receive(
            Token(
                kind: kind, folded: start..<folded.count, accented: 0..<0, hasOnlyLetters: false,
                hasDigit: false),
            self)
        word.start = folded.count
    }

    /// Returns true for Chinese characters and syllables of Korean: a letter of Thai or a kana
    /// alone says nothing.
    private static func isMeaningful(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}

extension Span where Element == UInt8 {
    var isASCII: Bool {
        var all: UInt8 = 0
        for place in indices { all |= self[place] }
        return all < 0x80
    }
}
