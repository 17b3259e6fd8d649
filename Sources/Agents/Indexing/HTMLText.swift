/// The text of an HTML page.
package enum HTMLText {
    /// Returns the title and the visible text of a page.
    package static func text(of page: String) -> String {
        var reader = HTMLReader(page)
        return reader.text()
    }
}

/// A reader that goes through an HTML page once.
private struct HTMLReader {
    private let page: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    /// The elements whose text a browser does not show.
    private static let hidden: Set<String> = ["script", "style", "template", "noscript", "svg"]

    /// The elements that begin a new line.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details",
        "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "head", "header", "hr", "html", "li", "main", "nav", "ol", "option", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    ]

    /// The elements that also have an empty line around them.
    private static let paragraphs: Set<String> = [
        "article", "blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre",
        "section", "table", "title", "ul",
    ]

    private var preformatted = 0

    init(_ page: String) { self.page = Array(page.utf8) }

    mutating func text() -> String {
        while position < page.count {
            switch page[position] {
            case UInt8(ascii: "<"): readMarkup()
            case UInt8(ascii: "&"): readReference()
            case let byte where Self.isSpace(byte):
                if preformatted > 0 { output.append(page[position]) } else { space() }
                position += 1
            default:
                output.append(page[position])
                position += 1
            }
        }
        while let last = output.last, last <= 0x20 { output.removeLast() }
        if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func space() {
        if let last = output.last, last > 0x20 { output.append(UInt8(ascii: " ")) }
    }

    private mutating func breakLine(_ count: Int) {
        while output.last == UInt8(ascii: " ") { output.removeLast() }
        if output.isEmpty { return }
        var there = 0
        for byte in output.suffix(count).reversed() {
            if byte != UInt8(ascii: "\n") { break }
            there += 1
        }
        output += repeatElement(UInt8(ascii: "\n"), count: max(0, count - there))
    }

    private mutating func readMarkup() {
        if starts(with: "<!--") {
            skip(past: "-->")
            return
        }
        let next = position + 1 < page.count ? page[position + 1] : 0
        let isTag =
            next == UInt8(ascii: "/") || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
            || Self.isLetter(next)
        guard isTag else {
            output.append(page[position])
            position += 1
            return
        }
        let isEnd = next == UInt8(ascii: "/")
        let start = position + (isEnd ? 2 : 1)
        guard start < page.count, Self.isLetter(page[start]) else {
            // In a document type, an instruction or an invalid tag, quotes have no meaning.
            skip(past: ">")
            return
        }
        position = start
        skip { !Self.isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
        let name = String(decoding: page[start..<position], as: UTF8.self).lowercased()
        skipAttributes()
        if Self.hidden.contains(name), !isEnd {
            skip(past: "</\(name)")
            skipAttributes()
            return
        }
        if name == "pre" { preformatted = max(0, preformatted + (isEnd ? -1 : 1)) }
        if Self.paragraphs.contains(name) {
            breakLine(2)
        } else if Self.blocks.contains(name) {
            breakLine(1)
        }
    }

    /// Skips to the `>` that ends the tag and past it. A quote counts only at the start of a value.
    private mutating func skipAttributes() {
        while true {
            skip { Self.isSpace($0) || $0 == UInt8(ascii: "/") }
            guard position < page.count else { return }
            if page[position] == UInt8(ascii: ">") {
                position += 1
                return
            }
            // The first byte always belongs to a name.
            position += 1
            skip { !Self.isSpace($0) && !"/>=".utf8.contains($0) }
            skip(while: Self.isSpace)
            if position < page.count, page[position] == UInt8(ascii: "=") {
                position += 1
                skipValue()
            }
        }
    }

    private mutating func skipValue() {
        skip(while: Self.isSpace)
        guard position < page.count else { return }
        let quote = page[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            position += 1
            skip { $0 != quote }
            position = min(position + 1, page.count)
        } else {
            skip { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
        }
    }

    private mutating func skip(while isMeant: (UInt8) -> Bool) {
        while position < page.count, isMeant(page[position]) { position += 1 }
    }

    private func starts(with text: String) -> Bool {
        page[position...].starts(with: text.utf8)
    }

    /// Skips past a text, or to the end if it does not occur.
    private mutating func skip(past text: String) {
        let wanted = Array(text.utf8)
        while position < page.count {
            let isThere =
                page.count - position >= wanted.count
                && zip(page[position...], wanted).allSatisfy { $0 == $1 || ($0 | 0x20) == $1 }
            if isThere {
                position += wanted.count
                return
            }
            position += 1
        }
    }

    private static let names: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©",
        "reg": "®", "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘",
        "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»", "bull": "•",
        "middot": "·", "deg": "°", "euro": "€", "pound": "£", "sect": "§", "times": "×",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "larr": "←",
        "rarr": "→", "ecirc": "ê", "aacute": "á", "oacute": "ó", "iacute": "í", "ntilde": "ñ",
    ]

    /// Reads a character that is written by its name or number; any other text stays as it is.
    private mutating func readReference() {
        let rest = page[(position + 1)...].prefix(12)
        if let end = rest.firstIndex(of: UInt8(ascii: ";")) {
            let name = String(decoding: rest[..<end], as: UTF8.self)
            if let text = Self.names[name] ?? Self.character(name) {
                if text == " " { space() } else { output += text.utf8 }
                position = end + 1
                return
            }
        }
        output.append(page[position])
        position += 1
    }

    /// - Parameter reference: A reference such as `#233` or `#xE9`.
    private static func character(_ reference: String) -> String? {
        guard reference.hasPrefix("#") else { return nil }
        let digits = reference.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap { $0 >= 0x20 ? Unicode.Scalar($0) : nil }.map { String($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(byte)
    }
}
