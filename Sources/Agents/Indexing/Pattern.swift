import Glob
import Text

/// A line of a .gitignore file, see gitignore(5).
package struct Pattern: Equatable, Sendable {
    /// True if the pattern undoes earlier patterns.
    package let isNegated: Bool

    private let isForFolders: Bool

    /// True if the pattern applies to a path and not only to a name.
    private let isPath: Bool

    /// True if upper and lower case of ASCII letters are the same.
    private let ignoresCase: Bool

    private let form: Form

    private enum Form: Equatable {
        case literal([UInt8])
        /// A `*` followed by this suffix.
        case suffix([UInt8])
        case glob(Glob)
    }

    /// - Parameter line: The line without its newline.
    /// - Returns: Nil for a comment, and for a line without a pattern.
    package init?(_ line: some Sequence<UInt8>, ignoresCase: Bool = false) {
        self.ignoresCase = ignoresCase
        var text = Self.withoutTrailingSpaces(Array(line))
        if ignoresCase { text = Self.lowercased(text[...]) }
        if text.isEmpty || text[0] == UInt8(ascii: "#") { return nil }
        isNegated = text[0] == UInt8(ascii: "!")
        if isNegated { text.removeFirst() }
        isForFolders = text.last == UInt8(ascii: "/")
        if isForFolders { text.removeLast() }
        isPath = text.contains(UInt8(ascii: "/"))
        if text.first == UInt8(ascii: "/") { text.removeFirst() }
        if text.isEmpty { return nil }
        let special = Array(#"*?[\"#.utf8)
        if !text.contains(where: special.contains) {
            form = .literal(text)
        } else if !isPath, text[0] == UInt8(ascii: "*"),
            !text.dropFirst().contains(where: special.contains)
        {
            form = .suffix(Array(text.dropFirst()))
        } else {
            form = .glob(Glob(text, .git))
        }
    }

    /// Returns the patterns of a file.
    package static func parse(_ file: [UInt8]) -> [Pattern] {
        file.withoutByteOrderMark.split(separator: UInt8(ascii: "\n")).compactMap { line in
            Pattern(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }

    /// - Parameters:
    ///   - path: The path relative to the folder that the pattern belongs to.
    ///   - name: The last part of the path.
    func matches(_ path: ArraySlice<UInt8>, name: [UInt8], isFolder: Bool) -> Bool {
        if isForFolders, !isFolder { return false }
        let path = ignoresCase ? Self.lowercased(path)[...] : path
        let name = ignoresCase ? Self.lowercased(name[...]) : name
        switch form {
        case .literal(let text): return isPath ? path.elementsEqual(text) : name == text
        case .suffix(let text):
            return name.count >= text.count && name.suffix(text.count).elementsEqual(text)
        case .glob(let glob): return glob.matches(isPath ? path : name[...])
        }
    }

    private static func lowercased(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Returns the line without the spaces at its end, unless a backslash precedes them.
    private static func withoutTrailingSpaces(_ line: [UInt8]) -> [UInt8] {
        var end = 0
        var position = 0
        while position < line.count {
            let isEscape = line[position] == UInt8(ascii: "\\") && position + 1 < line.count
            if isEscape || line[position] != UInt8(ascii: " ") { end = position + 1 }
            if isEscape {
                position += 1
                end = position + 1
            }
            position += 1
        }
        return Array(line[..<end])
    }
}
