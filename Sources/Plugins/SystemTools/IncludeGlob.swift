import Glob

/// The files that a search is about: `*`, `?`, `[…]`, `**` for any number of directories, `{a,b}`.
struct IncludeGlob: Sendable {
    private let globs: [Glob]

    /// True if it is about paths, and not about names only.
    private let hasSlash: Bool

    init(_ pattern: String) throws(ToolError) {
        hasSlash = pattern.contains("/")
        let bytes = Array((pattern.hasPrefix("/") ? pattern.dropFirst() : pattern[...]).utf8)
        let globs = Glob.expandingBraces(of: bytes)?.map { Glob($0, .characters) }
        guard let globs, globs.allSatisfy(\.isSound) else {
            throw ToolError("'include' is '\(pattern)': expected a pattern such as '*.{c,h}'")
        }
        self.globs = globs
    }

    /// - Parameter path: A path relative to the start of the search.
    func matches(path: String) -> Bool {
        let path = Array(path.utf8)
        let slash = hasSlash ? nil : path.lastIndex(of: UInt8(ascii: "/"))
        let text = path[(slash.map { $0 + 1 } ?? 0)...]
        return globs.contains { $0.matches(text) }
    }
}
