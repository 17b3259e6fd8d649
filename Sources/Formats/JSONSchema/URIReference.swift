/// A URI or a reference to one, in the five parts of RFC 3986.
struct URIReference {
    private var scheme: Substring?
    private var authority: Substring?
    private var path: Substring
    private var query: Substring?

    /// The text after `#`, as it is written; nil if there is no `#`.
    private(set) var fragment: Substring?

    init(_ text: String) {
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") {
            fragment = rest[rest.index(after: hash)...]
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(where: { ":/".contains($0) }), rest[colon] == ":",
            colon > rest.startIndex
        {
            scheme = rest[..<colon]
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            authority = rest[..<end]
            rest = rest[end...]
        }
        path = rest
    }

    /// True if there is at most a fragment, so that it refers to the document that contains it.
    var isLocal: Bool { scheme == nil && authority == nil && path.isEmpty && query == nil }

    /// The URI without its fragment.
    var document: String {
        var text = scheme.map { "\($0):" } ?? ""
        text += authority.map { "//\($0)" } ?? ""
        text += path
        return text + (query.map { "?\($0)" } ?? "")
    }

    /// Returns the target of this reference in a document with the URI `base` (RFC 3986, section
    /// 5.2.2).
    func resolved(against base: URIReference) -> URIReference {
        var target = self
        if scheme == nil {
            target.scheme = base.scheme
            if authority == nil {
                target.authority = base.authority
                if path.isEmpty {
                    target.path = base.path
                    target.query = query ?? base.query
                } else if !path.hasPrefix("/") {
                    target.path = base.directory + path
                }
            }
        }
        if target.path.hasPrefix("/") { target.path = Self.withoutDots(target.path) }
        return target
    }

    /// The path up to its last slash.
    private var directory: Substring {
        if let slash = path.lastIndex(of: "/") { return path[...slash] }
        return authority == nil ? "" : "/"
    }

    private static func withoutDots(_ path: Substring) -> Substring {
        var kept: [Substring] = []
        let steps = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for step in steps {
            switch step {
            case ".": continue
            case "..": _ = kept.popLast()
            default: kept.append(step)
            }
        }
        if let last = steps.last, last == "." || last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/")
    }
}

extension Substring {
    /// The text that a fragment of a URI stands for; nil if it is not text.
    var withoutPercentEncoding: String? {
        guard contains("%") else { return String(self) }
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let code = UInt8(digits, radix: 16) else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
