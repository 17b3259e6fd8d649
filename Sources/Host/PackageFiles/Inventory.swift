internal import Text

/// The entries that a package has so far, and the rules for the next one.
///
/// Whatever passes the rules stays in the folder where it is unpacked: paths are relative, without
/// `..`; each entry has a path of its own; nothing lies below a link; a link leads to a place in the
/// package; and there are only files, folders and symbolic links, in bounded number and size.
package struct Inventory: Sendable {
    package enum Kind: Equatable, Sendable {
        case file, directory
        /// A symbolic link to a target that is as it was written.
        case link(String)
    }

    private let limits: PackageLimits
    private var kinds: [String: Kind] = [:]
    private var bytes = 0

    package init(limits: PackageLimits = PackageLimits()) {
        self.limits = limits
    }

    /// The symbolic links, to be made when all files are written, so that no file is written through
    /// a link.
    package var links: [(path: String, target: String)] {
        kinds.compactMap { path, kind in
            if case .link(let target) = kind { (path, target) } else { nil }
        }.sorted { $0.path < $1.path }
    }

    /// Takes an entry.
    ///
    /// - Parameters:
    ///   - name: The path as it is written in the package.
    ///   - mode: The permissions, such as `0o4755`.
    /// - Returns: The path in the package, and the folders to be made first, the outermost before
    ///   the others. Nil for an entry that is there already: a folder, or the package itself.
    /// - Throws: The rule that is broken.
    package mutating func admit(
        _ name: String, _ kind: Kind, mode: UInt32 = 0
    ) throws(PackageError) -> (path: String, folders: [String])? {
        let path = try normalized(name)
        if path.isEmpty {
            guard kind == .directory else { throw refusal(name, "is the package itself") }
            return nil
        }
        if kind != .directory, mode & 0o6000 != 0 {
            throw refusal(name, "would run as its owner (mode \(String(mode, radix: 8)))")
        }
        let parts = path.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
        if case .link(let target) = kind {
            try check(target, of: name, depth: parts.count - 1)
        }
        var folders: [String] = []
        var folder = ""
        for part in parts.dropLast() {
            folder = folder.isEmpty ? part : "\(folder)/\(part)"
            switch kinds[folder] {
            case .directory: break
            case nil: folders.append(folder)
            case .file: throw refusal(name, "is in '\(VisibleText(folder))', which is a file")
            case .link: throw refusal(name, "is in '\(VisibleText(folder))', which is a link")
            }
        }
        if let other = kinds[path] {
            if kind == .directory, other == .directory { return nil }
            throw refusal(name, "is there twice")
        }
        for folder in folders { try add(folder, .directory) }
        try add(path, kind)
        return (path, folders)
    }

    /// Checks that there is room for bytes that are to come.
    package func checkRoom(for more: Int) throws(PackageError) {
        guard more <= limits.bytes - bytes else {
            throw PackageError(
                .notPermitted, "the package has more than \(limits.bytes) bytes unpacked")
        }
    }

    /// Counts bytes of a file's contents.
    package mutating func count(bytes more: Int) throws(PackageError) {
        try checkRoom(for: more)
        bytes += more
    }

    private mutating func add(_ path: String, _ kind: Kind) throws(PackageError) {
        kinds[path] = kind
        guard kinds.count <= limits.entries else {
            throw PackageError(
                .notPermitted, "the package has more than \(limits.entries) files and folders")
        }
    }

    /// Returns a path without `.` parts and without a slash at its end.
    ///
    /// It is split by bytes, as the kernel does it.
    private func normalized(_ name: String) throws(PackageError) -> String {
        if name.isEmpty { throw PackageError(.notPermitted, "an entry of the package has no name") }
        if name.utf8.first == slash { throw refusal(name, "begins with '/'") }
        guard name.utf8.count <= limits.path else { throw refusal(name, "is too long") }
        guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw refusal(name, "has control characters in its name")
        }
        let parts = name.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0 != "." }
        if parts.contains("..") { throw refusal(name, "has '..' in its path") }
        guard parts.count <= limits.depth else { throw refusal(name, "is too deep in folders") }
        guard parts.allSatisfy({ $0.utf8.count <= 255 }) else { throw refusal(name, "is too long") }
        return parts.joined(separator: "/")
    }

    /// Checks that a link at a path leads to a place in the package.
    package func check(link path: String, to target: String) throws(PackageError) {
        let depth = path.utf8.split(separator: slash).count - 1
        try check(target, of: path, depth: depth)
    }

    /// Checks that a link leads to a place in the package.
    ///
    /// All `..` have to come first: after a name, which may itself be a link, the kernel's `..` is
    /// not the text's.
    ///
    /// - Parameter depth: The number of folders that the link is in.
    private func check(
        _ target: String, of name: String, depth: Int
    ) throws(PackageError) {
        let parts = target.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0 != "." }
        let climbs = parts.prefix { $0 == ".." }.count
        guard !target.isEmpty, target.utf8.first != slash, target.utf8.count <= limits.path,
            target.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), climbs <= depth,
            !parts.dropFirst(climbs).contains("..")
        else {
            throw refusal(name, "is a link out of the package, to '\(VisibleText(target))'")
        }
    }

    private func refusal(_ name: String, _ problem: String) -> PackageError {
        PackageError(.notPermitted, "'\(VisibleText(name))' in the package \(problem)")
    }
}

private let slash = UInt8(ascii: "/")
