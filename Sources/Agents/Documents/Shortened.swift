/// The limits of what is repeated with each passage of a document.
package enum FactLimit {
    /// The most characters of a title, of a heading, and of all headings that lead to a place.
    package static let title = 300
    package static let heading = 200
    static let path = 600

    /// The most characters of a fact in the metadata, such as a subject.
    package static let value = 300

    /// The most bytes of all tags, and of all other settings in the front matter.
    static let tags = 1000
    static let settings = 4096
}

extension String {
    /// The text, or the beginning of one that has more characters, up to the end of a word, and `…`.
    package func shortened(to most: Int) -> String {
        guard utf8.count > most,
            var end = unicodeScalars.index(
                startIndex, offsetBy: most, limitedBy: unicodeScalars.endIndex),
            end < unicodeScalars.endIndex
        else { return self }
        unicodeScalars.formIndex(before: &end)
        var word = end
        for _ in 0..<(most / 4) where word > startIndex {
            let before = unicodeScalars.index(before: word)
            if unicodeScalars[before].properties.isWhitespace {
                return String(self[..<before]) + "…"
            }
            word = before
        }
        // No cluster is cut, unless it is very long.
        for _ in 0..<32 where end > startIndex && Index(end, within: self) == nil {
            unicodeScalars.formIndex(before: &end)
        }
        return String(unicodeScalars[..<end]) + "…"
    }
}
