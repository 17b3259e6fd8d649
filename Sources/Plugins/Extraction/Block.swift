import Text

/// A part of a text that no sentence crosses.
struct Block: Equatable {
    enum Kind: Equatable {
        /// A heading of level 1 to 6.
        case heading(level: Int)
        case paragraph
        case item
        /// A row of a table.
        case row
        /// Code, with the word after the opening fence, such as `sh`.
        case code(language: String)
    }

    var kind: Kind

    /// The text without its Markdown marks; for code, the text between the fences.
    var text: String
}

/// A reader of a text as Markdown, which is good enough for plain text.
struct BlockReader {
    private var blocks: [Block] = []
    private var kind = Block.Kind.paragraph
    private var lines: [Substring] = []

    static func blocks(of text: String) -> [Block] {
        var reader = BlockReader()
        var fence: (mark: Substring, language: String, lines: [Substring])?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            if let open = fence {
                if trimmed.hasPrefix(open.mark), trimmed.allSatisfy({ $0 == open.mark.first }) {
                    reader.addCode(open.lines, open.language)
                    fence = nil
                } else {
                    fence?.lines.append(line)
                }
            } else if let mark = trimmed.fence {
                reader.flush()
                fence = (mark, String(trimmed.dropFirst(mark.count).trimmed), [])
            } else {
                reader.read(line, trimmed)
            }
        }
        if let fence { reader.addCode(fence.lines, fence.language) }
        reader.flush()
        return reader.blocks
    }

    private mutating func read(_ line: Substring, _ trimmed: Substring) {
        guard !trimmed.isEmpty else { return flush() }
        if trimmed.first == ">" {
            let inner = trimmed.dropFirst().trimmed
            return inner.first == ">" ? flush() : read(inner, inner)
        }
        if trimmed.isFileName {
            flush()
            return add(.heading(level: 1), String(trimmed.dropFirst(4).dropLast(4)))
        }
        if let level = trimmed.headingLevel {
            flush()
            let text = trimmed.dropFirst(level).trimmed.drop(endingIn: "#").trimmed
            return add(.heading(level: level), String(text))
        }
        if let underlined = lines.last, lines.count == 1, kind == .paragraph,
            let level = trimmed.underlineLevel
        {
            lines = []
            return add(.heading(level: level), String(underlined))
        }
        if trimmed.isRule || trimmed.isTag { return flush() }
        if trimmed.first == "|", trimmed.dropFirst().contains("|") {
            flush()
            let cells = trimmed.split(separator: "|").map(\.trimmed).filter { !$0.isEmpty }
            if cells.contains(where: { !$0.allSatisfy { "-: ".contains($0) } }) {
                add(.row, cells.joined(separator: " | "))
            }
            return
        }
        if let text = trimmed.listItem {
            flush()
            kind = .item
            lines = [text]
            return
        }
        if trimmed.isLocated { flush() }
        lines.append(trimmed)
    }

    /// Ends the block whose lines were gathered.
    private mutating func flush() {
        defer {
            lines = []
            kind = .paragraph
        }
        guard !lines.isEmpty else { return }
        // Short lines, such as a list of names, are not one sentence that was wrapped.
        if kind == .paragraph, lines.count > 2, lines.allSatisfy({ $0.count <= 40 }) {
            for line in lines { add(.item, String(line)) }
            return
        }
        add(kind, lines.dropFirst().reduce(into: String(lines[0])) { $0.join($1) })
    }

    private mutating func addCode(_ lines: [Substring], _ language: String) {
        let code = lines.joined(separator: "\n")
        if code.contains(where: { !$0.isWhitespace }) { add(.code(language: language), code) }
    }

    private mutating func add(_ kind: Block.Kind, _ text: String) {
        if !text.isEmpty { blocks.append(Block(kind: kind, text: text)) }
    }
}

extension Substring {
    /// The three or more backquotes or tildes that the line starts with.
    fileprivate var fence: Substring? {
        guard let mark = first, mark == "`" || mark == "~" else { return nil }
        let fence = prefix { $0 == mark }
        return fence.count >= 3 && !dropFirst(fence.count).contains(mark) ? fence : nil
    }

    fileprivate var headingLevel: Int? {
        let level = prefix { $0 == "#" }.count
        return (1...6).contains(level) && dropFirst(level).first?.isWhitespace == true ? level : nil
    }

    /// True if the line names the file that follows, as tail(1) writes it: `==> NAME <==`.
    fileprivate var isFileName: Bool { hasPrefix("==> ") && hasSuffix(" <==") && count > 8 }

    /// The level of the heading that this line underlines.
    fileprivate var underlineLevel: Int? {
        guard count >= 3 else { return nil }
        return allSatisfy { $0 == "=" } ? 1 : allSatisfy { $0 == "-" } ? 2 : nil
    }

    fileprivate var isRule: Bool {
        guard count >= 3, let first, "-*_=".contains(first) else { return false }
        return allSatisfy { $0 == first || $0 == " " }
    }

    /// True if the line consists of HTML only, such as an image or a comment.
    fileprivate var isTag: Bool {
        guard first == "<", last == ">" else { return false }
        var depth = 0
        for character in self {
            if character == "<" { depth += 1 }
            if depth == 0, !character.isWhitespace { return false }
            if character == ">" { depth -= 1 }
        }
        return true
    }

    /// The text of a line that starts with a bullet or a number.
    fileprivate var listItem: Substring? {
        let mark = prefix { !$0.isWhitespace }
        guard mark.count < count else { return nil }
        let isBullet = ["-", "*", "+", "\u{2022}"].contains(mark)
        let isNumber =
            (2...4).contains(mark.count) && (mark.last == "." || mark.last == ")")
            && mark.dropLast().allSatisfy { $0.isASCII && $0.isNumber }
        return isBullet || isNumber ? dropFirst(mark.count).trimmed : nil
    }

    /// True if the line starts with a location, as grep(1) and compilers write it: `file:12:`.
    fileprivate var isLocated: Bool {
        let parts = split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[0].contains(" ") else { return false }
        return !parts[1].isEmpty && parts[1].allSatisfy { $0.isASCII && $0.isNumber }
    }

    fileprivate func drop(endingIn character: Character) -> Substring {
        var rest = self
        while rest.last == character { rest.removeLast() }
        return rest
    }
}

extension String {
    /// Adds a line of the same paragraph, with a space unless the script has none.
    fileprivate mutating func join(_ line: Substring) {
        if let last = unicodeScalars.last, let first = line.unicodeScalars.first,
            !last.isUnspaced || !first.isUnspaced
        {
            self += " "
        }
        self += line
    }
}

extension Unicode.Scalar {
    /// True if the character belongs to a script without spaces between words, or is its
    /// punctuation.
    var isUnspaced: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF,
            0x3400...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
