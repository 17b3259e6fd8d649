internal import Unix

/// Text of somebody else's as a terminal may get it: nothing in it moves the cursor, sets a title
/// or asks the terminal for something. What cannot be shown stands there as JSON writes it, so that
/// a person sees what it is.
package struct VisibleText: CustomStringConvertible {
    package let description: String

    /// As one line, of which nothing is hidden or turned round.
    package init(_ text: some StringProtocol) {
        description = Self.escaping(text) { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                .unassigned:
                false
            // Wider blanks could pass for a line's end.
            case .spaceSeparator: scalar == " "
            default: true
            }
        }
    }

    /// As prose of many lines, which end in newlines only.
    package init(lines text: some StringProtocol) {
        func isVisible(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x09, 0x0A: true
            case 0..<0x20, 0x7F..<0xA0: false
            default: true
            }
        }
        if text.unicodeScalars.allSatisfy(isVisible) {
            description = String(text)
        } else {
            description = Self.escaping(
                String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" })),
                unless: isVisible)
        }
    }

    /// A text of others for standard output, whose terminal is not to obey what is in it.
    package static func output(_ text: String) -> String {
        isStandardOutputTerminal ? VisibleText(lines: text).description : text
    }

    /// As one line, its blanks put together, cut after so many characters at most: at the end of a
    /// word if that is not far before.
    package init(_ text: some StringProtocol, atMost most: Int) {
        // More would be cut anyway.
        let words = text.prefix(most * 4).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let isCut = words.count > most || text.count > most * 4
        self.init(isCut ? "\(Self.cut(words, most))…" : words)
    }

    private static func cut(_ words: String, _ most: Int) -> Substring {
        // With the blank that may follow the last word.
        let longest = words.prefix(most + 1)
        guard longest.count > most, let end = longest.lastIndex(of: " "),
            words.distance(from: words.startIndex, to: end) > most / 2
        else { return words.prefix(most) }
        return words[..<end]
    }

    private static func escaping(
        _ text: some StringProtocol, unless isVisible: (Unicode.Scalar) -> Bool
    ) -> String {
        var visible = ""
        for scalar in text.unicodeScalars {
            if isVisible(scalar) {
                visible.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    visible += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return visible
    }
}
