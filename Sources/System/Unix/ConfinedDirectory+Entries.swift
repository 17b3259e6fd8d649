import CUnix
import Glibc

extension ConfinedDirectory {
    /// A name in a directory and the kind of file that has it. Links are not followed.
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let kind: File.Kind
    }

    /// Returns the entries of a directory in the order of the bytes of their names, without `.` and
    /// `..`.
    ///
    /// - Parameter followsLinks: False to make a path with a link in it `.unfollowable`.
    package func entries(
        in path: String, followsLinks: Bool = true
    ) throws(ConfinementError) -> [Entry] {
        let directory = try open(
            path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, followsLinks: followsLinks)
        // closedir closes the descriptor that fdopendir was given.
        let copy = fcntl(directory.raw, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw ConfinementError(code, path, "read")
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    String(cString: $0)
                }
            }
            if name == "." || name == ".." { continue }
            let kind = File.Kind(entry.pointee.d_type) ?? kind(of: name, in: directory)
            entries.append(Entry(name: name, kind: kind))
        }
        guard errno == 0 else { throw ConfinementError(errno, path, "read") }
        return entries.sorted { $0.name < $1.name }
    }

    /// Returns the status of a file, or of a link itself.
    package func status(of path: String) throws(ConfinementError) -> File {
        let file = try open(path, hector_names_only() | O_NOFOLLOW)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw ConfinementError(errno, path, "open") }
        return File(status)
    }

    /// Returns the target of a link, which need not exist.
    package func target(ofLink path: String) throws(ConfinementError) -> String {
        let link = try open(path, hector_names_only() | O_NOFOLLOW)
        guard let target = readLink(link, "") else { throw ConfinementError(errno, path, "read") }
        return target
    }

    private func kind(of name: String, in directory: borrowing Descriptor) -> File.Kind {
        var status = stat()
        guard fstatat(directory.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
        return File(status).kind
    }
}

extension File.Kind {
    /// - Parameter type: The type of a directory's entry. The result is nil if the file system does
    ///   not report it.
    fileprivate init?(_ type: UInt8) {
        switch Int(type) {
        case Int(DT_UNKNOWN): return nil
        case Int(DT_REG): self = .regular
        case Int(DT_DIR): self = .directory
        case Int(DT_LNK): self = .link
        case Int(DT_SOCK): self = .socket
        default: self = .other
        }
    }
}

/// - Parameter name: A name in the directory, or empty for the link that is open itself.
/// - Returns: Nil with `errno` set if it is not a link.
func readLink(_ directory: borrowing Descriptor, _ name: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
        let count = readlinkat(directory.raw, name, buffer.baseAddress!, buffer.count - 1)
        guard count >= 0 else { return nil }
        buffer[count] = 0
        return String(cString: buffer.baseAddress!)
    }
}
