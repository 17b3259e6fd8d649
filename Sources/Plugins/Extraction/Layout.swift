import Text

/// The meaning of plain lines by their indentation and length: headings, terms with their
/// explanations, examples, and paragraphs.
struct Layout {
    /// The length of lines beyond which the text wraps them, in columns.
    var width = 80

    /// The indentation of the last paragraph, or nil at the start of a section.
    private var indent: Int?

    /// True if the section consists of lines that are not prose, as a synopsis.
    private var isVerbatim = false

    /// True if the text has headings as man pages do.
    private var isManual = false

    /// Returns the width that all lines have but a few long ones.
    static func width(of lines: [Line]) -> Int {
        var counts = [Int](repeating: 0, count: 122)
        var total = 0
        for line in lines where !line.text.isEmpty {
            counts[min(line.end, counts.count - 1)] += 1
            total += 1
        }
        var above = 0
        for (length, count) in counts.enumerated().reversed() {
            above += count
            if above * 20 > total { return max(length, 40) }
        }
        return 80
    }

    mutating func begin(section title: Substring) {
        indent = nil
        isVerbatim = ["synopsis", "usage", "syntax"].contains(title.lowercased())
    }

    mutating func blocks(of group: Group, before next: Group?) -> [Block] {
        var lines = group.lines[...]
        if group.kind == .item { return [Block(kind: .item, text: joined(lines))] }
        var blocks: [Block] = []
        while let title = lines.first, isHeading(title, lines.dropFirst(), next) {
            if title.indent == 0, title.isCapitals { isManual = true }
            blocks.append(
                Block(kind: .heading(level: title.indent == 0 ? 2 : 3), text: spaced(title.text)))
            begin(section: title.text)
            lines = lines.dropFirst()
        }
        guard let first = lines.first else { return blocks }
        if isCode(lines) {
            return blocks + [Block(kind: .code(language: nil), text: unindented(lines))]
        }
        if let entries = entries(in: lines) {
            indent = first.indent
            return blocks + entries
        }
        indent = first.indent
        // Short lines, such as a list of names, are not one sentence that was wrapped.
        if lines.count > 2, lines.allSatisfy({ $0.text.utf8.count <= 40 }) {
            return blocks + lines.map { Block(kind: .item, text: spaced($0.text)) }
        }
        blocks.append(Block(kind: .paragraph, text: joined(lines)))
        return blocks
    }

    // MARK: Headings

    /// - Parameter rest: The lines that follow in the same group.
    private func isHeading(_ line: Line, _ rest: ArraySlice<Line>, _ next: Group?) -> Bool {
        if let below = rest.first {
            if line.indent == 0, line.isCapitals, isBroken(line, below) { return true }
            guard line.isTitle else { return false }
            if below.indent > line.indent {
                return isManual ? line.indent < 5 : line.isCapitals
            }
            return !line.isTerm && below.indent == line.indent && isBroken(line, below)
                && line.end * 10 < width * 6 && below.text.first?.isUppercase == true
                && below.end > line.end
        }
        guard let next, let below = next.lines.first else { return false }
        if line.indent == 0, line.isCapitals { return true }
        guard line.isTitle, !line.isTerm else { return false }
        if next.kind != .paragraph { return line.isPlainTitle && below.indent >= line.indent }
        if below.indent > line.indent { return isManual ? line.indent < 5 : line.isPlainTitle }
        guard below.indent == line.indent, line.isPlainTitle else { return false }
        // Notes in single lines look the same, but have no text below them.
        return next.lines.count > 1 || below.text.utf8.count > 60 || below.text.endsSentence
    }

    /// True if the first word of the second line would have had a place on the first.
    private func isBroken(_ line: Line, _ below: Line) -> Bool {
        let word = below.text.prefix { $0 != " " }.utf8.count
        return line.end + 1 + word <= width
    }

    // MARK: Code

    private func isCode(_ lines: ArraySlice<Line>) -> Bool {
        let first = lines.first!
        if isVerbatim {
            return !lines.contains { $0.text.utf8.count > 40 && $0.text.endsSentence }
        }
        guard first.indent > indent ?? (isManual ? Int.max : 3) else { return false }
        if first.isTerm, lines.count > 1, lines.dropFirst().first!.indent > first.indent {
            return false
        }
        if lines.count(where: \.isCodeLike) * 2 >= lines.count { return true }
        // In Markdown, the indentation is enough.
        guard let indent, !isManual, first.indent >= indent + 4 else { return false }
        return !lines.contains { $0.text.endsSentence && $0.text.contains(" ") }
    }

    /// Returns the lines without their common indentation.
    private func unindented(_ lines: ArraySlice<Line>) -> String {
        let common = lines.map(\.indent).min() ?? 0
        return lines.map { String(repeating: " ", count: $0.indent - common) + $0.text }
            .joined(separator: "\n")
    }

    // MARK: Terms

    /// Returns terms with their explanations, or nil if the lines are not such.
    private func entries(in lines: ArraySlice<Line>) -> [Block]? {
        var entries: [Block] = []
        var rest = lines
        let indent = lines.first!.indent
        while let first = rest.first {
            rest = rest.dropFirst()
            if first.indent != indent { return nil }
            if let (tag, text, column) = first.tag {
                let more = rest.prefix { $0.indent >= column && $0.indent > indent }
                rest = rest.dropFirst(more.count)
                let next = rest.first?.tag
                guard
                    first.text.first == "-" || !more.isEmpty || next?.column == column
                        || column - indent - tag.unicodeScalars.count > 2
                else { return nil }
                entries.append(
                    Block(
                        kind: .item, text: joined([Line(text)] + more), tag: spaced(tag)))
                continue
            }
            // Several terms may share an explanation, which is indented or starts on a new line.
            var tag = spaced(first.text)
            while let other = rest.first, other.indent == indent, first.isTerm, other.isTerm,
                other.text.first == first.text.first
            {
                tag += "\n" + spaced(other.text)
                rest = rest.dropFirst()
            }
            guard let below = rest.first else {
                guard first.isTerm, !entries.isEmpty || first.text.first == "-" else { return nil }
                entries.append(Block(kind: .item, text: tag))
                break
            }
            guard below.indent > indent else {
                guard first.isTerm, isBroken(first, below), !rest.allSatisfy(\.isTerm)
                else { return nil }
                entries.append(Block(kind: .item, text: joined(rest), tag: tag))
                break
            }
            guard !first.text.endsSentence, first.text.last != ",", isBroken(first, below)
            else { return nil }
            let more = rest.prefix { $0.indent > indent }
            rest = rest.dropFirst(more.count)
            entries.append(Block(kind: .item, text: joined(more), tag: tag))
        }
        return entries
    }

    // MARK: Words

    /// Returns the lines of a paragraph in one.
    private func joined(_ lines: ArraySlice<Line>) -> String {
        lines.dropFirst().reduce(into: spaced(lines.first!.text)) { $0.join(spaced($1.text)) }
    }

    private func joined(_ lines: [Line]) -> String { joined(lines[...]) }
}

/// Returns a text with single spaces, where it was stretched to a margin with several.
private func spaced(_ text: Substring) -> String {
    guard text.gap != nil else { return String(text) }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var isAfterSpace = false
    for scalar in text.unicodeScalars {
        let isSpace = scalar == " "
        if !isSpace || !isAfterSpace { result.unicodeScalars.append(scalar) }
        isAfterSpace = isSpace
    }
    return result
}

extension Line {
    /// A term with its explanation on the same line: two spaces or more divide them.
    ///
    /// `column` is that of the explanation.
    fileprivate var tag: (tag: Substring, text: Substring, column: Int)? {
        guard let gap = text.gap else {
            // A term that is as long as its column has only one space after it.
            guard text.hasPrefix("--"), let space = text.firstIndex(of: " ") else { return nil }
            let tag = text[..<space]
            return tag.utf8.count < 5 || tag.utf8.count > 8
                ? nil : (tag, text[space...].trimmed, indent + tag.unicodeScalars.count + 1)
        }
        let tag = text[..<gap]
        let rest = text[gap...].drop { $0 == " " }
        guard tag.split(separator: " ").count <= 4, !tag.endsSentence || tag.utf8.count <= 3 else {
            return nil
        }
        let column = indent + text[..<rest.startIndex].unicodeScalars.count
        return (tag, rest, column)
    }
}

extension Substring {
    /// The first place with two spaces.
    fileprivate var gap: Index? {
        var isAfterSpace = false
        for index in utf8.indices {
            let isSpace = utf8[index] == 0x20
            if isSpace, isAfterSpace { return utf8.index(before: index) }
            isAfterSpace = isSpace
        }
        return nil
    }
}

extension String {
    /// Adds a line of the same paragraph, with a space unless the script has none or the line
    /// before ends in the middle of a word.
    fileprivate mutating func join(_ line: String) {
        guard let last = unicodeScalars.last, let first = line.unicodeScalars.first else {
            self += line
            return
        }
        if last.value == 0x2010 || last.value == 0xAD, first.properties.isLowercase {
            unicodeScalars.removeLast()
        } else if last == "-", first.properties.isLowercase, utf8.count > 1,
            unicodeScalars[unicodeScalars.index(unicodeScalars.endIndex, offsetBy: -2)].properties
                .isAlphabetic
        {
            // A word with a hyphen.
        } else if !last.isUnspaced || !first.isUnspaced {
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
