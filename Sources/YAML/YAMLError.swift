import Text

/// Text that is not YAML, or not the YAML that was asked for.
package struct YAMLError: Error, Equatable {
    /// The file as the person named it.
    package let file: String

    package let mark: Mark

    /// In lower case, without a full stop.
    package let problem: String

    /// The line the mark points into, without its end.
    package let text: String
}

extension YAMLError: CustomStringConvertible {
    /// `file:line:column: problem`, the line, and a caret under the column.
    package var description: String {
        let message = "\(file):\(mark.line):\(mark.column): \(problem)"
        let (shown, caret) = excerpt()
        return shown.isEmpty ? message : "\(message)\n    \(shown)\n    \(caret)^"
    }

    /// The part of the line around the column, and the blanks that lead to it.
    ///
    /// A tab is shown as one space and a control character as a replacement
    /// character, so that the caret stands right and no terminal is told anything.
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
            if index < position { indent += String(repeating: " ", count: printed.columns) }
        }
        if end < scalars.count { shown += "…" }
        return (shown, indent)
    }
}
