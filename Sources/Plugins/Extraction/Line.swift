import Text

/// A line of a text, with marks that say what it is.
struct Line {
    /// The text without white space at both ends.
    let text: Substring

    /// The white space before the text, in columns.
    let indent: Int

    /// The column after the last character.
    let end: Int

    let whole: Substring

    init(_ line: Substring) {
        whole = line
        text = line.trimmed
        var indent = 0
        for byte in line.utf8 {
            guard byte == 0x20 || byte == 0x09 else { break }
            indent += byte == 0x20 ? 1 : 8 - indent % 8
        }
        self.indent = indent
        end = indent + text.unicodeScalars.count
    }

    // MARK: Marks of Markdown and its relatives

    /// The three or more backquotes or tildes that the line starts with.
    var fence: Substring? {
        guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
        let fence = text.prefix { $0 == mark }
        return fence.count >= 3 && !text.dropFirst(fence.count).contains(mark) ? fence : nil
    }

    /// The level and the text of the heading that this line is by its marks.
    var heading: (level: Int, text: Substring)? {
        for mark: Character in ["#", "="] where text.first == mark {
            let level = text.prefix { $0 == mark }.count
            let rest = text.dropFirst(level)
            guard (1...6).contains(level), let next = rest.first else { return nil }
            // MediaWiki's headings have marks at both ends.
            guard next.isWhitespace || next.isLetter && mark == "=" && rest.last == "=" else {
                return nil
            }
            return (level, rest.drop(endingIn: mark).trimmed)
        }
        if text.hasPrefix("**"), text.hasSuffix("**"), text.utf8.count > 4 {
            let inner = text.dropFirst(2).dropLast(2)
            return inner.contains("*") || inner.endsSentence ? nil : (6, inner.trimmed)
        }
        return nil
    }

    /// True if the line names the file that follows, as tail(1) writes it: `==> NAME <==`.
    var isFileName: Bool {
        text.hasPrefix("==> ") && text.hasSuffix(" <==") && text.utf8.count > 8
    }

    /// The level of the heading that this line underlines.
    ///
    /// - Parameter heading: The line above.
    func underlineLevel(of heading: Substring) -> Int? {
        guard let mark = text.utf8.first, text.utf8.count >= 3,
            text.utf8.allSatisfy({ $0 == mark })
        else { return nil }
        switch mark {
        case UInt8(ascii: "="): return 1
        case UInt8(ascii: "-"): return 2
        case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "\""), UInt8(ascii: "+"),
            UInt8(ascii: "*"):
            return text.utf8.count >= heading.count ? 3 : nil
        default: return nil
        }
    }

    var isRule: Bool {
        guard text.utf8.count >= 3, let first = text.utf8.first, "-*_=".utf8.contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { $0 == first || $0 == 0x20 }
    }

    /// True if the line consists of HTML only, such as an image or a comment.
    var isTag: Bool {
        guard text.first == "<", text.last == ">" else { return false }
        var depth = 0
        for character in text {
            if character == "<" { depth += 1 }
            if depth == 0, !character.isWhitespace { return false }
            if character == ">" { depth -= 1 }
        }
        return true
    }

    var isRow: Bool { text.utf8.first == UInt8(ascii: "|") && text.dropFirst().contains("|") }

    /// True for the line between a table's head and its rows, or a border.
    var isRowRule: Bool { isRow && text.utf8.allSatisfy { "|-:+= ".utf8.contains($0) } }

    /// The text of a line that starts with a bullet or a number.
    var listItem: Substring? {
        let mark = text.prefix { !$0.isWhitespace }
        guard mark.endIndex < text.endIndex, mark.utf8.count <= 4 else { return nil }
        let isBullet = ["-", "*", "+", "\u{2022}", "\u{B7}", "\u{2023}", "\u{25CB}", "\u{25E6}"]
            .contains(mark)
        let isNumber =
            mark.utf8.count > 1 && (mark.last == "." || mark.last == ")")
            && mark.dropLast().allSatisfy { $0.isASCII && $0.isNumber }
        return isBullet || isNumber ? text.dropFirst(mark.count).trimmed : nil
    }

    /// True if the line starts with a location, as grep(1) and compilers write it: `file:12:`.
    var isLocated: Bool {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return false }
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[0].contains(" ") else { return false }
        return !parts[1].isEmpty && parts[1].allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// The name of the man page of which this is the first or the last line: `LS(1)  Commands
    /// LS(1)`.
    var pageName: Substring? {
        guard text.utf8.last == UInt8(ascii: ")") else { return nil }
        let words = text.split(separator: " ")
        guard words.count > 2, words[0] == words[words.count - 1] else { return nil }
        return words[0].firstIndex(of: "(").map { words[0][..<$0] }
    }

    // MARK: Kinds of plain lines

    /// True if the line looks like program text rather than prose.
    var isCodeLike: Bool {
        if let first = text.first, "$%{}<[./~".contains(first) { return true }
        if let last = text.last, "{};\\".contains(last) { return true }
        let words = text.split(separator: " ")
        let prose = words.count {
            $0.utf8.allSatisfy { byte in
                byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                    || byte == UInt8(ascii: ",") || byte >= 0x80
            }
        }
        if prose > 5, prose * 10 >= words.count * 7 { return false }
        if text.hasPrefix("#") { return true }
        if words.dropFirst().contains(where: {
            $0.utf8.count > 1 && $0.first == "-" || "=|&<>".contains($0.first!) || $0.first == "["
        }) {
            return true
        }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch (previous, byte) {
            case (_, UInt8(ascii: "=")), (_, UInt8(ascii: "_")), (_, UInt8(ascii: "\"")),
                (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: ":"), UInt8(ascii: ":")),
                (UInt8(ascii: "-"), UInt8(ascii: ">")), (UInt8(ascii: "$"), UInt8(ascii: "{")),
                (UInt8(ascii: "$"), UInt8(ascii: "(")), (UInt8(ascii: "<"), UInt8(ascii: "/")):
                return true
            default: previous = byte
            }
        }
        return false
    }

    /// True if the line is like the term of a glossary, an option or an error's name.
    var isTerm: Bool {
        if text.first == "-" { return true }
        guard !text.endsSentence, !isNumberedTitle else { return false }
        let words = text.split(separator: " ")
        guard words.count <= 6, let first = words.first else { return false }
        if first.contains(where: { "_<=$/~.()[]{}\"'`\u{2018}\u{201C}".contains($0) }) {
            return true
        }
        return first.utf8.allSatisfy { byte in
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
    }

    /// True for `3.2 Backups`.
    private var isNumberedTitle: Bool {
        guard text.first?.isNumber == true else { return false }
        let number = text.prefix { $0.isNumber || $0 == "." }
        let rest = text[number.endIndex...]
        return rest.first == " " && rest.dropFirst().first?.isUppercase == true && isTitle
    }

    /// True if the line may be a heading that has no marks: short, and not a sentence.
    var isTitle: Bool {
        guard text.utf8.count <= 90, let first = text.first, !first.isLowercase, first != "-",
            !text.endsSentence, text.last.map({ !",;:|\\{}>".contains($0) }) == true
        else { return false }
        return text.contains(where: \.isLetter) && !isCodeLike
    }

    /// True if the line is a title and nothing else: in capitals, numbered, with a capital in each
    /// word that is not short, or of three words at most.
    var isPlainTitle: Bool {
        guard isTitle else { return false }
        if isNumberedTitle { return true }
        var words = text.split(separator: " ")
        guard words.count <= 10 else { return false }
        if words.count <= 3 { return true }
        words.removeAll { $0.utf8.count <= 3 }
        return !words.isEmpty && words.allSatisfy { $0.first?.isLowercase == false }
    }

    /// True for the headings of man pages: capitals, and no small letters.
    var isCapitals: Bool {
        guard text.utf8.count <= 60, !text.endsSentence else { return false }
        var capitals = 0
        for character in text {
            if character.isUppercase { capitals += 1 }
            if character.isLowercase || "_=<>[]{}".contains(character) { return false }
        }
        return capitals >= 3 && text.first!.isLetter
    }
}

extension Substring {
    /// True if the text ends as sentences do.
    var endsSentence: Bool {
        guard let last = unicodeScalars.last else { return false }
        return ".!?\u{2026}\u{3002}\u{FF01}\u{FF1F}".unicodeScalars.contains(last)
    }

    func drop(endingIn character: Character) -> Substring {
        var rest = self
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
