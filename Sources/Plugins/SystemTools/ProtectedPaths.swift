import Unix

/// The files that tools do not write unless the user names them: those whose contents Hector, git or
/// a shell would run, with the user's rights and without a question.
///
/// A place is judged by where it is, and so is every link that leads to it. Names count in any case,
/// and with characters in them that some file systems ignore.
struct ProtectedPaths: Sendable {
    private let allowed: AllowedPaths

    /// Absolute paths of the user's own files and directories.
    private let ofUser: [String]

    /// Absolute paths of files that the host runs, and of directories with such files.
    private let run: [String]

    /// - Parameters:
    ///   - patterns: The files that may be written all the same, relative to the working directory.
    ///   - run: Absolute paths of files that the host runs, and of directories with such files.
    ///   - environment: The environment of this process; nil means the actual one.
    /// - Throws: An error for a pattern that is not of files below the working directory.
    init(
        allowing patterns: [String], running run: [String] = [],
        environment: [String: String]? = nil
    ) throws(ToolError) {
        allowed = try AllowedPaths(patterns)
        let environment = environment ?? Environment.current
        let directories = BaseDirectories(environment: environment)
        ofUser =
            (["HECTOR_CONFIG", "BASH_ENV", "ENV"].compactMap { environment[$0] }
            + ["hector", "git", "fish"].compactMap { name in
                directories.configuration.map { "\($0)/\(name)" }
            }
            + [directories.state, directories.data].compactMap { $0.map { "\($0)/hector" } }
            + [".hector", ".ssh"].compactMap { name in directories.home.map { "\($0)/\(name)" } })
            .filter { !$0.isEmpty }.map { Path.absolute($0, in: Directory.current) }
        self.run = run
    }

    /// Returns true for a place that may not be written.
    func protects(_ place: ConfinedPlace) -> Bool {
        if let folders = place.folders {
            let path = (folders + [place.name]).joined(separator: "/")
            if allowed.contain(path) { return false }
            // A directory on the way to a file that is allowed may be made.
            if place.isDirectory, allowed.mayBeBelow(path) { return false }
        }
        return isProtectedByName(place) || isProtectedByIdentity(place) || isNextToManifest(place)
            || isNamed(place) || isLinked(place) || isOfRepository(place)
    }

    // MARK: Names

    private func isProtectedByName(_ place: ConfinedPlace) -> Bool {
        let name = Self.folded(place.name)
        if Self.files.contains(name) || Self.suffixes.contains(where: { name.hasSuffix($0) }) {
            return true
        }
        // The directories above the working directory are judged by what they are: the user has
        // chosen it.
        let all = (place.folders ?? Self.names(of: place.directory)).map(Self.folded) + [name]
        for (index, name) in all.enumerated() {
            if Self.directories.contains(name) { return true }
            let next = index + 1 < all.count ? all[index + 1] : ""
            if name == ".config", Self.configurations.contains(next) { return true }
            if name == Self.plugins, isOfHector(Array(all[..<index]), place) { return true }
        }
        return false
    }

    /// True if a folder of plugins in these folders would be looked at by a command that is typed
    /// there.
    private func isOfHector(_ folders: [String], _ place: ConfinedPlace) -> Bool {
        guard let actual = place.folders else { return true }
        // Other folders of that name are common.
        if folders.isEmpty { return true }
        let parent = ([place.root] + actual.prefix(folders.count)).joined(separator: "/")
        return ["hector.yaml", "hector.yml"].contains { exists("\(parent)/\($0)") }
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
        let own = Set(ofUser.compactMap { FileNode($0) })
        let others = Set((inner + run).compactMap { FileNode($0) })
        if let file = place.file, own.contains(file) || others.contains(file) { return true }
        let root = FileNode(place.root)
        if place.ancestors.contains(where: { own.contains($0) || $0 != root && others.contains($0) }
        ) {
            return true
        }
        // The working directory may itself be within one.
        var folder = place.root
        while folder != "/" {
            if FileNode(folder).map(own.contains) == true { return true }
            let parent = Path.parent(of: folder)
            switch Self.folded(Path.name(of: folder)) {
            case ".git" where exists("\(folder)/HEAD"): return true
            case ".git", ".agents", Self.plugins:
                if exists("\(parent)/hector.yaml") { return true }
            default: break
            }
            folder = parent
        }
        return false
    }

    /// True for a program with a manifest beside it, and for what is in the folder of one, which it
    /// may read when it runs. In the working directory itself only the program counts.
    private func isNextToManifest(_ place: ConfinedPlace) -> Bool {
        if Self.suffixes.contains(where: { exists("\(place.directory)/\(place.name)\($0)") }) {
            return true
        }
        var folder = place.directory
        while folder != place.root, folder != "/" {
            if holdsPlugin(folder) { return true }
            folder = Path.parent(of: folder)
        }
        return false
    }

    private func holdsPlugin(_ folder: String) -> Bool {
        ((try? Directory.names(in: folder)) ?? []).contains { name in
            Self.suffixes.contains {
                name.hasSuffix($0) && name != $0 && exists("\(folder)/\(name.dropLast($0.count))")
            }
        }
    }

    private func exists(_ path: String) -> Bool { (try? File(path, followsLink: false)) != nil }

    /// True for a file that is run by its path.
    private func isNamed(_ place: ConfinedPlace) -> Bool {
        let path = "\(place.directory)/\(place.name)"
        return (ofUser + run).contains { $0 == path || destination(of: $0) == path }
    }

    /// True for a file to which a protected name in the working directory leads.
    private func isLinked(_ place: ConfinedPlace) -> Bool {
        let path = "\(place.directory)/\(place.name)"
        let names = Self.files.map { "\(place.root)/\($0)" }.filter(isLink)
        return (names + links(in: "\(place.root)/\(Self.plugins)", depth: 3)).contains { link in
            guard let target = destination(of: link), path == target || path.hasPrefix(target + "/")
            else { return false }
            return !allowed.contain(String(link.dropFirst(place.root.count + 1)))
        }
    }

    /// Returns the path of a file without links, whether or not it exists.
    private func destination(of path: String) -> String? {
        if let resolved = Path.resolved(path) { return resolved }
        var path = path
        if let target = try? Path.target(ofLink: path) {
            path = Path.absolute(target, in: Path.parent(of: path))
        }
        return Path.resolved(Path.parent(of: path)).map { "\($0)/\(Path.name(of: path))" }
    }

    private func links(in folder: String, depth: Int) -> [String] {
        ((try? Directory.names(in: folder)) ?? []).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            guard let file = try? File(path, followsLink: false) else { return [] }
            if file.kind == .link { return [path] }
            return file.kind == .directory && depth > 0 ? links(in: path, depth: depth - 1) : []
        }
    }

    private func isLink(_ path: String) -> Bool {
        (try? File(path, followsLink: false))?.kind == .link
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
