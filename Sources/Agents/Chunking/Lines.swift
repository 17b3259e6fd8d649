internal import JSON
internal import OpenSSL
internal import Unix

/// Records as lines of JSON.
package struct Lines: Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var count = 0

    package init() {}

    /// - Parameters:
    ///   - passage: Bytes of its text that are not UTF-8 become U+FFFD.
    ///   - number: The chunk's number, counted from 1.
    ///   - hasContext: True to add the text that is embedded with the content.
    package mutating func append(
        _ passage: Passage, id: String, number: Int, of source: Source, hasContext: Bool
    ) {
        let content = String(decoding: passage.content, as: UTF8.self)
        bytes += #"{"id":"#.utf8
        bytes.appendJSON(string: id)
        bytes += #","content":"#.utf8
        bytes.appendJSON(string: content)
        if hasContext, let context = passage.context {
            bytes += #","context":"#.utf8
            bytes.appendJSON(string: context)
        }
        bytes += #","metadata":{"path":"#.utf8
        // JSON holds only Unicode; the id tells paths apart that are repaired here.
        let path = source.path
        bytes.appendJSON(
            string: RawPath.isRaw(path)
                ? String(decoding: RawPath.bytes(of: path), as: UTF8.self) : path)
        bytes += #","chunk":"#.utf8
        bytes.appendJSON(int: number)
        bytes += #","offset":"#.utf8
        bytes.appendJSON(int: passage.range.lowerBound)
        bytes += #","bytes":"#.utf8
        bytes.appendJSON(int: passage.range.count)
        bytes += #","sha256":""#.utf8
        // The hash is over the text of `content`, so that a reader of the record can compute it
        // again.
        bytes += SHA256.hex(of: Array(content.utf8)).utf8
        bytes += #"""#.utf8
        if let modified = source.modified {
            bytes += #","mtime":"#.utf8
            bytes.appendJSON(int: modified)
        }
        appendFacts(passage)
        bytes += "}}\n".utf8
        count += 1
    }

    private mutating func appendFacts(_ passage: Passage) {
        if let title = passage.title, !title.isEmpty {
            bytes += #","title":"#.utf8
            bytes.appendJSON(string: title)
        }
        if !passage.headings.isEmpty {
            bytes += #","headings":"#.utf8
            bytes.appendJSON(value: .array(passage.headings.map { .string($0) }))
        }
        for (key, value) in passage.properties {
            bytes.append(UInt8(ascii: ","))
            bytes.appendJSON(string: key)
            bytes.append(UInt8(ascii: ":"))
            bytes.appendJSON(value: value)
        }
    }
}

extension Passage {
    /// The title, the headings and the tags as a line, to be embedded with the content; nil if there
    /// are none.
    var context: String? {
        var parts: [String] = []
        for part in [title].compactMap(\.self) + headings where part != parts.last && !part.isEmpty
        {
            parts.append(part)
        }
        var context = parts.joined(separator: " > ")
        let tags = properties["tags"]?.array?.compactMap(\.string) ?? []
        if !tags.isEmpty {
            context += (context.isEmpty ? "" : "\n") + tags.joined(separator: ", ")
        }
        return context.isEmpty ? nil : context
    }
}
