/// The settings at the beginning of a Markdown file, between a first line `---` and the next `---`.
package enum FrontMatter {
    /// The length of the front matter in bytes; 0 if the text has none.
    package static func length(_ text: [UInt8]) -> Int {
        guard text.starts(with: Array("---\n".utf8)) || text.starts(with: Array("---\r\n".utf8))
        else { return 0 }
        var start = text.firstIndex(of: UInt8(ascii: "\n"))! + 1
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let line = text[start..<end]
            let ended = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if ended.elementsEqual("---".utf8) || ended.elementsEqual("...".utf8) {
                return min(end + 1, text.count)
            }
            start = end + 1
        }
        return 0
    }
}
