/// Text that is safe for a terminal: it cannot move the cursor, set a title, reverse text or query
/// the terminal. Characters that cannot be shown are escaped as in JSON, so that the user sees what
/// they are.
///
/// All that a program writes to a terminal passes through here: see `writeToStandardOutput`,
/// `writeToStandardError`, `LineWriter` and `Terminal` in the module Unix. Standard output into pipes
/// and files does not; messages do, as logs are looked at, too.
package struct VisibleText: CustomStringConvertible {
    package let description: String

    /// Makes one line in which nothing is hidden or reversed.
    package init(_ text: some StringProtocol) {
        description = Self.escaping(text) { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                .unassigned:
                false
            // Wider blanks could look like the end of a line.
            case .spaceSeparator: scalar == " "
            default: true
            }
        }
    }

    /// As a name that is one line and that a program can still use: only control characters are
    /// written differently.
    package init(name text: some StringProtocol) {
        description =
            text.unicodeScalars.contains { $0.isASCIIControl }
            ? Self.escaping(text) { !$0.isASCIIControl } : String(text)
    }

    /// Makes text of many lines, which end only in newlines.
    package init(lines text: some StringProtocol) {
        if text.unicodeScalars.allSatisfy(Self.isProse) {
            description = String(text)
        } else {
            description = Self.escaping(Self.withoutReturns(text), unless: Self.isProse)
        }
    }

    /// Makes a message: quoted text in it stays on one line, and lines after the first are
    /// indented, unless they name a place in a file, so that a line cannot pass for another
    /// program's message.
    package init(message text: some StringProtocol) {
        let lines = VisibleText(lines: Self.withQuotesOnOneLine(text)).description
            .split(separator: "\n", omittingEmptySubsequences: false)
        description = lines.enumerated().map { index, line in
            let standsAlone =
                index == 0 || line.isEmpty || line.first?.isWhitespace == true
                || Self.namesPlace(line)
            return standsAlone ? String(line) : "    \(line)"
        }.joined(separator: "\n")
    }

    /// True for `FILE:LINE:COLUMN: …`.
    private static func namesPlace(_ line: some StringProtocol) -> Bool {
        let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 && !parts[0].isEmpty && !parts[0].contains(" ")
            && Int(parts[1]) != nil && Int(parts[2]) != nil && parts[3].hasPrefix(" ")
    }

    private static func isProse(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: true
        case 0..<0x20, 0x7F..<0xA0: false
        // Marks that reverse text, and Unicode's own ends of lines.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    /// Removes the carriage returns that do not matter: before a newline, and at the end, where the
    /// newline may follow in the next piece.
    private static func withoutReturns(_ text: some StringProtocol) -> String {
        let scalars = Array(text.unicodeScalars)
        var kept = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let isPartOfEnd =
                scalar == "\r" && (index + 1 == scalars.count || scalars[index + 1] == "\n")
            if !isPartOfEnd { kept.append(scalar) }
        }
        return String(kept)
    }

    /// Puts each quoted name on one line, whatever newlines are in it.
    private static func withQuotesOnOneLine(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains("\n") else { return String(text) }
        let scalars = Array(text.unicodeScalars)
        func opens(_ index: Int) -> Bool {
            scalars[index] == "'"
                && (index == 0 || " \n(:[".unicodeScalars.contains(scalars[index - 1]))
        }
        func closes(_ index: Int) -> Bool {
            guard scalars[index] == "'" else { return false }
            return index + 1 == scalars.count
                || !scalars[index + 1].properties.isAlphabetic
                    && scalars[index + 1].properties.numericType == nil
        }
        var result = String.UnicodeScalarView()
        var index = 0
        // After the last closing quote there is no need to search for another.
        let last = scalars.indices.last(where: closes) ?? -1
        while index < last {
            if opens(index), let end = scalars[(index + 1)...last].indices.first(where: closes) {
                for scalar in scalars[index..<end] {
                    result.append(
                        contentsOf: scalar == "\n"
                            ? "\\u000a".unicodeScalars : "\(scalar)".unicodeScalars)
                }
                index = end
            }
            result.append(scalars[index])
            index += 1
        }
        result.append(contentsOf: scalars[index...])
        return String(result)
    }

    /// Makes one line with single blanks, cut after at most that many characters, at the end of a
    /// word if one is near.
    package init(_ text: some StringProtocol, atMost most: Int) {
        // A longer beginning would be cut anyway.
        let beginning = text.prefix(most * 4)
        let words = beginning.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let isCut = words.count > most || beginning.endIndex < text.endIndex
        self.init(isCut ? "\(Self.cut(words, most))…" : words)
    }

    private static func cut(_ words: String, _ most: Int) -> Substring {
        // The beginning includes the blank that may follow the last word.
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

extension Unicode.Scalar {
    fileprivate var isASCIIControl: Bool { value < 0x20 || value == 0x7F }
}
