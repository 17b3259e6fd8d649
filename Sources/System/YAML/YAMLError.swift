/// An error in text that is not YAML, or not the expected YAML.
package struct YAMLError: Error, Equatable {
    /// The name that the user gave for the file.
    package let file: String

    package let mark: Mark

    /// The problem in lower case, without a full stop.
    package let problem: String

    /// The line that contains the mark, without its end.
    package let text: String
}

extension YAMLError: CustomStringConvertible {
    /// `file:line:column: problem`, the line, and a caret under the column.
    package var description: String {
        let message = "\(file):\(mark.line):\(mark.column): \(problem)"
        let (shown, caret) = excerpt()
        return shown.isEmpty ? message : "\(message)\n    \(shown)\n    \(caret)^"
    }

    /// Returns the part of the line around the column, and the blanks that lead to it.
    ///
    /// A tab is shown as one space and a control character as a replacement character, so that the
    /// caret is in the right place and the terminal does not get control characters.
    private func excerpt() -> (shown: String, indent: String) {
        let widest = 76
        let scalars = Array(text.unicodeScalars)
        let position = min(mark.column - 1, scalars.count)
        let begin = scalars.count <= widest ? 0 : max(0, position - widest / 2)
        let end = min(scalars.count, begin + widest)

        var shown = begin > 0 ? "…" : ""
        var indent = begin > 0 ? " " : ""
        for index in begin..<end {
            let scalar = scalars[index]
            let printed: Unicode.Scalar =
                scalar == "\t"
                ? " " : scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar
            shown.unicodeScalars.append(printed)
            if index < position { indent += String(repeating: " ", count: cells(printed)) }
        }
        if end < scalars.count { shown += "…" }
        return (shown, indent)
    }
}

/// Returns the number of terminal cells that a scalar fills.
private func cells(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The wide blocks of Unicode's East Asian Width.
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
        0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
        return 2
    default: return 1
    }
}
