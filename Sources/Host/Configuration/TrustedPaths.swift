internal import Unix

/// The folders that `HECTOR_TRUSTED_PATHS` lists, separated by colons, which are trusted with all
/// that is below them: for containers and CI, where a user cannot be asked.
package struct TrustedPaths: Sendable {
    package static let variable = "HECTOR_TRUSTED_PATHS"

    /// The folders without links.
    private let folders: [String]

    /// Relative paths, and empty ones, which a shell would take for the working directory, do not
    /// count.
    package init(environment: [String: String]) {
        guard let text = environment[Self.variable], !text.isEmpty else {
            folders = []
            return
        }
        let home = BaseDirectories(environment: environment).home
        folders = text.split(separator: ":").compactMap { text in
            let path = Path.expandingTilde(String(text), home: home)
            return path.hasPrefix("/") ? Path.resolved(path) : nil
        }
    }

    /// Returns the listed folder that is, or holds, a folder.
    ///
    /// - Parameter folder: An absolute path.
    package func covering(_ folder: String) -> String? {
        if folders.isEmpty { return nil }
        let folder = Path.resolved(folder) ?? folder
        return folders.first { folder == $0 || $0 == "/" || folder.hasPrefix($0 + "/") }
    }

    /// Returns the user whose files in a folder count as this process's user's: the owner of the
    /// listed folder, for whom the user has vouched by listing it. A container often has a checkout
    /// of another user.
    package func vouched(in folder: String) -> UInt32? {
        covering(folder).flatMap { try? File($0).owner }
    }
}
