import Synchronization
import Text

/// A text, and the name that the user gave for its file.
package struct Source: Sendable {
    package let file: String

    /// The text in UTF-8. It may be malformed: the parser reports where.
    let bytes: [UInt8]

    /// Returns the line at a place among all as it may be shown in an error.
    private let shown: @Sendable (Int, [String]) -> String

    private let lineTable = LineTable()

    /// The lines of the text. They are found only once, because a file may have as many mistakes as
    /// lines.
    private final class LineTable: Sendable {
        private let lines = Mutex<[String]?>(nil)
        private let shown = Mutex<[Int: String]>([:])

        /// Returns a line as it may be shown, which is found out once, as a long line may have many
        /// mistakes.
        func shown(
            _ number: Int, of bytes: [UInt8], by show: (Int, [String]) -> String
        ) -> String {
            if let known = shown.withLock({ $0[number] }) { return known }
            let all = all(of: bytes)
            let text = all.indices.contains(number - 1) ? show(number - 1, all) : ""
            shown.withLock { $0[number] = text }
            return text
        }

        func line(_ number: Int, of bytes: [UInt8]) -> String {
            let all = all(of: bytes)
            return all.indices.contains(number - 1) ? all[number - 1] : ""
        }

        private func all(of bytes: [UInt8]) -> [String] {
            lines.withLock { table in
                let all =
                    table
                    ?? YAML.lines(of: String(decoding: bytes, as: UTF8.self))
                    .map { String(String.UnicodeScalarView($0)) }
                table = all
                return all
            }
        }
    }

    /// - Parameters:
    ///   - bytes: A text in UTF-8, or in UTF-16 of either byte order with a byte order mark.
    ///   - file: The name of the file for messages.
    ///   - shown: Returns the line at a place among all as it may be shown in an error, for a text
    ///     with secrets.
    package init(
        _ bytes: [UInt8], file: String,
        shown: @escaping @Sendable (Int, [String]) -> String = { $1[$0] }
    ) throws(YAMLError) {
        self.file = file
        self.shown = shown
        if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) {
            self.bytes = try decodeUTF16(bytes, file: file)
        } else {
            var text = bytes
            text.removeByteOrderMark()
            self.bytes = text
        }
    }

    package init(_ text: String, file: String) throws(YAMLError) {
        try self.init(Array(text.utf8), file: file)
    }

    /// Returns an error about this text.
    package func error(_ problem: String, at mark: Mark) -> YAMLError {
        let shown = shownLine(mark.line)
        return YAMLError(
            file: file, mark: mark, problem: hiding(problem, line(mark.line), shown), text: shown)
    }

    /// Returns a problem without the quotations from a line that are not shown of it.
    private func hiding(_ problem: String, _ line: String, _ shown: String) -> String {
        if line == shown { return problem }
        var parts = problem.split(separator: "'", omittingEmptySubsequences: false)
        for place in stride(from: 1, to: parts.count, by: 2) {
            let word = parts[place].drop { "&*".contains($0) }
            if !word.isEmpty, line.contains(word), !shown.contains(word) {
                parts[place] = "********"
            }
        }
        return parts.joined(separator: "'")
    }

    private func shownLine(_ number: Int) -> String {
        lineTable.shown(number, of: bytes, by: shown)
    }

    /// Returns an error about the byte at `offset`.
    func error(_ problem: String, atByte offset: Int) -> YAMLError {
        let before = lines(of: String(decoding: bytes.prefix(offset), as: UTF8.self))
        let mark = Mark(line: before.count, column: before[before.count - 1].count + 1)
        return error(problem, at: mark)
    }

    func isTab(at mark: Mark) -> Bool {
        line(mark.line).unicodeScalars.dropFirst(mark.column - 1).first == "\t"
    }

    /// Returns true if the character at the mark is the brace of a `${`.
    func isVariable(at mark: Mark) -> Bool {
        line(mark.line).unicodeScalars.prefix(mark.column).suffix(2).elementsEqual(
            "${".unicodeScalars)
    }

    private func line(_ number: Int) -> String { lineTable.line(number, of: bytes) }
}

/// Splits a text where libyaml does: YAML 1.1 has five line endings. Returns at least one line.
func lines(of text: String) -> [Substring.UnicodeScalarView] {
    let scalars = text.unicodeScalars
    var lines: [Substring.UnicodeScalarView] = []
    var start = scalars.startIndex
    var index = start
    while index < scalars.endIndex {
        let scalar = scalars[index]
        let next = scalars.index(after: index)
        switch scalar {
        case "\r" where next < scalars.endIndex && scalars[next] == "\n": break
        case "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}":
            let end =
                scalar == "\n" && index > start && scalars[scalars.index(before: index)] == "\r"
                ? scalars.index(before: index) : index
            lines.append(scalars[start..<end])
            start = next
        default: break
        }
        index = next
    }
    lines.append(scalars[start...])
    return lines
}

/// - Parameter bytes: A text with its byte order mark.
private func decodeUTF16(_ bytes: [UInt8], file: String) throws(YAMLError) -> [UInt8] {
    let (high, low) = bytes[0] == 0xfe ? (0, 1) : (1, 0)
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
        UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + low])
    }
    var decoder = UTF16()
    var iterator = units.makeIterator()
    var text = ""
    while true {
        switch decoder.decode(&iterator) {
        case .scalarValue(let scalar): text.unicodeScalars.append(scalar)
        case .emptyInput where bytes.count.isMultiple(of: 2): return Array(text.utf8)
        case .emptyInput, .error:
            let valid = try Source(text, file: file)
            throw valid.error("invalid UTF-16", atByte: valid.bytes.count)
        }
    }
}
