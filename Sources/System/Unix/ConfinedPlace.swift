import CUnix
import Glibc

/// The place of a file in a confined directory, however its path leads there.
package struct ConfinedPlace: Sendable {
    /// The names that lead from the confined directory to the file's, as the kernel has them now;
    /// nil if the file's directory is not below the confined one by its name, as behind a mount.
    package let folders: [String]?

    /// The absolute paths of the confined directory and of the file's, without links.
    package let root, directory: String
    package let name: String

    /// The directories from the file's own to the confined one.
    package let ancestors: [FileNode]

    /// The file that has the name now; nil if there is none.
    package let file: FileNode?

    /// True for a directory that is about to be made.
    package let isDirectory: Bool

    /// Returns the place to which names would lead that are not there yet.
    ///
    /// - Parameter names: The name of this place, and those below it.
    func extended(by names: [String]) -> ConfinedPlace {
        let inner = names.dropLast()
        return ConfinedPlace(
            folders: folders.map { $0 + inner }, root: root,
            directory: ([directory == "/" ? "" : directory] + inner).joined(separator: "/"),
            name: names.last ?? name, ancestors: ancestors, file: nil, isDirectory: false)
    }
}

/// The identity of a file, which all of its names share.
package struct FileNode: Hashable, Sendable {
    private let device, inode: UInt

    init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    /// The file at a path, links followed; nil if there is none.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}

extension ConfinedDirectory {
    /// Finds out where a name in an open directory is.
    func location(
        of name: String, _ status: stat?, in directory: borrowing Descriptor, as path: String,
        isDirectory: Bool = false
    ) throws(ConfinementError) -> ConfinedPlace {
        guard let absolute = readLink("/proc/self/fd/\(directory.raw)"),
            let root = readLink("/proc/self/fd/\(descriptor)"), absolute.hasPrefix("/")
        else { throw .failed(SystemError(ENOSYS, "find out where '\(path)' is, without /proc")) }
        let base = root == "/" ? "" : root
        var folders: [String]?
        if absolute == root {
            folders = []
        } else if absolute.utf8.starts(with: "\(base)/".utf8) {
            folders = String(decoding: absolute.utf8.dropFirst(base.utf8.count + 1), as: UTF8.self)
                .utf8.split(separator: UInt8(ascii: "/"))
                .map { String(decoding: $0, as: UTF8.self) }
        }
        return ConfinedPlace(
            folders: folders, root: root, directory: absolute, name: name,
            ancestors: try ancestors(of: directory, as: path), file: status.map(FileNode.init),
            isDirectory: isDirectory)
    }

    /// The most directories that are looked at; a path cannot have as many.
    private static let deepest = 4096

    private func ancestors(
        of directory: borrowing Descriptor, as path: String
    ) throws(ConfinementError) -> [FileNode] {
        var rootStatus = stat()
        var status = stat()
        guard fstat(descriptor, &rootStatus) == 0, fstat(directory.raw, &status) == 0 else {
            throw error(errno, path, "write")
        }
        let root = FileNode(rootStatus)
        var found = [FileNode(status)]
        var current = fcntl(directory.raw, F_DUPFD_CLOEXEC, 0)
        defer { if current >= 0 { close(current) } }
        while found.last != root, found.count < Self.deepest {
            let parent = openat(current, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            // A directory that may be passed through but not read may belong to another user.
            guard parent >= 0, fstat(parent, &status) == 0 else {
                if parent >= 0 { close(parent) }
                break
            }
            close(current)
            current = parent
            let identity = FileNode(status)
            // The root of the file system is its own parent.
            if identity == found.last { break }
            found.append(identity)
        }
        return found
    }

    private func readLink(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            let count = readlink(path, buffer.baseAddress!, buffer.count - 1)
            guard count > 0 else { return nil }
            buffer[count] = 0
            return String(cString: buffer.baseAddress!)
        }
    }
}
