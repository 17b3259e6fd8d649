import Text

/// Cuts a paragraph into sentences.
///
/// A sentence ends after a full stop, a question mark or an exclamation mark, together with the
/// closing quotes and brackets after it, if white space follows; in scripts without spaces, it ends
/// anywhere. It does not end after an abbreviation or an initial, nor inside `code`.
func sentences(of paragraph: String) -> [String] {
    let text = Array(paragraph.unicodeScalars)
    var sentences: [String] = []
    var start = 0
    var isInCode = false
    var position = 0

    func add(_ end: Int) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[start..<end])
        let sentence = String(view).trimmed
        if !sentence.isEmpty { sentences += String(sentence).pieces }
        start = end
    }

    while position < text.count {
        let scalar = text[position]
        position += 1
        if scalar == "`" { isInCode.toggle() }
        let isWide = scalar.isWideStop
        guard isWide || scalar.isStop, !isInCode else { continue }
        let stop = position - 1
        while position < text.count, text[position].isStop || text[position].isWideStop {
            position += 1
        }
        let isSingle = position == stop + 1
        while position < text.count, text[position].isClosing { position += 1 }
        if isWide {
            add(position)
            continue
        }
        guard position < text.count, text[position].properties.isWhitespace else { continue }
        var next = position
        while next < text.count, text[next].properties.isWhitespace { next += 1 }
        guard next < text.count else { break }
        let goesOn = text[next].properties.isLowercase
        if scalar == ".", isSingle {
            let word = text[start..<stop].wordAtEnd
            if word.isAbbreviation || goesOn && word.count == 1 { continue }
        } else if goesOn {
            // The sentence goes on: "Really?" he asked ...
            continue
        }
        add(position)
    }
    add(text.count)
    return sentences
}

extension Unicode.Scalar {
    fileprivate var isStop: Bool {
        switch value {
        case 0x21, 0x2E, 0x3F, 0x061F, 0x06D4, 0x0964, 0x0965, 0x2026, 0x203C, 0x2047...0x2049:
            true
        default: false
        }
    }

    /// True for a mark that ends a sentence even without a space.
    fileprivate var isWideStop: Bool {
        switch value {
        case 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61: true
        default: false
        }
    }

    fileprivate var isClosing: Bool {
        switch value {
        case 0x22, 0x27, 0x29, 0x2A, 0x5D, 0x5F, 0x7D, 0xBB, 0x2019, 0x201D, 0x203A, 0x3009,
            0x300B, 0x300D, 0x300F, 0x3011, 0xFF09:
            true
        default: false
        }
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// The word before a full stop: `e.g` in "(e.g".
    fileprivate var wordAtEnd: String {
        var first = endIndex
        while first > startIndex, self[first - 1].properties.isAlphabetic || self[first - 1] == "."
        {
            first -= 1
        }
        var word = String.UnicodeScalarView()
        word.append(contentsOf: self[first...])
        return String(word)
    }
}

extension String {
    /// True if a full stop after this word belongs to the word.
    fileprivate var isAbbreviation: Bool {
        // The letter is an initial, as in J. Smith. "I" is not one, nor is the last item of
        // "vitamins A and B", which looks the same before a capital letter: names are more
        // frequent.
        if count == 1, first!.isUppercase { return self != "I" }
        return Self.abbreviations.contains(lowercased())
    }

    private static let abbreviations = Set(
        """
        e.g i.e eg ie cf vs viz approx ca resp incl excl esp dr mr mrs ms prof st jr sr rev gen \
        fig figs eq eqs sec secs ch chap vol vols pp ed eds nr art al dept est inc ltd co corp \
        u.s a.m p.m ph.d z.b bzw d.h u.a vgl evtl ggf p.ej
        """.split(separator: " ").map(String.init))

    /// The sentence, or parts of it if it is too long to be read as one.
    fileprivate var pieces: [String] {
        guard utf8.count > Self.longest else { return [self] }
        var pieces: [String] = []
        var piece = ""
        for word in split(separator: " ") {
            if piece.utf8.count + word.utf8.count > Self.longest, !piece.isEmpty {
                pieces.append(piece)
                piece = ""
            }
            if !piece.isEmpty { piece += " " }
            piece += word
        }
        return pieces + [piece]
    }

    /// The length in bytes.
    private static let longest = 600
}
