/// The words of a command line, as far as a shell would take them for names of files.
enum ShellWords {
    /// Returns the words of a text, in their order: between blanks and operators, without quotes.
    /// What is quoted as a whole may be a command line itself, and is returned with its own words.
    static func all(in text: String) -> [String] { all(in: text, depth: 0) }

    /// The most levels of quoted command lines.
    private static let deepest = 3

    private static func all(in text: String, depth: Int) -> [String] {
        var words: [String] = []
        var word = ""
        var isWord = false
        func end() {
            if isWord { words.append(word) }
            if isWord, depth < deepest, word.contains(where: ends) {
                words += all(in: word, depth: depth + 1)
            }
            (word, isWord) = ("", false)
        }
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch (character, quote) {
            case ("\\", let quote) where quote != "'":
                if let next = characters.next(), next != "\n" {
                    if quote == "\"", !"\"\\$`".contains(next) { word.append(character) }
                    word.append(next)
                    isWord = true
                }
            case (let character, let open?) where character == open: quote = nil
            case ("'", nil), ("\"", nil):
                quote = character
                isWord = true
            case (_, nil) where ends(character): end()
            default:
                word.append(character)
                isWord = true
            }
        }
        end()
        return words
    }

    private static func ends(_ character: Character) -> Bool {
        character.isWhitespace || ";|&()<>`".contains(character)
    }
}
