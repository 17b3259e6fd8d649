import Text

/// A reader of a text as Markdown and its relatives, as a formatted man page, and as plain text.
struct BlockReader {
    private var blocks: [Block] = []

    /// Lines that no empty line divides, and that have no marks.
    private var group = Group()

    /// The group before, which is read when it is known what follows.
    private var waiting: Group?

    private var layout = Layout()

    static func blocks(of text: String) -> [Block] {
        var reader = BlockReader()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map(Line.init)
        reader.layout.width = Layout.width(of: lines)
        reader.read(lines)
        return reader.blocks
    }

    private mutating func read(_ lines: [Line]) {
        var fence: (mark: Substring, language: String, lines: [Line])?
        if Self.startsInCode(lines) { fence = ("```", "", []) }
        for line in lines {
            if let open = fence {
                if line.text.hasPrefix(open.mark), line.text.allSatisfy({ $0 == open.mark.first }) {
                    addCode(open.lines, open.language)
                    fence = nil
                } else {
                    fence?.lines.append(line)
                }
            } else if let mark = line.fence, !isUnderline(line) {
                flush()
                fence = (mark, String(line.text.dropFirst(mark.count).trimmed), [])
            } else {
                read(line)
            }
        }
        if let fence { addCode(fence.lines, fence.language) }
        flush()
        settle(before: nil)
    }

    /// True if a line that could open code underlines a heading instead, as in reStructuredText.
    private func isUnderline(_ line: Line) -> Bool {
        guard group.lines.count == 1, group.lines[0].text.last != ":" else { return false }
        return line.underlineLevel(of: group.lines[0].text) != nil
    }

    /// True if the text was cut out of a longer one in the middle of its code, so that the first
    /// fence is a closing one: the fences are odd in number, or one that should close has a word.
    private static func startsInCode(_ lines: [Line]) -> Bool {
        let fences = lines.indices.filter { lines[$0].fence?.first == "`" }
        guard let first = fences.first, lines[first].text.allSatisfy({ $0 == "`" }) else {
            return false
        }
        var isOpen = false
        for index in fences {
            let isBare = lines[index].text.allSatisfy { $0 == "`" }
            if isOpen, !isBare { return true }
            isOpen.toggle()
        }
        guard isOpen, fences.count % 2 == 1 else { return false }
        func looksLikeCode(_ lines: ArraySlice<Line>) -> Int {
            let lines = lines.filter { !$0.text.isEmpty }
            return lines.isEmpty ? 0 : 100 * lines.count(where: \.isCodeLike) / lines.count
        }
        return looksLikeCode(lines[..<first]) > looksLikeCode(lines[(fences.last! + 1)...])
    }

    private mutating func read(_ line: Line) {
        guard !line.text.isEmpty else { return flush() }
        if line.text.utf8.first == UInt8(ascii: ">") {
            let inner = Line(line.text.dropFirst())
            return inner.text.first == ">" ? flush() : read(inner)
        }
        if line.isFileName {
            return addHeading(1, line.text.dropFirst(4).dropLast(4))
        }
        if let (level, text) = line.heading { return addHeading(level, text) }
        if group.kind == .paragraph, group.lines.count == 1,
            let level = line.underlineLevel(of: group.lines[0].text)
        {
            let text = group.lines[0].text
            group = Group()
            return addHeading(level, text)
        }
        if line.isRule || line.isTag { return flush() }
        if let page = line.pageName { return addHeading(1, page) }
        if line.isRow {
            flush()
            settle(before: nil)
            if !line.isRowRule {
                add(.row, String(line.text))
            } else if let head = blocks.last, head.kind == .row {
                blocks[blocks.count - 1].text = "\(head.text)\n\(line.text)"
            }
            return
        }
        if let text = line.listItem {
            flush()
            group = Group(kind: .item, lines: [Line(text)])
            return
        }
        if line.isLocated { flush() }
        group.lines.append(line)
    }

    /// Ends the group whose lines were gathered.
    private mutating func flush() {
        guard !group.lines.isEmpty else { return }
        settle(before: group)
        waiting = group
        group = Group()
    }

    /// Reads the group that waits, as it is known what follows: another group, or something with
    /// marks.
    private mutating func settle(before next: Group?) {
        guard let group = waiting else { return }
        waiting = nil
        for block in layout.blocks(of: group, before: next) { add(block) }
    }

    private mutating func addHeading(_ level: Int, _ text: Substring) {
        flush()
        settle(before: nil)
        add(.heading(level: level), String(text))
        layout.begin(section: text)
    }

    private mutating func addCode(_ lines: [Line], _ language: String) {
        flush()
        settle(before: nil)
        let code = lines.map(\.whole).joined(separator: "\n")
        if code.contains(where: { !$0.isWhitespace }) { add(.code(language: language), code) }
    }

    private mutating func add(_ kind: Block.Kind, _ text: String) {
        add(Block(kind: kind, text: text))
    }

    private mutating func add(_ block: Block) {
        if !block.text.isEmpty { blocks.append(block) }
    }
}

/// Lines that no empty line divides.
struct Group {
    var kind = Block.Kind.paragraph
    var lines: [Line] = []
}
