/// Text of somebody else's as a terminal may get it: nothing in it moves the cursor, sets a title
/// or asks the terminal for something.
package struct VisibleText: CustomStringConvertible {
    package let description: String

    package init(_ text: some StringProtocol) {
        var visible = ""
        for scalar in text.unicodeScalars where scalar != "\r" {
            let isControl = scalar.properties.generalCategory == .control
            visible.unicodeScalars.append(
                !isControl || scalar == "\n" || scalar == "\t" ? scalar : "\u{fffd}")
        }
        description = visible
    }

    /// On one line, cut at so many characters.
    package init(_ text: some StringProtocol, atMost most: Int) {
        // More would be cut anyway.
        let words = text.prefix(most * 4).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let isCut = words.count > most || text.count > most * 4
        self.init(isCut ? "\(words.prefix(most))…" : words)
    }
}
