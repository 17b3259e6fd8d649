internal import Text

/// The encoding that a document declares in its own text.
enum DeclaredEncoding {
    /// Returns the encoding of a byte order mark, and the mark's length.
    static func byteOrderMark(_ start: [UInt8]) -> (encoding: String, length: Int)? {
        if start.startsWithByteOrderMark { return ("UTF-8", 3) }
        if start.starts(with: [0xFF, 0xFE, 0, 0]) { return ("UTF-32LE", 4) }
        if start.starts(with: [0, 0, 0xFE, 0xFF]) { return ("UTF-32BE", 4) }
        if start.starts(with: [0xFF, 0xFE]) { return ("UTF-16LE", 2) }
        if start.starts(with: [0xFE, 0xFF]) { return ("UTF-16BE", 2) }
        return nil
    }

    /// Returns the encoding that the text names, as written; nil if it names none.
    ///
    /// - Parameter start: The first bytes of the text, without a byte order mark.
    static func label(_ start: [UInt8], of kind: DocumentKind) -> String? {
        let start = start.prefix(mostBytes)
        switch kind {
        case .html: return meta(Array(start)) ?? declaration(start)
        case .xml: return declaration(start)
        case .code, .manual, .text: return comment(start)
        default: return nil
        }
    }

    /// The number of bytes in which a page declares its encoding; browsers look at 1024 first, and
    /// then at more.
    private static let mostBytes = 8192

    /// `<?xml version="1.0" encoding="…"?>`
    private static func declaration(_ start: ArraySlice<UInt8>) -> String? {
        guard start.starts(with: Array("<?xml".utf8)),
            let end = start.firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        return value(of: "encoding", in: String(decoding: start[..<end], as: UTF8.self))
    }

    private static func value(of name: String, in text: String) -> String? {
        let text = text.lowercased()
        guard let found = text.firstRange(of: name) else { return nil }
        let rest = text[found.upperBound...]
        let after = rest.drop { $0.isWhitespace }
        guard after.first == "=" else { return nil }
        let value = after.dropFirst().drop { $0.isWhitespace }
        if let quote = value.first, quote == "\"" || quote == "'" {
            let inner = value.dropFirst()
            return inner.firstIndex(of: quote).map { String(inner[..<$0]) }
        }
        return String(value.prefix { !$0.isWhitespace && $0 != ";" && $0 != ">" && $0 != "?" })
    }

    /// Coding comments of Emacs, Vim and Python in the first two lines.
    private static func comment(_ start: ArraySlice<UInt8>) -> String? {
        let lines = start.split(
            separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        for line in lines.prefix(2) {
            let text = String(decoding: line, as: UTF8.self)
            guard let found = text.firstMatch(of: /coding[:=][ \t]*([-_.A-Za-z0-9]+)/) else {
                continue
            }
            return String(found.1).replacing(/-(unix|dos|mac)$/, with: "")
        }
        return nil
    }

    // MARK: Pages

    /// Finds `<meta charset>` or `<meta http-equiv content>`, as the WHATWG prescans a page.
    private static func meta(_ start: [UInt8]) -> String? {
        var position = 0
        while position < start.count {
            if start[position] != UInt8(ascii: "<") {
                position += 1
            } else if start[position...].starts(with: Array("<!--".utf8)) {
                guard let end = start[(position + 2)...].firstRange(of: Array("-->".utf8)) else {
                    return nil
                }
                position = end.upperBound
            } else if isMeta(start, position) {
                position += 5
                let attributes = attributes(start, &position)
                if let label = label(of: attributes) { return label }
            } else {
                position += 1
            }
        }
        return nil
    }

    private static func isMeta(_ start: [UInt8], _ position: Int) -> Bool {
        let name = start[position...].prefix(5).map { $0 | 0x20 }
        guard name.elementsEqual("<meta".utf8.map { $0 | 0x20 }), position + 5 < start.count else {
            return false
        }
        return start[position + 5].isASCIIWhitespace || start[position + 5] == UInt8(ascii: "/")
    }

    private static func label(of attributes: [(name: String, value: String)]) -> String? {
        if let charset = attributes.first(where: { $0.name == "charset" }) {
            return charset.value.isEmpty ? nil : charset.value
        }
        let isContentType = attributes.contains {
            $0.name == "http-equiv" && $0.value.lowercased() == "content-type"
        }
        guard isContentType, let content = attributes.first(where: { $0.name == "content" }) else {
            return nil
        }
        return value(of: "charset", in: content.value)
    }

    private static func attributes(
        _ text: [UInt8], _ position: inout Int
    ) -> [(name: String, value: String)] {
        var attributes: [(String, String)] = []
        func skip(while isMeant: (UInt8) -> Bool) {
            while position < text.count, isMeant(text[position]) { position += 1 }
        }
        while true {
            skip { $0.isASCIIWhitespace || $0 == UInt8(ascii: "/") }
            guard position < text.count, text[position] != UInt8(ascii: ">") else {
                return attributes
            }
            let nameStart = position
            position += 1
            skip { !$0.isASCIIWhitespace && !"/>=".utf8.contains($0) }
            let name = String(decoding: text[nameStart..<position], as: UTF8.self).lowercased()
            skip { $0.isASCIIWhitespace }
            guard position < text.count, text[position] == UInt8(ascii: "=") else {
                attributes.append((name, ""))
                continue
            }
            position += 1
            skip { $0.isASCIIWhitespace }
            guard position < text.count else { return attributes }
            let quote = text[position]
            let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            if isQuoted { position += 1 }
            let start = position
            if isQuoted {
                skip { $0 != quote }
            } else {
                skip { !$0.isASCIIWhitespace && $0 != UInt8(ascii: ">") }
            }
            attributes.append((name, String(decoding: text[start..<position], as: UTF8.self)))
            if isQuoted { position += 1 }
        }
    }
}
