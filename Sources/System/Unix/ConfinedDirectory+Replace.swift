import CUnix
import Glibc

extension ConfinedDirectory {
    /// The prefix of the names of files that are about to replace others.
    package static let temporaryPrefix = ".hector-tmp-"

    /// Puts a file where `path` leads, atomically: a reader finds either the old file or the new
    /// one, even after a crash.
    ///
    /// An existing file keeps its mode, and must be writable. Its other hard links keep their old
    /// contents.
    ///
    /// - Parameters:
    ///   - mode: The mode of a new file, before the umask.
    ///   - createsDirectories: True to make the missing directories that lead there.
    ///   - expected: The version that has to be there, if that matters.
    ///   - isProtected: Returns true for a place that may not be written. It is asked about each
    ///     link on the way and each directory to be made, too, and about the file again right before
    ///     it is put there.
    /// - Returns: True if the file is new.
    @discardableResult
    package func replace(
        _ path: String, with bytes: [UInt8], mode: UInt32 = 0o666,
        createsDirectories: Bool = false, expecting expected: ConfinedFile.Version? = nil,
        unless isProtected: (ConfinedPlace) -> Bool = { _ in false }
    ) throws(ConfinementError) -> Bool {
        try judgeLinks(in: path, isProtected)
        let place = try place(of: path, createsDirectories, isProtected)
        func check() throws(ConfinementError) {
            let location = try location(of: place.name, place.status, in: place.directory, as: path)
            if isProtected(location) { throw .protected(path) }
        }
        try check()
        if let status = place.status {
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFDIR: throw .directory(path)
            default: throw .special(path)
            }
            // A rename does not check whether the file may be written.
            guard faccessat(place.directory.raw, place.name, W_OK, AT_EACCESS) == 0 else {
                throw error(errno, path, "write")
            }
        }
        if let expected, place.status.map(ConfinedFile.Version.init) != expected {
            throw .changed(path)
        }
        let temporary =
            "\(Self.temporaryPrefix)\(String(UInt64.random(in: .min ... .max), radix: 36))"
        do throws(ConfinementError) {
            try write(bytes, to: temporary, in: place, as: path, mode: mode)
            // The directory may have got another name in the meantime.
            try check()
            guard
                renameat(place.directory.raw, temporary, place.directory.raw, place.name) == 0
            else { throw error(errno, path, "write") }
        } catch {
            unlinkat(place.directory.raw, temporary, 0)
            throw error
        }
        flush(place.directory)
        return place.status == nil
    }

    /// The place for a file: an open directory, which stays the same while paths change, and a
    /// name.
    private struct Place: ~Copyable {
        let directory: Descriptor
        let name: String

        /// The status of the file that has the name now, which is not a link.
        let status: stat?
    }

    /// Follows the links at the end of a path, each as confined as the path is.
    private func place(
        of path: String, _ createsDirectories: Bool, _ isProtected: (ConfinedPlace) -> Bool
    ) throws(ConfinementError) -> Place {
        if path.isEmpty || path.utf8.contains(0) { throw .malformed(path) }
        if path.utf8.first == slash { throw .absolute(path) }
        var next = path
        // The kernel follows the same number of links: path_resolution(7).
        for _ in 0..<40 {
            var parts = parts(of: next)
            let name = parts.removeLast()
            let folder = parts.joined(separator: "/")
            if ["", ".", ".."].contains(name) { throw .directory(path) }
            let directory: Descriptor
            do throws(ConfinementError) {
                directory = try self.folder(
                    folder.isEmpty ? "." : folder, createsDirectories, isProtected)
            } catch .outside {
                throw .outside(path)
            }
            var status = stat()
            if fstatat(directory.raw, name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
                guard errno == ENOENT else { throw error(errno, path, "write") }
                return Place(directory: directory, name: name, status: nil)
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                return Place(directory: directory, name: name, status: status)
            }
            guard let target = readLink(directory, name) else {
                throw error(errno, path, "write")
            }
            if target.utf8.first == slash { throw .outside(path) }
            next = folder.isEmpty ? target : "\(folder)/\(target)"
        }
        throw .unfollowable(path)
    }

    /// Asks about each link to which a path leads: a file may be protected by the name of a link to
    /// it.
    ///
    /// A path that cannot be followed is left to ``place(of:_:_:)``.
    private func judgeLinks(
        in path: String, _ isProtected: (ConfinedPlace) -> Bool
    ) throws(ConfinementError) {
        if path.utf8.contains(0) { return }
        var rest = Array(parts(of: path).reversed())
        // The names that are reached, without links.
        var reached: [String] = []
        var links = 0
        while let name = rest.popLast() {
            if name.isEmpty || name == "." { continue }
            if name == ".." {
                if reached.popLast() == nil { return }
                continue
            }
            let folder = reached.isEmpty ? "." : reached.joined(separator: "/")
            guard let directory = try? open(folder, hector_names_only() | O_DIRECTORY) else {
                return
            }
            var status = stat()
            guard fstatat(directory.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                // Nothing on the way to a protected file is made.
                let missing = [name] + rest.reversed().filter { !$0.isEmpty && $0 != "." }
                let place = try location(of: name, nil, in: directory, as: path).extended(
                    by: missing)
                if !missing.contains(".."), isProtected(place) { throw .protected(path) }
                return
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                reached.append(name)
                continue
            }
            if isProtected(try location(of: name, status, in: directory, as: path)) {
                throw .protected(path)
            }
            links += 1
            guard links <= 40, let target = readLink(directory, name), target.utf8.first != slash
            else { return }
            rest += parts(of: target).reversed()
        }
    }

    private func folder(
        _ path: String, _ isMadeIfAbsent: Bool, _ isProtected: (ConfinedPlace) -> Bool
    ) throws(ConfinementError) -> Descriptor {
        let flags = hector_names_only() | O_DIRECTORY
        guard isMadeIfAbsent else { return try open(path, flags) }
        var reached = "."
        for part in parts(of: path) where !part.isEmpty {
            let next = "\(reached)/\(part)"
            do throws(ConfinementError) {
                _ = try open(next, flags)
            } catch .absent {
                let parent = try open(reached, flags)
                let new = try location(of: part, nil, in: parent, as: path, isDirectory: true)
                if isProtected(new) {
                    throw .protected(path)
                }
                guard mkdirat(parent.raw, part, 0o777) == 0 || errno == EEXIST else {
                    throw error(errno, path, "create the directory")
                }
                flush(parent)
            }
            reached = next
        }
        return try open(path, flags)
    }

    private func write(
        _ bytes: [UInt8], to temporary: String, in place: borrowing Place, as path: String,
        mode: UInt32
    ) throws(ConfinementError) {
        // The name is a single one, and has to be new: this leads nowhere else.
        let result = openat(
            place.directory.raw, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            place.status == nil ? mode : 0o600)
        guard result >= 0 else { throw error(errno, path, "write") }
        let file = Descriptor(takingOwnershipOf: result)
        switch writeAll(bytes, to: file.raw) {
        case nil: break
        case .failed(let error)?: throw self.error(error.code, path, "write")
        case .closed?: throw error(EPIPE, path, "write")
        }
        if let status = place.status {
            // Only root may give files away; for other users the file becomes theirs.
            fchown(file.raw, status.st_uid, status.st_gid)
            guard fchmod(file.raw, status.st_mode & 0o777) == 0 else {
                throw error(errno, path, "write")
            }
        }
        guard fsync(file.raw) == 0 else { throw error(errno, path, "write") }
    }

    /// Makes the names in a directory survive a crash, as far as that is possible.
    private func flush(_ directory: borrowing Descriptor) {
        let readable = openat(directory.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if readable >= 0 {
            fsync(readable)
            close(readable)
        }
    }
}

private let slash = UInt8(ascii: "/")

/// Returns the parts between the slashes, at least one.
///
/// The path is split by bytes, as the kernel does it. To Swift, a slash and a following accent are
/// a single character, which is not a slash, and a name that the kernel takes for a path would not
/// be confined.
private func parts(of path: String) -> [String] {
    path.utf8.split(separator: slash, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
}
