/// The words of a command line of sh(1). Quotes are removed; nothing is expanded.
enum CommandLineWords {
    /// The reason why a command line is not a pipeline.
    enum Mistake: Error, Equatable, CustomStringConvertible {
        case openQuote(Character)
        case openParenthesis
        case otherOperator(String)

        var description: String {
            switch self {
            case .openQuote(let quote): "the quote \(quote) is not closed"
            case .openParenthesis: "the '<(' is not closed"
            case .otherOperator(let sign):
                "only a pipeline can be checked, and this has \(sign.count == 1 ? "'\(sign)'" : sign)"
                    + " in it; quote that if it is meant"
            }
        }
    }

    /// Returns the words of each command of a pipeline, without assignments before it and
    /// redirections. A `<(…)` is one word.
    static func stages(of text: String) throws(Mistake) -> [[String]] {
        var reader = Reader()
        // A line may end behind '|', and the last one does.
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) }
        for character in text[..<(end ?? text.startIndex)] { try reader.take(character) }
        return try reader.end()
    }

    private struct Reader {
        private var stages: [[String]] = [[]]
        private var word: String?
        private var quote: Character?
        private var isEscaped = false

        /// The number of open parentheses of a `<(`.
        private var depth = 0

        /// The last character, if it was `<` or `>` outside quotes.
        private var arrow: Character?

        /// True if the next word is the file of a redirection.
        private var isRedirected = false

        mutating func take(_ character: Character) throws(Mistake) {
            if isEscaped {
                add(character)
                isEscaped = false
                return
            }
            if let open = quote {
                if character == "\\", open == "\"" {
                    isEscaped = true
                } else if character == open, depth == 0 {
                    quote = nil
                } else {
                    add(character)
                    if character == open { quote = nil }
                }
                return
            }
            if depth > 0 {
                add(character)
                switch character {
                case "'", "\"": quote = character
                case "(": depth += 1
                case ")": depth -= 1
                default: break
                }
                return
            }
            let before = arrow
            arrow = nil
            switch character {
            case "(" where before == "<":
                isRedirected = false
                word = "<("
                depth = 1
            case "&" where before != nil: break
            case ";", "&", "(", ")": throw .otherOperator(String(character))
            case _ where character.isNewline:
                finish()
                if !stages[stages.count - 1].isEmpty { throw .otherOperator("the end of a line") }
            case "\\": isEscaped = true
            case "'", "\"":
                quote = character
                word = word ?? ""
            case "<", ">":
                // A number before it is that of the descriptor.
                if word?.allSatisfy(\.isNumber) == true { word = nil }
                finish()
                (isRedirected, arrow) = (true, character)
            case "|":
                finish()
                stages.append([])
            case _ where character.isWhitespace: finish()
            default: add(character)
            }
        }

        mutating func end() throws(Mistake) -> [[String]] {
            if depth > 0 { throw .openParenthesis }
            if let quote { throw .openQuote(quote) }
            finish()
            return stages.map { words in
                Array(words.drop { $0.contains("=") && !$0.hasPrefix("-") && !$0.contains("/") })
            }
        }

        private mutating func add(_ character: Character) {
            word = (word ?? "") + String(character)
        }

        private mutating func finish() {
            guard let done = word else { return }
            if !isRedirected { stages[stages.count - 1].append(done) }
            (word, isRedirected) = (nil, false)
        }
    }
}
