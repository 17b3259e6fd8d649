import Glob

/// The protected files that the user lets tools write: their paths, patterns of paths, and directories
/// with all that is in them.
struct AllowedPaths: Sendable {
    private let patterns: [Pattern]

    private struct Pattern {
        /// A pattern for each name of the path.
        let names: [Glob]

        /// True for a directory with all that is below it.
        let isDirectory: Bool
    }

    /// - Parameter paths: Relative to the working directory. In names, `*`, `?` and `[…]` have the
    ///   meaning of a shell's; a slash or `**` at the end means all that is in a directory.
    /// - Throws: An error for a pattern that is not of files below the working directory.
    init(_ paths: [String]) throws(ToolError) {
        patterns = try paths.map { path throws(ToolError) in
            var parts = path.utf8.split(separator: UInt8(ascii: "/"))
                .map(Array.init).filter { $0 != Array(".".utf8) }
            let isDirectory =
                path.utf8.last == UInt8(ascii: "/") || parts.last == Array("**".utf8)
            if parts.last == Array("**".utf8) { parts.removeLast() }
            let names = parts.map { Glob($0, .characters) }
            guard !parts.isEmpty, path.utf8.first != UInt8(ascii: "/"),
                !parts.contains(Array("..".utf8)), names.allSatisfy(\.isSound),
                // One name is never that of several directories.
                !parts.contains(Array("**".utf8))
            else {
                throw ToolError(
                    "setting 'allow_path' has '\(path)': expected the path of a file, relative to "
                        + "the working directory, such as 'hector.yaml', 'plugins/*.py', or 'plugins/' "
                        + "for all that is in it")
            }
            return Pattern(names: names, isDirectory: isDirectory)
        }
    }

    func contain(_ path: String) -> Bool {
        let names = Self.names(of: path)
        return patterns.contains { pattern in
            (pattern.isDirectory
                ? names.count > pattern.names.count : names.count == pattern.names.count)
                && zip(pattern.names, names).allSatisfy { $0.matches($1) }
        }
    }

    /// True if a file below a directory is allowed, or the directory is.
    func mayBeBelow(_ directory: String) -> Bool {
        let names = Self.names(of: directory)
        return patterns.contains { pattern in
            (pattern.isDirectory || names.count < pattern.names.count)
                && zip(pattern.names, names).allSatisfy { $0.matches($1) }
        }
    }

    private static func names(of path: String) -> [ArraySlice<UInt8>] {
        Array(path.utf8).split(separator: UInt8(ascii: "/"))
    }
}
