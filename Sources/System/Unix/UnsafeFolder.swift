import Glibc

/// A folder or link on the way to a file, by which users other than this process's user and root
/// could put another file in its place.
package struct UnsafeFolder: Equatable, Sendable {
    package let path: String

    /// The danger, worded to follow the path.
    package let danger: String

    /// The command that mends it; nil if only its owner or root could.
    package let mend: String?

    /// The most links on a way, as the kernel has it.
    private static let mostLinks = 40

    /// Looks at every folder and link on the way to a path, from the root on, as ssh does with
    /// StrictModes. A folder with the sticky bit is safe, as others can only add files to it.
    ///
    /// - Parameters:
    ///   - path: An absolute path. A folder at its end is looked at, too; another kind of file is
    ///     not.
    ///   - vouched: Another user who counts as this process's user.
    /// - Returns: The first that is unsafe; nil if there is none, or if the path does not exist.
    package static func onTheWay(to path: String, vouched: UInt32? = nil) -> UnsafeFolder? {
        var rest = Array(path.split(separator: "/").reversed().map(String.init))
        var current = ""
        var links = 0
        if let unsafe = unsafe("/", vouched) { return unsafe }
        while let part = rest.popLast() {
            if part == "." { continue }
            if part == ".." {
                current = current.isEmpty ? "" : Path.parent(of: current)
                if current == "/" { current = "" }
                continue
            }
            let next = "\(current)/\(part)"
            guard let file = try? File(next, followsLink: false) else { return nil }
            if let unsafe = unsafe(next, file, vouched) { return unsafe }
            guard file.kind == .link else {
                current = next
                continue
            }
            links += 1
            guard links <= mostLinks, let target = try? Path.target(ofLink: next) else {
                return nil
            }
            if target.hasPrefix("/") { current = "" }
            rest += target.split(separator: "/").reversed().map(String.init)
        }
        return nil
    }

    private static func unsafe(_ path: String, _ vouched: UInt32?) -> UnsafeFolder? {
        guard let file = try? File(path, followsLink: false) else { return nil }
        return unsafe(path, file, vouched)
    }

    private static func unsafe(_ path: String, _ file: File, _ vouched: UInt32?) -> UnsafeFolder? {
        guard file.kind == .directory || file.kind == .link,
            let danger = file.danger(vouched: vouched)
        else { return nil }
        if file.isSticky, file.isSafelyOwned(vouched: vouched) { return nil }
        let mend =
            file.isSafelyOwned(vouched: vouched) ? "chmod go-w \(Path.quotedForShell(path))" : nil
        return UnsafeFolder(path: path, danger: danger, mend: mend)
    }
}

extension UnsafeFolder: CustomStringConvertible {
    /// The folder, the danger and how to mend it.
    package var description: String {
        "the folder '\(path)' \(danger)" + (mend.map { "; mend it with '\($0)'" } ?? "")
    }
}

extension File {
    /// True if only the owner of a file in this folder may remove or rename it.
    fileprivate var isSticky: Bool { kind == .directory && mode & 0o1000 != 0 }

    /// True if it belongs to this process's user or to root.
    package func isSafelyOwned(vouched: UInt32? = nil) -> Bool {
        owner == 0 || owner == geteuid() || owner == vouched
    }
}

extension Path {
    /// Returns a path without links, `.` and `..`; nil if it does not exist.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Returns the text of a symbolic link.
    package static func target(ofLink path: String) throws(SystemError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { throw SystemError(errno, "read the link '\(path)'") }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Returns a path as a word for a POSIX shell.
    package static func quotedForShell(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        if isPlain, !path.isEmpty { return path }
        return "'"
            + path.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}
