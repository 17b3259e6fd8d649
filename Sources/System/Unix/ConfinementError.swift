import Glibc

/// Why a path in a confined directory does not lead to what was wanted.
package enum ConfinementError: Error, Equatable {
    /// The kernel cannot confine: openat2(2) is missing or forbidden.
    case unsupported
    case absolute(String)
    /// By `..`, by a link, or because it was moved while it was looked up.
    case outside(String)
    /// A loop of links, a link of /proc, or a link where none is followed.
    case unfollowable(String)
    /// Empty, or with a NUL in it.
    case malformed(String)
    case absent(String)
    /// The confined directory itself is gone.
    case removed
    case directory(String)
    case notDirectory(String)
    /// A pipe, a socket or a device, which could be waited for without end.
    case special(String)
    /// It is not the version that was read.
    case changed(String)
    case failed(SystemError)

    /// What a system call with a path beneath a directory left in `errno`.
    init(_ code: Int32, _ path: String, _ verb: String) {
        self =
            switch code {
            case EXDEV: .outside(path)
            case ELOOP: .unfollowable(path)
            case ENOENT: .absent(path)
            case ENOTDIR: .notDirectory(path)
            case EISDIR: .directory(path)
            case ENXIO: .special(path)
            case ENOSYS: .unsupported
            default: .failed(SystemError(code, "\(verb) '\(path)'"))
            }
    }
}

extension ConfinementError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupported:
            "this kernel cannot confine files to a directory: openat2 is missing or forbidden; "
                + "Linux 5.6 or later has it"
        case .absolute(let path):
            "'\(path)' is an absolute path; give one relative to the working directory"
        case .outside(let path):
            "'\(path)' leads out of the working directory; stay within it"
        case .unfollowable(let path):
            "'\(path)' goes through a link that is not followed, as in a loop or in /proc"
        case .malformed(let path):
            path.isEmpty
                ? "the path is empty; '.' is the working directory"
                : "'\(path.replacing("\0", with: "\\0"))' is no path: it contains a NUL"
        case .absent(let path): "no file '\(path)'"
        case .removed: "the working directory has been removed"
        case .directory(let path): "'\(path)' is a directory, not a file"
        case .notDirectory(let path): "'\(path)' is not a directory"
        case .special(let path):
            "'\(path)' is not a regular file but a pipe, a socket or a device"
        case .changed(let path):
            "'\(path)' was changed by somebody else in the meantime; read it again"
        case .failed(let error): error.description
        }
    }
}
