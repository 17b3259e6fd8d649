/// A judgement of a text that was decoded by a guess. A wrong guess shows: letters of two scripts in
/// a word, a capital or a sign after a small letter, characters that do not exist.
struct Plausibility {
    /// The number of words that have a character besides ASCII.
    private(set) var words = 0

    /// The number of these that no one would write.
    private(set) var strange = 0

    /// True if all characters besides ASCII are those of Western European languages, which have far
    /// more letters of ASCII.
    var isWestern: Bool { hasOnlyWestern && characters <= letters }
    private var hasOnlyWestern = true

    /// The number of ASCII letters.
    private var letters = 0

    /// The number of characters besides ASCII.
    private(set) var characters = 0

    var isGood: Bool { words > 0 && strange * 20 <= words }

    private enum Script { case latin, greek, cyrillic, hebrew, arabic, thai, eastern, other }

    init(_ text: some Sequence<UInt8>) {
        var word = Word()
        for scalar in String(decoding: Array(text), as: UTF8.self).unicodeScalars {
            if scalar.value < 0x80 {
                let isLetter = (0x41...0x5A).contains(scalar.value & 0xDF)
                if isLetter {
                    letters += 1
                    word.add(.latin, scalar, isCapital: scalar.value & 0x20 == 0)
                } else {
                    end(&word)
                }
                continue
            }
            characters += 1
            if !Self.western.contains(scalar) { hasOnlyWestern = false }
            take(scalar, &word)
        }
        end(&word)
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ word: inout Word) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .unassigned, .privateUse, .surrogate:
            word.isStrange = true
            word.hasOther = true
        case .uppercaseLetter, .lowercaseLetter, .otherLetter, .titlecaseLetter, .modifierLetter:
            word.hasOther = true
            word.add(
                Self.script(scalar), scalar,
                isCapital: properties.generalCategory == .uppercaseLetter)
        case .nonspacingMark, .spacingMark, .enclosingMark: word.hasOther = true
        case .format: break
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .dashPunctuation:
            end(&word)
        case .initialPunctuation, .finalPunctuation, .openPunctuation, .closePunctuation,
            .otherPunctuation:
            // A text of Western Europe may have only these.
            word.hasOther = true
            end(&word)
        default:
            if scalar == "\u{FFFD}" { word.isStrange = true }
            word.hasOther = true
            word.addSign()
        }
    }

    private mutating func end(_ word: inout Word) {
        if word.hasOther {
            words += 1
            if word.isStrange { strange += 1 }
        }
        word = Word()
    }

    private struct Word {
        var hasOther = false
        var isStrange = false
        private var script: Script?
        private var lastIsSmall = false
        private var signIsPending = false

        mutating func add(_ script: Script, _ scalar: Unicode.Scalar, isCapital: Bool) {
            if let last = self.script, last != script {
                // Japanese writes "Pythonを"; a wrong guess makes "caf駻".
                if script != .eastern && last != .eastern || lastIsSmall { isStrange = true }
            }
            if signIsPending || (lastIsSmall && isCapital && scalar.value >= 0x80) {
                isStrange = true
            }
            self.script = script
            lastIsSmall = script != .eastern && !isCapital
            signIsPending = false
        }

        /// Notes a sign, which is strange between two letters.
        mutating func addSign() { if script != nil { signIsPending = true } }
    }

    private static func script(_ scalar: Unicode.Scalar) -> Script {
        switch scalar.value {
        case 0..<0x250, 0x1E00..<0x1F00: .latin
        case 0x370..<0x400, 0x1F00..<0x2000: .greek
        case 0x400..<0x530: .cyrillic
        case 0x590..<0x600: .hebrew
        case 0x600..<0x700: .arabic
        case 0xE00..<0xE80: .thai
        case 0x1100..<0x1200, 0x2E80..<0xA000, 0xAC00..<0xD800, 0xF900..<0xFB00, 0xFF00..<0xFFF0,
            0x20000..<0x30000:
            .eastern
        default: .other
        }
    }

    private static let western = Set(
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒŸßàáâãäåæçèéêëìíîïñòóôõöøùúûüœÿ…“”„‘’‚–—«»‹›°§©®™€£·¿¡±²³µ¼½¾×ªº´•\u{A0}\u{AD}"
            .unicodeScalars)
}
