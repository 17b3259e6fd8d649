internal import GivenSettings

// Texts that the user may show to others: the same texts without their secrets.
extension Settings {
    /// The text in a secret's place.
    package static let mask = "********"

    /// The beginnings of well-known services' keys.
    private static let knownKeys = [
        "sk-", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "hf_", "AIza", "AKIA",
    ]

    /// True for a name of a setting, variable, option or header whose value has to stay hidden.
    package static func isSecret(_ name: String) -> Bool { GivenSettings.isSecret(name) }

    /// Returns a value as it may be shown with its name.
    package static func masked(_ value: String, of name: String) -> String {
        isSecret(name) ? maskedValue(value) : masked(value)
    }

    /// Returns a text, such as a command line, without the passwords and keys of its URLs, the
    /// values of secret options and variables, and the contents of secret headers. Variables such
    /// as `${TOKEN}` stay, since they do not reveal anything.
    package static func masked(_ text: String) -> String {
        let text = maskedJSON(text)
        let words = Word.all(in: text)
        var previous: String?
        var shown = ""
        var place = text.startIndex
        var takesJoined = false
        for word in words {
            shown += text[place..<word.range.lowerBound]
            let content =
                (takesJoined ? maskedJoined(word.content) : nil)
                ?? masked(
                    word.content, after: previous, isWhole: words.count == 1 && word.quote == nil)
            shown += content == word.content ? String(text[word.range]) : word.quoted(content)
            place = word.range.upperBound
            previous = word.content
            takesJoined = takesJoined || takesJoinedPassword(word.content)
        }
        shown += text[place...]
        return maskedHeader(shown)
    }

    /// Returns the words of a command line, each masked as by ``masked(_:)``.
    package static func masked(words: [String]) -> [String] {
        var takesJoined = false
        return words.indices.map { index in
            let word = words[index]
            defer { takesJoined = takesJoined || takesJoinedPassword(word) }
            return (takesJoined ? maskedJoined(word) : nil)
                ?? masked(word, after: index > 0 ? words[index - 1] : nil, isWhole: false)
        }
    }

    /// Returns a command of which only the keys of well-known services are masked, so that nothing
    /// that it does is hidden.
    package static func maskedKnownKeys(_ text: String) -> String {
        func isPart(_ character: Character) -> Bool {
            character.isASCII && (character.isLetter || character.isNumber)
                || "_-".contains(character)
        }
        var shown = ""
        var rest = text[...]
        while let first = rest.first {
            let word = rest.prefix(while: isPart)
            if word.isEmpty {
                shown.append(first)
                rest = rest.dropFirst()
                continue
            }
            rest = rest[word.endIndex...]
            // This is the name of a file.
            let isName = shown.last == "/" || rest.first == "." || rest.first == "/"
            shown += isKnownKey(word) && !isName ? mask : String(word)
        }
        return shown
    }

    // MARK: Passwords after -p

    /// The programs that take a password after `-p` without a blank.
    private static let takingJoinedPasswords: Set = [
        "mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin", "sshpass",
        "7z", "7za", "7zz",
    ]

    private static func takesJoinedPassword(_ program: String) -> Bool {
        takingJoinedPasswords.contains(String(program.split(separator: "/").last ?? ""))
    }

    /// Masks `-pPASSWORD`, of a program that takes one; nil for other words.
    private static func maskedJoined(_ word: String) -> String? {
        guard word.hasPrefix("-p"), word.count > 2, !word.contains("=") else { return nil }
        return "-p" + maskedValue(word.dropFirst(2))
    }

    /// True for a word after `-p` that may be a password: it is neither a port, such as `8080:80`,
    /// nor a path, an option or a name with a value.
    private static func mayBePassword(_ word: String) -> Bool {
        !word.isEmpty && !word.allSatisfy { $0.isNumber || ".:/-".contains($0) }
            && !["/", "./", "../", "~", "-"].contains(where: word.hasPrefix)
            && !word.contains("=") && !word.contains(where: \.isWhitespace)
    }

    private static func maskedValue(_ value: some StringProtocol) -> String {
        value.isEmpty || isVariable(value) ? String(value) : mask
    }

    /// True for a text that is only a variable without a default.
    static func isVariable(_ text: some StringProtocol) -> Bool {
        guard text.hasPrefix("$") else { return false }
        let name = text.dropFirst()
        let inner =
            name.hasPrefix("{") && name.hasSuffix("}") ? name.dropFirst().dropLast() : name[...]
        return !inner.isEmpty
            && inner.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// True if a text has a word that begins as the keys of a well-known service do.
    package static func hasKnownKey(_ text: String) -> Bool {
        text.split { $0.isWhitespace || "\"'=:,()<>".contains($0) }.contains(where: isKnownKey)
    }

    private static func isKnownKey(_ word: some StringProtocol) -> Bool {
        word.count >= 16 && knownKeys.contains { word.hasPrefix($0) }
    }

    // MARK: Words

    private static func masked(_ word: String, after previous: String?, isWhole: Bool) -> String {
        switch previous {
        case "-H", "--header", "--proxy-header":
            let header = maskedHeader(word)
            if header != word { return header }
        case "-u", "-U", "--user", "--proxy-user":
            if let colon = word.firstIndex(of: ":"), !word.contains("://") {
                return word[...colon] + maskedValue(word[word.index(after: colon)...])
            }
        case "-p", "-P":
            if mayBePassword(word) { return maskedValue(word) }
        case "Bearer", "bearer", "Authorization:":
            if word.count >= 8 { return maskedValue(word) }
        case let option?
        where option.hasPrefix("-") && !option.contains("=") && isSecret(bare(option))
            && !word.hasPrefix("-"):
            return maskedValue(word)
        default: break
        }
        if word.hasPrefix("-H"), word.count > 2 {
            let header = maskedHeader(String(word.dropFirst(2)))
            if header != word.dropFirst(2) { return "-H" + header }
        }
        if let assigned = maskedAssignment(word) { return assigned }
        // A word may contain a command line. If it is the whole text, it does not, as this would
        // recurse forever.
        if !isWhole, word.contains(where: \.isWhitespace) { return masked(word) }
        if isKnownKey(word) { return mask }
        return maskedURLs(word)
    }

    /// Masks `NAME=VALUE` and `--name=VALUE`; nil for other words.
    private static func maskedAssignment(_ word: String) -> String? {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex,
            word[..<equals].allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0))
            })
        else { return nil }
        let value = word[word.index(after: equals)...]
        let name = bare(String(word[..<equals]))
        if ["header", "H"].contains(name) { return word[...equals] + maskedHeader(String(value)) }
        return word[...equals]
            + (isSecret(name) && !GivenSettings.secretGroups.contains(name)
                ? maskedValue(value)
                : masked(String(value), after: nil, isWhole: false))
    }

    private static func bare(_ option: String) -> String {
        String(option.drop { $0 == "-" })
    }

    /// Masks the value of `Name: value` if the name is secret.
    private static func maskedHeader(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
            text[..<colon].allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0))
            }), isSecret(String(text[..<colon]))
        else { return text }
        let value = text[text.index(after: colon)...]
        let space = value.prefix { $0.isWhitespace }
        let content = value[space.endIndex...]
        // This is a URL, not a header.
        if content.isEmpty || content.hasPrefix("//") { return text }
        let scheme = ["Bearer ", "Basic ", "Token "].first { content.hasPrefix($0) } ?? ""
        return text[...colon] + space + scheme + maskedValue(content.dropFirst(scheme.count))
    }

    // MARK: URLs

    /// Masks the passwords of the URLs in a text, and the values of secret names in queries.
    private static func maskedURLs(_ text: String) -> String {
        guard let marker = text.firstRange(of: "://") else { return text }
        let isEnd = { (character: Character) in
            character.isWhitespace || "\"'<>`".contains(character)
        }
        let before = text[..<marker.lowerBound]
        let rest = text[marker.upperBound...]
        let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
        let url = rest[..<end]
        let authority = url.prefix { !"/?#".contains($0) }
        var shown = String(before) + "://"
        // A password may contain any of these characters, though it should not.
        if let at = authority.lastIndex(of: "@")
            ?? url.prefix(while: { !"?#".contains($0) })
            .lastIndex(of: "@").flatMap({ url[..<$0].contains(":") ? $0 : nil })
        {
            let user = url[..<at]
            if let colon = user.firstIndex(of: ":") {
                shown += user[...colon] + maskedValue(user[user.index(after: colon)...])
            } else {
                let isWeb = before.hasSuffix("http") || before.hasSuffix("https")
                shown += isWeb ? maskedValue(user) : String(user)
            }
            shown += maskedQuery(url[at...])
        } else {
            shown += maskedQuery(url)
        }
        return shown + maskedURLs(String(rest[end...]))
    }

    private static func maskedQuery(_ url: Substring) -> String {
        guard let start = url.firstIndex(where: { "?#".contains($0) }) else { return String(url) }
        var shown = String(url[...start])
        var rest = url[url.index(after: start)...]
        while !rest.isEmpty {
            let part = rest.prefix { !"&;#".contains($0) }
            let name = part.prefix { $0 != "=" }
            if name.endIndex < part.endIndex, isSecret(String(name)) {
                shown += name + "=" + maskedValue(part[part.index(after: name.endIndex)...])
            } else {
                shown += part
            }
            rest = rest[part.endIndex...]
            if let separator = rest.popFirst() { shown.append(separator) }
        }
        return shown
    }

    // MARK: JSON

    /// Masks each `"name": "value"` of a secret name in a text.
    private static func maskedJSON(_ text: String) -> String {
        guard text.contains("\":") || text.contains("\" :") else { return text }
        var shown = ""
        var rest = text[...]
        while let quote = rest.firstIndex(of: "\"") {
            guard let (name, afterName) = string(in: rest, at: quote) else { break }
            shown += rest[..<afterName]
            rest = rest[afterName...]
            let gap = rest.prefix { $0 == ":" || $0.isWhitespace }
            guard gap.filter({ $0 == ":" }).count == 1, isSecret(String(name)),
                gap.endIndex < rest.endIndex, rest[gap.endIndex] == "\"",
                let (value, afterValue) = string(in: rest, at: gap.endIndex)
            else { continue }
            shown += gap + "\"" + maskedValue(value) + "\""
            rest = rest[afterValue...]
        }
        return shown + rest
    }

    /// Finds the text between a JSON string's quotes, and the string's end.
    private static func string(
        in text: Substring, at quote: String.Index
    ) -> (content: Substring, end: String.Index)? {
        var place = text.index(after: quote)
        while place < text.endIndex, text[place] != "\"" {
            if text[place] == "\\" { place = text.index(after: place) }
            if place < text.endIndex { place = text.index(after: place) }
        }
        guard place < text.endIndex else { return nil }
        return (text[text.index(after: quote)..<place], text.index(after: place))
    }
}

/// A word of a command line, as sh(1) splits it.
private struct Word {
    /// The range in the text, with its quotes.
    let range: Range<String.Index>

    /// The quote character around the whole word; nil if there is none.
    let quote: Character?
    let content: String

    func quoted(_ content: String) -> String {
        quote.map { "\($0)\(content)\($0)" } ?? content
    }

    static func all(in text: String) -> [Word] {
        var words: [Word] = []
        var place = text.startIndex
        while let start = text[place...].firstIndex(where: { !$0.isWhitespace }) {
            var end = start
            while end < text.endIndex, !text[end].isWhitespace {
                end = closing(of: end, in: text) ?? text.index(after: end)
            }
            words.append(Word(start..<end, in: text))
            place = end
        }
        return words
    }

    private init(_ range: Range<String.Index>, in text: String) {
        self.range = range
        let raw = text[range]
        let first = raw.first
        let isQuoted =
            raw.count > 1 && (first == "'" || first == "\"")
            && Word.closing(of: range.lowerBound, in: text) == range.upperBound
        quote = isQuoted ? first : nil
        content = String(isQuoted ? raw.dropFirst().dropLast() : raw)
    }

    /// Returns the place after the quotation that begins at `start`; nil if there is none, or if it
    /// does not end.
    private static func closing(of start: String.Index, in text: String) -> String.Index? {
        let quote = text[start]
        guard quote == "'" || quote == "\"" else { return nil }
        var place = text.index(after: start)
        while place < text.endIndex {
            if text[place] == quote { return text.index(after: place) }
            if text[place] == "\\", quote == "\"" { place = text.index(after: place) }
            if place < text.endIndex { place = text.index(after: place) }
        }
        return nil
    }
}
