import Unix

/// The files that tools do not write unless the user names them: those whose contents Hector, git or
/// a shell would run, with the user's rights and without a question.
///
/// A place is judged by where it is, not by the path that was given. Names count in any case, and
/// with characters in them that some file systems ignore.
struct ProtectedPaths: Sendable {
    /// Paths relative to the working directory.
    private let allowed: Set<String>

    /// Files and directories that the environment names.
    private let named: [String]

    /// - Parameters:
    ///   - paths: The files that may be written all the same, relative to the working directory.
    ///   - environment: The environment of this process; nil means the actual one.
    /// - Throws: An error for a path that does not name one file below the working directory.
    init(allowing paths: [String], environment: [String: String]? = nil) throws(ToolError) {
        allowed = Set(try paths.map { path throws(ToolError) in try Self.normalized(path) })
        let environment = environment ?? Environment.current
        let directories = BaseDirectories(environment: environment)
        named =
            ["HECTOR_CONFIG", "BASH_ENV", "ENV"].compactMap { environment[$0] }
            + ["hector", "git", "fish"].compactMap { name in
                directories.configuration.map { "\($0)/\(name)" }
            }
            + [directories.state, directories.data].compactMap { $0.map { "\($0)/hector" } }
            + [".hector", ".ssh"].compactMap { name in directories.home.map { "\($0)/\(name)" } }
    }

    private static func normalized(_ path: String) throws(ToolError) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
            .map { String(decoding: $0, as: UTF8.self) }.filter { $0 != "." }
        guard !parts.isEmpty, !path.utf8.starts(with: "/".utf8), !parts.contains("..") else {
            throw ToolError(
                "setting 'allow_path' has '\(path)': expected the path of a file, relative to the "
                    + "working directory")
        }
        guard !path.contains(where: { "*?[{".contains($0) }) else {
            throw ToolError(
                "setting 'allow_path' has '\(path)': expected the path of one file; patterns have "
                    + "no meaning")
        }
        return parts.joined(separator: "/")
    }

    /// Returns true for a place that may not be written.
    func protects(_ place: ConfinedPlace) -> Bool {
        if let folders = place.folders {
            let path = (folders + [place.name]).joined(separator: "/")
            if allowed.contains(path) { return false }
            // A directory on the way to a file that is allowed may be made.
            if place.file == nil, allowed.contains(where: { $0.utf8.starts(with: "\(path)/".utf8) })
            {
                return false
            }
        }
        return isProtectedByName(place) || isProtectedByIdentity(place) || isOfRepository(place)
    }

    // MARK: Names

    private func isProtectedByName(_ place: ConfinedPlace) -> Bool {
        let name = Self.folded(place.name)
        if Self.files.contains(name) || Self.suffixes.contains(where: { name.hasSuffix($0) }) {
            return true
        }
        let all = Self.names(of: place.directory).map(Self.folded) + [name]
        for (index, name) in all.enumerated() {
            if Self.directories.contains(name) { return true }
            let next = index + 1 < all.count ? all[index + 1] : ""
            if name == ".config", Self.configurations.contains(next) { return true }
        }
        // Other folders of that name are common, but what is below the working directory may become
        // one of Hector's.
        return ((place.folders ?? Self.names(of: place.directory)) + [place.name])
            .contains { Self.folded($0) == Self.plugins }
    }

    private static let plugins = "plugins"

    private static let directories: Set = [".agents", ".git", ".hector", ".ssh"]

    /// The folders in `.config` from which programs are started, or shells.
    private static let configurations: Set = [
        "autostart", "bash", "environment.d", "fish", "git", "hector", "nushell", "powershell",
        "systemd", "zsh",
    ]

    private static let suffixes = [".plugin.yaml", ".plugin.yml"]

    private static let files: Set = [
        "hector.yaml", "hector.yml",
        // Also the file that makes a folder a repository of git's.
        "head", ".gitconfig", ".gitmodules",
        ".bash_aliases", ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".cshrc",
        ".envrc", ".inputrc", ".kshrc", ".login", ".logout", ".mkshrc", ".pam_environment",
        ".profile", ".shrc", ".tcshrc", ".xinitrc", ".xprofile", ".xsession", ".xsessionrc",
        ".zlogin", ".zlogout", ".zprofile", ".zshenv", ".zshrc", "bash.bashrc",
    ]

    /// Returns a name as a file system may see it that ignores case and invisible characters.
    private static func folded(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.lowercased().unicodeScalars
        where !scalar.properties.isDefaultIgnorableCodePoint {
            scalars.append(scalar)
        }
        while let last = scalars.last, last == "." || last == " " { scalars.removeLast() }
        let folded = String(scalars)
        // The short name of .git on file systems of Windows.
        return folded == "git~1" ? ".git" : folded
    }

    private static func names(of path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Identities

    /// True for a protected directory or file under a name that does not show it, as that of a
    /// mount.
    private func isProtectedByIdentity(_ place: ConfinedPlace) -> Bool {
        let inner = [Self.plugins, ".git", ".agents"].map { "\(place.root)/\($0)" }
        for path in inner + named {
            guard let identity = FileNode(path) else { continue }
            if place.ancestors.contains(identity) || place.file == identity { return true }
        }
        // The working directory may itself be a folder of plugins.
        var folder = place.root
        while folder != "/" {
            let parent = Path.parent(of: folder)
            if Self.folded(Path.name(of: folder)) == Self.plugins,
                (try? File("\(parent)/hector.yaml")) != nil
            {
                return true
            }
            folder = parent
        }
        return false
    }

    /// True within a repository of git's without a working tree, whose configuration git runs.
    private func isOfRepository(_ place: ConfinedPlace) -> Bool {
        var folder = place.directory
        while true {
            if ["HEAD", "objects", "refs"].allSatisfy({ (try? File("\(folder)/\($0)")) != nil }) {
                return true
            }
            if folder == place.root || folder == "/" { return false }
            folder = Path.parent(of: folder)
        }
    }
}
