import Glibc

/// The reason why a path in a confined directory could not be used.
package enum ConfinementError: Error, Equatable {
    case absolute(String)
    /// The path leads outside: by `..`, by a link, or because it was moved during the lookup.
    case outside(String)
    /// A loop of links, a link of /proc, or a link where links are not followed.
    case unfollowable(String)
    /// The path is empty or contains a NUL.
    case malformed(String)
    case absent(String)
    /// The confined directory itself is gone.
    case removed
    case directory(String)
    case notDirectory(String)
    /// A pipe, a socket or a device, for which a reader could wait forever.
    case special(String)
    /// The file may not be written, wherever the path to it leads.
    case protected(String)
    /// The file is not the version that was read.
    case changed(String)
    case failed(SystemError)

    /// Makes the error for the `errno` of a system call with a path beneath a directory.
    init(_ code: Int32, _ path: String, _ verb: String) {
        self =
            switch code {
            case EXDEV: .outside(path)
            case ELOOP: .unfollowable(path)
            case ENOENT: .absent(path)
            case ENOTDIR: .notDirectory(path)
            case EISDIR: .directory(path)
            case ENXIO: .special(path)
            default: .failed(SystemError(code, "\(verb) '\(path)'"))
            }
    }
}

extension ConfinementError: CustomStringConvertible {
    package var description: String {
        switch self {
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
        case .protected(let path):
            "'\(path)' is protected: Hector, git or a shell would run what is in it. The user can "
                + "allow this one file with --allow-path or the setting allow_path"
        case .changed(let path):
            "'\(path)' was changed by somebody else in the meantime; read it again"
        case .failed(let error): error.description
        }
    }
}
