/// A word of a user's request, where quotes keep several together.
struct Word: Equatable {
    /// The text without quotes and the punctuation after it.
    let text: String

    let isQuoted: Bool

    /// The punctuation after it, such as `:`.
    let ending: String

    /// The word as it was written.
    let written: String

    /// True if a phrase ends after it.
    var endsPhrase: Bool { ending.contains { ":;?!".contains($0) } }

    init(text: String, isQuoted: Bool = false, ending: String = "", written: String) {
        self.text = text
        self.isQuoted = isQuoted
        self.ending = ending
        self.written = written
    }

    static func words(of text: String) -> [Word] {
        var words: [Word] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let first = rest.first else { return words }
            if let closing = quotes[first], let word = quoted(rest, closing) {
                words.append(word)
                rest = rest.dropFirst(word.written.count)
            } else {
                let written = rest.prefix { !$0.isWhitespace }
                words.append(plain(written))
                rest = rest[written.endIndex...]
            }
        }
    }

    private static let quotes: [Character: Character] = [
        "\"": "\"", "'": "'", "`": "`", "\u{201C}": "\u{201D}", "\u{2018}": "\u{2019}",
        "\u{AB}": "\u{BB}", "\u{201E}": "\u{201C}",
    ]

    /// The length in characters. A quote that is not closed by then is an apostrophe.
    private static let longestQuote = 2000

    /// Returns the quoted text that `rest` starts with, if the quote is closed at the end of a
    /// word.
    private static func quoted(_ rest: Substring, _ closing: Character) -> Word? {
        var search = rest.prefix(longestQuote).dropFirst()
        while let end = search.firstIndex(of: closing) {
            let after = rest[end...].dropFirst()
            let ending = after.prefix { !$0.isWhitespace }
            if ending.allSatisfy({ ".,:;?!)".contains($0) }) {
                let text = rest.dropFirst()[..<end]
                return Word(
                    text: String(text), isQuoted: true, ending: String(ending),
                    written: String(rest[..<ending.endIndex]))
            }
            search = after
        }
        return nil
    }

    private static func plain(_ written: Substring) -> Word {
        var text = written
        // The name of a folder may be "." or "..", of which no other characters would be left.
        while let last = text.last, ".,:;?!".contains(last), !text.allSatisfy({ $0 == "." }) {
            text.removeLast()
        }
        return Word(
            text: String(text), ending: String(written[text.endIndex...]), written: String(written))
    }
}
