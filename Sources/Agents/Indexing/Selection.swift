/// Which files of a folder are documents.
package struct Selection: Sendable {
    private let included: [Pattern]?

    /// What the configuration excludes, which goes before what the folder itself does.
    private let excluded: [Pattern]

    /// Files of this size and less.
    let maxFileSize: Int

    /// - Parameter include: Nil for all files.
    package init(include: [String]?, exclude: [String], maxFileSize: Int) {
        included = include.map { $0.compactMap { Pattern($0.utf8) } }
        excluded = exclude.compactMap { Pattern($0.utf8) }
        self.maxFileSize = maxFileSize
    }

    /// A folder on the way down, with all that is known of what is in it.
    package struct Folder: Sendable {
        /// With a slash at its end, or empty.
        let path: [UInt8]
        fileprivate let isIncluded: Bool

        /// Of the .gitignore and .hectorignore files on the way here, the last ones first.
        fileprivate var ignored: [(start: Int, patterns: [Pattern])] = []
    }

    /// Where it begins.
    package var root: Folder { Folder(path: [], isIncluded: included == nil) }

    /// Names that begin with a dot, unless some pattern says otherwise.
    private static let hidden = Pattern(".*".utf8)!

    /// Where git keeps what people have taken out of their files; whoever lists all others with
    /// `!*` does not mean it.
    private static let repository = Array(".git".utf8)

    /// Adds what a folder says of what is in it.
    package func read(_ file: [UInt8], in folder: inout Folder) {
        let patterns = Pattern.parse(file)
        if !patterns.isEmpty { folder.ignored.insert((folder.path.count, patterns), at: 0) }
    }

    /// - Returns: Nil if nothing in the folder is a document.
    package func folder(_ name: [UInt8], in parent: Folder) -> Folder? {
        let path = parent.path + name
        if isExcluded(path, name, isFolder: true, in: parent) { return nil }
        let isIncluded = includes(path, name, isFolder: true, in: parent)
        return Folder(
            path: path + [UInt8(ascii: "/")], isIncluded: isIncluded, ignored: parent.ignored)
    }

    /// - Returns: The path of a document; nil for what is none.
    package func file(_ name: [UInt8], in parent: Folder) -> [UInt8]? {
        let path = parent.path + name
        guard includes(path, name, isFolder: false, in: parent),
            !isExcluded(path, name, isFolder: false, in: parent)
        else { return nil }
        return path
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

    /// What the last pattern that matches says.
    private func verdict(
        _ patterns: [Pattern], _ path: ArraySlice<UInt8>, _ name: [UInt8], _ isFolder: Bool
    ) -> Bool? {
        patterns.last { $0.matches(path, name: name, isFolder: isFolder) }.map { !$0.isNegated }
    }
}
