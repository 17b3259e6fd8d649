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

    /// The measures of a page that decide how long it takes to parse.
    struct Estimate {
        /// The greatest number of elements that are open at one place, more or less.
        var depth = 0

        /// The greatest number of attributes of an element, or more. The page and its body have
        /// those of each of their tags.
        var attributes = 0
    }

    static func estimate(_ page: [UInt8]) -> Estimate {
        var open: [String: Int] = [:]
        var depth = 0
        var deepest = 0
        var attributes = 0
        var shared = 0
        forEachTag(page) { name, isEnd, count, _ in
            attributes = max(attributes, count)
            if name == "html" || name == "body" { shared += count }
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
        return Estimate(depth: deepest, attributes: max(attributes, shared))
    }

    /// Returns a page of XHTML in which elements that are closed where they begin have an end that
    /// HTML knows, as far as HTML would take all that follows for their text.
    static func withoutEmptyTexts(_ page: [UInt8]) -> [UInt8] {
        let raw: Set<String> = [
            "script", "style", "title", "textarea", "iframe", "noframes", "xmp",
        ]
        var result: [UInt8] = []
        var kept = 0
        forEachTag(page) { name, isEnd, _, end in
            guard !isEnd, raw.contains(name), end >= 2, page[end - 1] == UInt8(ascii: ">"),
                page[end - 2] == UInt8(ascii: "/")
            else { return }
            result += page[kept..<(end - 2)]
            result += "></\(name)>".utf8
            kept = end
        }
        return kept == 0 ? page : result + page[kept...]
    }

    /// Returns a page of frames as a browser without frames would see it; nil for another page.
    static func textWithoutFrames(_ page: [UInt8]) -> [UInt8]? {
        var range: Range<Int>?
        forEachTag(page) { name, isEnd, _, end in
            guard name == "noframes" else { return }
            if !isEnd, range == nil { range = end..<page.count }
            if isEnd, let open = range, open.upperBound == page.count {
                let tag = page[..<end].lastIndex(of: UInt8(ascii: "<")) ?? end
                range = open.lowerBound..<max(open.lowerBound, tag)
            }
        }
        guard let range, !range.isEmpty else { return nil }
        // What is inside must not have another one, or this would not end.
        let inner = Array(page[range])
        var hasOther = false
        forEachTag(inner) { name, _, _, _ in if name == "noframes" { hasOther = true } }
        guard !hasOther else { return nil }
        let head = page[..<range.lowerBound].firstRange(of: Array("<title".utf8))
        let title = head.flatMap { head in
            page[head.lowerBound...].firstRange(of: Array("</title>".utf8))
                .map { page[head.lowerBound..<$0.upperBound] }
        }
        return Array(title ?? []) + inner
    }

    /// - Parameter body: Gets the name, the number of attributes or more, and the place behind the
    ///   tag.
    private static func forEachTag(
        _ page: [UInt8],
        _ body: (_ name: String, _ isEnd: Bool, _ attributes: Int, _ end: Int) -> Void
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
            var attributes = 0
            // An attribute begins behind a space, a slash or a value in quotes.
            var isBetween = false
            while end < page.count, page[end] != UInt8(ascii: ">") {
                let byte = page[end]
                end += 1
                if byte.isASCIIWhitespace || byte == UInt8(ascii: "/") {
                    isBetween = true
                } else if isBetween {
                    isBetween = false
                    attributes += 1
                }
                guard byte == UInt8(ascii: "="), end < page.count else { continue }
                while end < page.count, page[end].isASCIIWhitespace { end += 1 }
                guard end < page.count else { break }
                let quote = page[end]
                if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                    end += 1
                    while end < page.count, page[end] != quote { end += 1 }
                    end = min(end + 1, page.count)
                    isBetween = true
                }
            }
            end = min(end + 1, page.count)
            body(name, isEnd, attributes, end)
            position = end
        }
    }

    private static let commentStart = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)
}
