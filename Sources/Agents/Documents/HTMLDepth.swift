internal import Text

/// A look at a page's tags before it is parsed.
enum HTMLDepth {
    /// The elements that have no end, or that end where the next one begins.
    private static let flat: Set<String> = [
        "a", "area", "base", "basefont", "body", "br", "button", "col", "colgroup", "dd", "dt",
        "embed", "form", "frame", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "html", "image",
        "img", "input", "keygen", "li", "link", "meta", "nobr", "option", "p", "param",
        "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    ]

    /// Returns the greatest number of elements that are open at one place, more or less.
    static func estimate(_ page: [UInt8]) -> Int {
        var open: [String: Int] = [:]
        var depth = 0
        var deepest = 0
        forEachTag(page) { name, isEnd, _ in
            if flat.contains(name) { return }
            if isEnd {
                if let count = open[name], count > 0 {
                    open[name] = count - 1
                    depth -= 1
                }
            } else {
                open[name, default: 0] += 1
                depth += 1
                deepest = max(deepest, depth)
            }
        }
        return deepest
    }

    /// Returns a page of XHTML in which elements that are closed where they begin have an end that
    /// HTML knows, as far as HTML would take all that follows for their text.
    static func withoutEmptyTexts(_ page: [UInt8]) -> [UInt8] {
        let raw: Set<String> = [
            "script", "style", "title", "textarea", "iframe", "noframes", "xmp",
        ]
        var result: [UInt8] = []
        var kept = 0
        forEachTag(page) { name, isEnd, end in
            guard !isEnd, raw.contains(name), end >= 2, page[end - 1] == UInt8(ascii: ">"),
                page[end - 2] == UInt8(ascii: "/")
            else { return }
            result += page[kept..<(end - 2)]
            result += "></\(name)>".utf8
            kept = end
        }
        return kept == 0 ? page : result + page[kept...]
    }

    /// - Parameter body: Gets the name, and the place behind the tag.
    private static func forEachTag(
        _ page: [UInt8], _ body: (_ name: String, _ isEnd: Bool, _ end: Int) -> Void
    ) {
        var position = 0
        while position < page.count {
            guard page[position] == UInt8(ascii: "<") else {
                position += 1
                continue
            }
            var start = position + 1
            if page[position...].starts(with: commentStart) {
                position =
                    page[(position + 4)...].firstRange(of: commentEnd)?.upperBound ?? page.count
                continue
            }
            let isEnd = start < page.count && page[start] == UInt8(ascii: "/")
            if isEnd { start += 1 }
            guard start < page.count, (0x41...0x5A).contains(page[start] & 0xDF) else {
                position += 1
                continue
            }
            var end = start
            while end < page.count, !page[end].isASCIIWhitespace, page[end] != UInt8(ascii: "/"),
                page[end] != UInt8(ascii: ">")
            {
                end += 1
            }
            let name = String(decoding: page[start..<min(end, start + 12)], as: UTF8.self)
                .lowercased()
            while end < page.count, page[end] != UInt8(ascii: ">") {
                let byte = page[end]
                end += 1
                guard byte == UInt8(ascii: "="), end < page.count else { continue }
                while end < page.count, page[end].isASCIIWhitespace { end += 1 }
                guard end < page.count else { break }
                let quote = page[end]
                if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    end += 1
                    while end < page.count, page[end] != quote { end += 1 }
                    end = min(end + 1, page.count)
                }
            }
            end = min(end + 1, page.count)
            body(name, isEnd, end)
            position = end
        }
    }

    private static let commentStart = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)
}
