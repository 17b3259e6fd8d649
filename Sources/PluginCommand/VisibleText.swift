/// Text as it can be shown on a terminal: nothing in it moves the cursor, hides
/// a part of it or turns it round.
struct VisibleText: CustomStringConvertible {
    let description: String

    init(_ text: some StringProtocol) {
        var visible = ""
        for scalar in text.unicodeScalars {
            if Self.isVisible(scalar) {
                visible.unicodeScalars.append(scalar)
            } else {
                // As JSON writes them, so that a person sees what the tool will get.
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    visible += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        description = visible
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
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
