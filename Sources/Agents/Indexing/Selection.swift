internal import Documents

/// The rules that decide which files of a folder are documents.
package struct Selection: Sendable {
    private let included: [Pattern]?

    /// The exclusions of the configuration, which take precedence over those in the folder.
    private let excluded: [Pattern]

    /// The largest size of a document that is read as text.
    private let maxFileSize: Int
    private let extractors: Extractors?

    /// The documents whose text a program extracts.
    package struct Extractors: Sendable {
        package let patterns: [Pattern]

        /// The largest size of such a document.
        package let maxFileSize: Int

        /// True if the text on pictures is read.
        package let recognizesText: Bool
    }

    /// - Parameters:
    ///   - include: Nil for all files.
    ///   - extractors: Nil if all documents are read as text.
    package init(
        include: [String]?, exclude: [String], maxFileSize: Int, extractors: Extractors? = nil
    ) {
        self.extractors = extractors
        included = include.map { $0.compactMap { Pattern($0.utf8) } }
        excluded = exclude.compactMap { Pattern($0.utf8) }
        self.maxFileSize = maxFileSize
    }

    /// A folder in the tree, with the rules for its contents.
    package struct Folder: Sendable {
        /// The path with a slash at its end, or an empty path.
        let path: [UInt8]
        fileprivate let isIncluded: Bool

        /// The patterns of the .gitignore and .hectorignore files in this folder and those above
        /// it, beginning with this folder.
        fileprivate var ignored: [(start: Int, patterns: [Pattern])] = []
    }

    /// The folder in which the search begins.
    package var root: Folder { Folder(path: [], isIncluded: included == nil) }

    /// Names that begin with a dot, unless a pattern includes them.
    private static let hidden = Pattern(".*".utf8)!

    /// The folder of git, which contains text that users have removed from their files. A pattern
    /// `!*` does not include it.
    private static let repository = Array(".git".utf8)

    /// Adds a folder's own rules for its contents.
    package func read(_ file: [UInt8], in folder: inout Folder) {
        let patterns = Pattern.parse(file)
        if !patterns.isEmpty { folder.ignored.insert((folder.path.count, patterns), at: 0) }
    }

    /// - Returns: Nil if no file in the folder is a document.
    package func folder(_ name: [UInt8], in parent: Folder) -> Folder? {
        let path = parent.path + name
        if isExcluded(path, name, isFolder: true, in: parent) { return nil }
        let isIncluded = includes(path, name, isFolder: true, in: parent)
        return Folder(
            path: path + [UInt8(ascii: "/")], isIncluded: isIncluded, ignored: parent.ignored)
    }

    /// - Returns: The path of a document; nil for a file that is not a document.
    package func file(_ name: [UInt8], in parent: Folder) -> [UInt8]? {
        let path = parent.path + name
        guard includes(path, name, isFolder: false, in: parent),
            !isExcluded(path, name, isFolder: false, in: parent)
        else { return nil }
        return path
    }

    /// Returns the largest size that a document may have.
    func limit(of path: [UInt8]) -> Int {
        guard let extractors else { return maxFileSize }
        let last = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let name = Array(path[last...])
        let isExtracted =
            extractors.patterns.contains { $0.matches(path[...], name: name, isFolder: false) }
            || Extraction.mayRead(
                String(decoding: name, as: UTF8.self), recognizesText: extractors.recognizesText)
        return isExtracted ? extractors.maxFileSize : maxFileSize
    }

    private func includes(
        _ path: [UInt8], _ name: [UInt8], isFolder: Bool, in parent: Folder
    ) -> Bool {
        guard let included else { return true }
        return verdict(included, path[...], name, isFolder) ?? parent.isIncluded
    }

    private func isExcluded(
        _ path: [UInt8], _ name: [UInt8], isFolder: Bool, in parent: Folder
    ) -> Bool {
        if let verdict = verdict(excluded, path[...], name, isFolder) { return verdict }
        if name == Self.repository { return true }
        for (start, patterns) in parent.ignored {
            if let verdict = verdict(patterns, path[start...], name, isFolder) { return verdict }
        }
        return Self.hidden.matches(path[...], name: name, isFolder: isFolder)
    }

    /// Returns the decision of the last pattern that matches.
    private func verdict(
        _ patterns: [Pattern], _ path: ArraySlice<UInt8>, _ name: [UInt8], _ isFolder: Bool
    ) -> Bool? {
        patterns.last { $0.matches(path, name: name, isFolder: isFolder) }.map { !$0.isNegated }
    }
}
