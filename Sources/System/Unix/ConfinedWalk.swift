import CUnix
import Glibc

/// The resolution of a path beneath a directory, one name after another, for where the kernel does
/// not do that: no step follows a link by itself, and `..` leads back to the directory from which a
/// step came, wherever that has been moved.
struct ConfinedWalk {
    private let root: Int32
    private let followsLinks: Bool

    /// The most links that are followed: path_resolution(7).
    private static let mostLinks = 40

    /// - Parameters:
    ///   - root: The descriptor of the directory, which stays the caller's.
    ///   - followsLinks: False to refuse a path with a link in it (`ELOOP`).
    init(from root: Int32, followsLinks: Bool) {
        self.root = root
        self.followsLinks = followsLinks
    }

    /// Opens a path as openat2(2) does with `RESOLVE_BENEATH` and `RESOLVE_NO_MAGICLINKS`.
    ///
    /// - Returns: A descriptor, which is the caller's; -1 with `errno` set after a failure.
    func open(_ path: String, _ flags: Int32, _ mode: UInt32) -> Int32 {
        var folders: [Int32] = []
        defer {
            let code = errno
            for folder in folders { close(folder) }
            errno = code
        }
        var rest = Self.names(of: path)
        var links = 0
        func failure(_ code: Int32) -> Int32 {
            errno = code
            return -1
        }
        while let name = rest.popLast() {
            let folder = folders.last ?? root
            if name == "." || name == ".." {
                if name == ".." {
                    guard let left = folders.popLast() else { return failure(EXDEV) }
                    close(left)
                }
                if rest.isEmpty { return openat(folders.last ?? root, ".", flags, mode) }
                continue
            }
            if let target = Self.target(of: name, in: folder) {
                let isWanted = rest.isEmpty && flags & (O_NOFOLLOW | O_EXCL) != 0
                if !isWanted {
                    links += 1
                    guard followsLinks, links <= Self.mostLinks else { return failure(ELOOP) }
                    if target.utf8.first == UInt8(ascii: "/") { return failure(EXDEV) }
                    rest += Self.names(of: target)
                    continue
                }
            } else if errno != EINVAL, !(errno == ENOENT && rest.isEmpty) {
                return -1
            }
            if rest.isEmpty { return last(name, in: folder, flags, mode) }
            let next = openat(
                folder, name, hector_names_only() | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { return -1 }
            folders.append(next)
        }
        return failure(ENOENT)
    }

    /// Opens a name that was not a link just now.
    private func last(_ name: String, in folder: Int32, _ flags: Int32, _ mode: UInt32) -> Int32 {
        let found = openat(folder, name, flags | O_NOFOLLOW, mode)
        guard found >= 0, flags & O_NOFOLLOW == 0 else { return found }
        // A descriptor that only names a file names a link, too.
        var status = stat()
        if fstat(found, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
            close(found)
            errno = ELOOP
            return -1
        }
        return found
    }

    /// Returns the names of a path, the last one first. A slash at its end stands for `/.`.
    private static func names(of path: String) -> [String] {
        var names = path.utf8.split(separator: UInt8(ascii: "/"))
            .map { String(decoding: $0, as: UTF8.self) }
        if path.utf8.last == UInt8(ascii: "/") { names.append(".") }
        return names.reversed()
    }

    /// Returns the target of a link; nil with `errno` set if there is none, `EINVAL` for another kind
    /// of file.
    private static func target(of name: String, in folder: Int32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            let count = readlinkat(folder, name, buffer.baseAddress!, buffer.count - 1)
            guard count >= 0 else { return nil }
            buffer[count] = 0
            return String(cString: buffer.baseAddress!)
        }
    }
}
