internal import JSON
internal import OpenSSL

/// Records as lines of JSON.
package struct Lines: Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var count = 0

    package init() {}

    /// - Parameters:
    ///   - text: The chunk's text. Bytes that are not UTF-8 become U+FFFD.
    ///   - offset: The chunk's start in the file, in bytes.
    ///   - number: The chunk's number, counted from 1.
    package mutating func append(
        _ text: [UInt8], at offset: Int, id: String, number: Int, of source: Source
    ) {
        let content = String(decoding: text, as: UTF8.self)
        bytes += #"{"id":"#.utf8
        bytes.appendJSON(string: id)
        bytes += #","content":"#.utf8
        bytes.appendJSON(string: content)
        bytes += #","metadata":{"path":"#.utf8
        bytes.appendJSON(string: source.path)
        bytes += #","chunk":"#.utf8
        bytes.appendJSON(int: number)
        bytes += #","offset":"#.utf8
        bytes.appendJSON(int: offset)
        bytes += #","bytes":"#.utf8
        bytes.appendJSON(int: text.count)
        bytes += #","sha256":""#.utf8
        // The hash is over the text of `content`, so that a reader of the record can compute it
        // again.
        bytes += SHA256.hex(of: Array(content.utf8)).utf8
        bytes += #"""#.utf8
        if let modified = source.modified {
            bytes += #","mtime":"#.utf8
            bytes.appendJSON(int: modified)
        }
        bytes += "}}\n".utf8
        count += 1
    }
}
