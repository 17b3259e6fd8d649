import Glob
import Text

/// One line of a .gitignore: gitignore(5).
package struct Pattern: Equatable, Sendable {
    /// Whether it takes back what earlier ones said.
    package let isNegated: Bool

    private let isForFolders: Bool

    /// Whether it is about a path and not just about a name.
    private let isPath: Bool

    private let form: Form

    private enum Form: Equatable {
        case literal([UInt8])
        /// `*` and then this.
        case suffix([UInt8])
        case glob(Glob)
    }

    /// - Parameter line: Without its newline.
    /// - Returns: Nil for a comment, and for a line that says nothing.
    package init?(_ line: some Sequence<UInt8>) {
        var text = Self.withoutTrailingSpaces(Array(line))
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

    /// The patterns of a file.
    package static func parse(_ file: [UInt8]) -> [Pattern] {
        file.withoutByteOrderMark.split(separator: UInt8(ascii: "\n")).compactMap { line in
            Pattern(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }

    /// - Parameters:
    ///   - path: From the folder that the pattern belongs to.
    ///   - name: Its last part.
    func matches(_ path: ArraySlice<UInt8>, name: [UInt8], isFolder: Bool) -> Bool {
        if isForFolders, !isFolder { return false }
        switch form {
        case .literal(let text): return isPath ? path.elementsEqual(text) : name == text
        case .suffix(let text):
            return name.count >= text.count && name.suffix(text.count).elementsEqual(text)
        case .glob(let glob): return glob.matches(isPath ? path : name[...])
        }
    }

    /// A space at the end counts only after a backslash.
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
