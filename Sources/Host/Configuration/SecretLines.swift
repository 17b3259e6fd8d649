internal import GivenSettings

// Lines of hector.yaml in errors, which are shown without secrets. A file with an error may be
// anything, so a line is read without those that a parser would have understood.
extension Settings {
    /// Returns a line of YAML without the values of its secret keys, and nothing of a line that may be
    /// the rest of such a value.
    ///
    /// - Parameters:
    ///   - place: The place of the line, from 0 on.
    ///   - lines: All lines of the file.
    static func masked(lineAt place: Int, of lines: [String]) -> String {
        let line = lines[place]
        if isBlank(line) { return line }
        var indent = indentation(line)
        var isNext = true
        for before in lines[..<place].reversed() where !isBlank(before) {
            let values = SecretValue.all(in: before)
            // Within braces the next line may begin anywhere.
            if isNext, values.last?.isOpen == true { return mask }
            isNext = false
            let own = indentation(before)
            guard own < indent else { continue }
            if !values.isEmpty { return mask }
            if own == 0 { break }
            indent = own
        }
        return masked(line: line)
    }

    /// Returns a line of YAML without the values of its secret keys.
    static func masked(line: String) -> String {
        var shown = ""
        var place = line.startIndex
        for value in SecretValue.all(in: line) {
            shown += masked(String(line[place..<value.range.lowerBound]))
            let content = line[value.range].filter { !"\"'".contains($0) }
            shown += isVariable(content) || content.isEmpty ? String(line[value.range]) : mask
            place = value.range.upperBound
        }
        return shown + masked(String(line[place...]))
    }

    private static func isBlank(_ line: String) -> Bool {
        let first = line.first { !$0.isWhitespace }
        return first == nil || first == "#"
    }

    private static func indentation(_ line: String) -> Int {
        line.prefix { $0 == " " || $0 == "-" }.count
    }
}

/// The value of a secret key in a line of YAML.
private struct SecretValue {
    let range: Range<String.Index>

    /// True if it may go on in the next line: it is missing, only named or tagged, or a quotation that
    /// does not end.
    let isOpen: Bool

    static func all(in line: String) -> [SecretValue] {
        var values: [SecretValue] = []
        var place = line.startIndex
        if let forgotten = SecretValue(withoutColonIn: line) { return [forgotten] }
        while let colon = line[place...].firstIndex(of: ":") {
            let key = key(before: colon, in: line)
            place = line.index(after: colon)
            guard Settings.isSecret(key), !GivenSettings.secretGroups.contains(key.lowercased())
            else { continue }
            place = line[place...].firstIndex { !$0.isWhitespace } ?? line.endIndex
            // In a URL, it is the name of a server or a user.
            if line[place...].hasPrefix("//") { continue }
            let isFlow = line[..<colon].contains { "{[".contains($0) }
            let value = SecretValue(in: line, from: place, isFlow: isFlow)
            values.append(value)
            place = value.range.upperBound
        }
        return values
    }

    /// Reads a secret key whose colon was forgotten.
    private init?(withoutColonIn line: String) {
        guard !line.contains(":"), let start = line.firstIndex(where: { !" -\t".contains($0) }),
            let end = line[start...].firstIndex(where: \.isWhitespace),
            GivenSettings.isSecret(String(line[start..<end])),
            let value = line[end...].firstIndex(where: { !$0.isWhitespace })
        else { return nil }
        range = value..<line.endIndex
        isOpen = false
    }

    /// Returns the name before a colon, which blanks and quotes may be around.
    private static func key(before colon: String.Index, in line: String) -> String {
        let before = line[..<colon].reversed().drop(while: \.isWhitespace)
        let name = before.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || "_-.\"'".contains($0))
        }
        return String(name.reversed()).filter { !"\"'".contains($0) }
    }

    private init(in line: String, from start: String.Index, isFlow: Bool) {
        let rest = line[start...]
        var end = rest.endIndex
        var isOpen = false
        switch rest.first {
        case nil, "#"?:
            end = start
            isOpen = true
        case "\""?, "'"?:
            let closing = Self.closing(of: rest)
            // Anything right after it is a mistake, and may belong to it.
            let next = closing.map { rest[$0...].first }
            if let closing, next.map({ $0 == nil || $0 == " " || ",}]".contains($0!) }) == true {
                end = closing
            }
            isOpen = closing == nil
        case let first? where "{[|>&*!".contains(first):
            // All of it, however it goes on.
            isOpen = true
        default:
            end = rest.firstRange(of: " #")?.lowerBound ?? rest.endIndex
            // Within braces, it ends with a comma or the brace, unless this is a variable's.
            if isFlow, !rest.hasPrefix("${") {
                end = rest[..<end].firstIndex { ",}".contains($0) } ?? end
            }
        }
        range = start..<end
        self.isOpen = isOpen
    }

    /// Returns the place after the quotation that a text begins with; nil if it does not end.
    private static func closing(of text: Substring) -> String.Index? {
        let quote = text.first
        var place = text.index(after: text.startIndex)
        while place < text.endIndex {
            let next = text.index(after: place)
            if text[place] == quote {
                // Two single quotes within single quotes are one.
                if quote == "\"" || next == text.endIndex || text[next] != quote { return next }
                place = text.index(after: next)
            } else if text[place] == "\\", quote == "\"", next < text.endIndex {
                place = text.index(after: next)
            } else {
                place = next
            }
        }
        return nil
    }
}
