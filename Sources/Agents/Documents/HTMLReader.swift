internal import Gumbo
internal import Text

/// Writes the text of a page while it is walked through.
struct HTMLReader: HTMLVisitor {
    private(set) var output: [UInt8] = []
    private(set) var builder = StructureBuilder()
    private(set) var title: String?
    private let showsNavigation: Bool
    private let isManual: Bool

    /// The elements that are open and matter, with the place of their first character.
    private var open: [(name: String, start: Int)] = []
    private var preformatted = 0
    private var lists: [(isNumbered: Bool, number: Int)] = []

    /// The mark of a list's item that has no text yet.
    private var marker = ""
    private var needsBlock = true
    private var headingLevel = 0
    private var titleText: [UInt8]?
    private var isAfterTerm = false
    private var table: Table?

    /// A table whose rows are lines.
    private struct Table {
        var start = 0
        var rows = 0
        var rowStart = 0
        var cells = 0
        /// True as long as all cells of the row are headers.
        var hasOnlyHeaders = true
        /// The end of the header.
        var header: Int?
    }

    /// The elements whose text a browser does not show.
    private static let hidden: Set<String> = [
        "script", "style", "template", "noscript", "svg", "iframe", "noembed", "noframes", "object",
        "audio", "video", "canvas", "map",
    ]

    /// The elements that begin a new line.
    private static let lines: Set<String> = [
        "address", "aside", "body", "caption", "dd", "details", "dt", "figcaption", "figure",
        "footer", "form", "head", "header", "html", "legend", "li", "main", "nav", "option",
        "summary", "tbody", "td", "tfoot", "th", "thead", "title", "tr",
    ]

    /// The elements that also have an empty line around them.
    private static let paragraphs: Set<String> = [
        "article", "blockquote", "center", "div", "dl", "fieldset", "h1", "h2", "h3", "h4", "h5",
        "h6", "hr", "ol", "p", "pre", "listing", "plaintext", "xmp", "section", "table", "ul",
        "menu", "dir",
    ]

    private static let noTextTable: Set<String> = [
        "table", "pre", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote",
    ]

    init(showsNavigation: Bool, isManual: Bool) {
        self.showsNavigation = showsNavigation
        self.isManual = isManual
    }

    /// True if there is no text besides the title.
    var isEmpty: Bool { !builder.hasText }

    mutating func finish() {
        while let last = output.last, last <= 0x20 { output.removeLast() }
        if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
    }

    // MARK: Elements

    mutating func begin(_ element: borrowing HTMLElement) -> Bool {
        let name = element.name
        if Self.hidden.contains(name) || isLeftOut(element) { return false }
        switch name {
        case "title":
            if title == nil, open.isEmpty || !open.contains(where: { $0.name == "body" }) {
                titleText = []
            }
            return true
        case "img", "area":
            if let text = element.attribute("alt"), !text.isEmpty { add(Array(text.utf8).span) }
            return false
        case "input":
            if element.attribute("type")?.lowercased() == "image",
                let text = element.attribute("alt")
            {
                add(Array(text.utf8).span)
            }
            return false
        case "br":
            if table != nil { space() } else { breakLine(1) }
            return true
        default: break
        }
        beginBlock(name, element)
        return true
    }

    private mutating func beginBlock(_ name: String, _ element: borrowing HTMLElement) {
        switch name {
        case "table":
            breakLine(2)
            if table == nil, headingLevel == 0, !element.contains(Self.noTextTable) {
                table = Table(start: output.count)
                open.append((name, output.count))
            }
            return
        case "tr" where table != nil:
            breakLine(1)
            table!.rowStart = output.count
            table!.cells = 0
            table!.hasOnlyHeaders = true
            return
        case "td" where table != nil, "th" where table != nil:
            if table!.cells > 0 { separate() }
            table!.cells += 1
            if name == "td" { table!.hasOnlyHeaders = false }
            return
        case "ul", "ol", "menu", "dir":
            breakLine(lists.isEmpty ? 2 : 1)
            let start = element.attribute("start").flatMap { Int($0) } ?? 1
            lists.append((name == "ol", start))
            return
        case "li":
            breakLine(1)
            needsBlock = true
            if !lists.isEmpty {
                let indent = String(repeating: "  ", count: min(lists.count - 1, 20))
                let last = lists.count - 1
                marker = indent + (lists[last].isNumbered ? "\(lists[last].number). " : "- ")
                lists[last].number += 1
            }
            open.append((name, output.count))
            return
        case "dt", "dd":
            breakLine(1)
            needsBlock = true
            if name == "dt" { isAfterTerm = false }
            return
        case "h1", "h2", "h3", "h4", "h5", "h6":
            breakLine(2)
            if headingLevel == 0, lists.isEmpty, table == nil {
                headingLevel = Int(name.utf8.last! - 0x30)
                open.append((name, output.count))
            }
            return
        case "pre", "listing", "xmp", "plaintext":
            breakLine(2)
            preformatted += 1
            open.append((name, output.count))
            return
        case "body": open.append((name, output.count))
        default: break
        }
        if Self.paragraphs.contains(name) {
            breakLine(2)
        } else if Self.lines.contains(name) {
            breakLine(1)
        }
    }

    mutating func end(_ name: String) {
        switch name {
        case "title":
            endTitle()
            return
        case "table" where table != nil: endTable()
        case "tr" where table != nil:
            endRow()
            return
        case "td" where table != nil, "th" where table != nil: return
        case "ul", "ol", "menu", "dir": if !lists.isEmpty { lists.removeLast() }
        case "li":
            marker = ""
            addUnit(close("li"))
        case "dt": isAfterTerm = true
        case "h1", "h2", "h3", "h4", "h5", "h6": endHeading(name)
        case "pre", "listing", "xmp", "plaintext":
            preformatted -= 1
            addUnit(close(name))
        default: break
        }
        if name == "table" || Self.paragraphs.contains(name) {
            // A list in a list is part of an item.
            breakLine(lists.isEmpty || !["ul", "ol"].contains(name) ? 2 : 1)
        } else if Self.lines.contains(name) {
            breakLine(1)
        }
    }

    private func isLeftOut(_ element: borrowing HTMLElement) -> Bool {
        if element.attribute("hidden") != nil { return true }
        if let style = element.attribute("style")?.lowercased().filter({ !$0.isWhitespace }),
            style.contains("display:none")
        {
            return true
        }
        let classes = element.attribute("class")?.split(whereSeparator: \.isWhitespace) ?? []
        if element.name == "a", classes.contains("headerlink") { return true }
        if isManual, element.name == "table", classes == ["head"] || classes == ["foot"] {
            return true
        }
        if showsNavigation { return false }
        if element.name == "nav" { return true }
        if let role = element.attribute("role")?.lowercased(),
            ["navigation", "search"].contains(role)
        {
            return true
        }
        return classes.contains { Self.navigation.contains($0.lowercased()) }
    }

    private static let navigation: Set<String> = [
        "navheader", "navfooter", "navbar", "navigation", "breadcrumb", "breadcrumbs",
        "sphinxsidebar", "skip-link", "skiplink",
    ]

    /// Ends the innermost open element of that name, and returns its range without empty lines
    /// before it.
    private mutating func close(_ name: String) -> Range<Int>? {
        guard let index = open.lastIndex(where: { $0.name == name }) else { return nil }
        var start = open[index].start
        open.removeSubrange(index...)
        while start < output.count, output[start] == UInt8(ascii: "\n") { start += 1 }
        return start < output.count ? start..<output.count : nil
    }

    private mutating func addUnit(_ range: Range<Int>?) {
        if let range { builder.addUnit(range) }
    }

    private mutating func endTitle() {
        guard let text = titleText.take() else { return }
        let words = Self.words(text)
        guard !words.isEmpty else { return }
        title = words
        output += words.utf8
        breakLine(2)
    }

    private mutating func endHeading(_ name: String) {
        guard headingLevel > 0, open.contains(where: { $0.name == name }) else { return }
        let level = headingLevel
        headingLevel = 0
        guard let range = close(name) else { return }
        let words = Self.words(output[range])
        // A title is not repeated.
        if let title, isEmpty, builder.firstHeading == nil, title == words {
            let text = Array(output[range])
            output = text
            builder = StructureBuilder()
            builder.addHeading(words, level: level, at: 0)
        } else {
            builder.addHeading(
                words, level: level, at: range.lowerBound,
                hasTitle: title != nil && isEmpty && builder.firstHeading == nil)
        }
        needsBlock = true
    }

    private static func words(_ text: some Sequence<UInt8>) -> String {
        String(decoding: Array(text), as: UTF8.self)
            .split { $0.isWhitespace || $0 == "\u{200B}" }.joined(separator: " ")
    }

    // MARK: Tables

    private mutating func separate() {
        startLine()
        while output.last == UInt8(ascii: " ") { output.removeLast() }
        output += " | ".utf8
    }

    private mutating func endRow() {
        guard let row = table else { return }
        table!.cells = 0
        // A row without text is left out.
        if output[min(row.rowStart, output.count)...].allSatisfy({
            $0 <= 0x20 || $0 == UInt8(ascii: "|")
        }) {
            output.removeSubrange(min(row.rowStart, output.count)...)
            breakLine(1)
            return
        }
        while output.last == UInt8(ascii: " ") { output.removeLast() }
        if row.rows > 0 {
            builder.addRow(at: row.rowStart, isFirst: row.header != nil && row.rows == 1)
        }
        builder.addUnit(row.rowStart..<output.count)
        breakLine(1)
        if row.hasOnlyHeaders, row.rows == 0, row.cells > 1 { table!.header = output.count }
        table!.rows += 1
    }

    private mutating func endTable() {
        guard let table = table.take(), let range = close("table") else { return }
        builder.addUnit(range)
        if let header = table.header {
            var start = table.start
            while start < header, output[start] == UInt8(ascii: "\n") { start += 1 }
            builder.addContinued(start..<output.count, opening: start..<header)
        }
    }

    // MARK: Text

    mutating func text(_ text: Span<UInt8>) {
        if titleText != nil {
            for index in 0..<text.count { titleText!.append(text[index]) }
            return
        }
        add(text)
    }

    private mutating func add(_ text: Span<UInt8>) {
        var position = 0
        while position < text.count {
            let byte = text[position]
            // A place for a hyphen is not seen.
            if byte == 0xC2, position + 1 < text.count, text[position + 1] == 0xAD {
                position += 2
                continue
            }
            let isNoBreakSpace =
                byte == 0xC2 && position + 1 < text.count && text[position + 1] == 0xA0
            if byte <= 0x20 || isNoBreakSpace {
                if preformatted > 0, table == nil {
                    if byte == UInt8(ascii: "\n") || byte == 0x09 {
                        output.append(byte)
                    } else {
                        startLine()
                        output.append(0x20)
                    }
                } else {
                    space()
                }
                position += isNoBreakSpace ? 2 : 1
            } else {
                startLine()
                output.append(byte)
                position += 1
            }
        }
    }

    /// Notes a block where its first character comes, and writes an item's mark.
    private mutating func startLine() {
        guard output.isEmpty || output.last == UInt8(ascii: "\n") || needsBlock || !marker.isEmpty
        else { return }
        if needsBlock, headingLevel == 0 {
            needsBlock = false
            if isAfterTerm {
                builder.addRow(at: output.count, isFirst: true)
                isAfterTerm = false
            } else {
                builder.addBlock(at: output.count, depth: lists.count)
            }
        }
        if !marker.isEmpty {
            output += marker.utf8
            marker = ""
        }
    }

    private mutating func space() {
        if let last = output.last, last > 0x20 { output.append(UInt8(ascii: " ")) }
    }

    private mutating func breakLine(_ count: Int) {
        // A cell is part of a line.
        if let table, table.cells > 0 {
            space()
            return
        }
        if count > 1 { needsBlock = true }
        if !marker.isEmpty { return }
        while output.last == UInt8(ascii: " ") { output.removeLast() }
        if output.isEmpty {
            needsBlock = true
            return
        }
        var there = 0
        for byte in output.suffix(count).reversed() {
            if byte != UInt8(ascii: "\n") { break }
            there += 1
        }
        output += repeatElement(UInt8(ascii: "\n"), count: max(0, count - there))
    }
}
