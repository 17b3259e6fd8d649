@preconcurrency import Glibc

/// Functions on paths. To the kernel paths are strings of bytes; these functions do not touch
/// files.
package enum Path {
    /// Returns a path from the root, without empty, `.` and `..` parts.
    ///
    /// `..` only removes the part before it, even if that is a symbolic link.
    package static func absolute(_ path: String, in directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(directory)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Replaces a leading `~` by the home directory, if that is known. `~user` stays as it is.
    package static func expandingTilde(_ path: String, home: String?) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }

    /// True for a path that is another, or below it. Both are absolute.
    package static func isInside(_ path: String, _ folder: String) -> Bool {
        folder == "/" || path == folder || path.hasPrefix(folder + "/")
    }

    /// Returns everything before the last part.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Returns the last part.
    package static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}

extension SystemError {
    /// True if the error only means that the path does not exist.
    package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}

package enum Directory {
    /// Returns the names in a directory in the order of their bytes, without `.` and `..`.
    package static func names(in path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError(errno, "open '\(path)'") }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemError(errno, "read '\(path)'") }
        return names.sorted()
    }

    /// The working directory, or `/` if it has been removed.
    package static var current: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The folder in which the programs are that belong to this one, links resolved: that of the
    /// running executable, or `PREFIX/bin` for one in `PREFIX/lib/hector`, where the files are that
    /// several programs share.
    package static var ofPrograms: String {
        guard let executable else { return "/" }
        return ofPrograms(beside: executable)
    }

    /// - Parameter executable: An absolute path.
    package static func ofPrograms(beside executable: String) -> String {
        let folder = Path.parent(of: executable)
        guard folder.hasSuffix("/lib/hector") else { return folder }
        return Path.absolute("../../bin", in: folder)
    }

    /// The path of the running executable, links resolved.
    package static var executable: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}

/// The environment variables of this process.
package enum Environment {
    /// All variables. A name that occurs twice has its first value, as for `getenv`.
    package static var current: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let line = next.pointee {
            let text = String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                let name = String(text[..<equals])
                if variables[name] == nil {
                    variables[name] = String(text[text.index(after: equals)...])
                }
            }
            next += 1
        }
        return variables
    }
}

extension Environment {
    /// Sets a variable of this process. Must not be called while another thread may read variables.
    package static func set(_ name: String, to value: String) { setenv(name, value, 1) }
}

/// The directories for a user's files: the XDG Base Directory Specification.
package struct BaseDirectories: Equatable, Sendable {
    /// The value of `$HOME`, or else the home directory in the user database.
    package let home: String?

    package let configuration, data, state, cache: String?

    /// The directory for the current login; nil if the system did not make one.
    package let runtime: String?

    package init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? homeOfUser()
        // The specification says to ignore any path that is not absolute.
        func directory(_ name: String, _ standard: String) -> String? {
            if let path = environment[name], path.hasPrefix("/") { return path }
            return home.map { "\($0)/\(standard)" }
        }
        self.home = home
        configuration = directory("XDG_CONFIG_HOME", ".config")
        data = directory("XDG_DATA_HOME", ".local/share")
        state = directory("XDG_STATE_HOME", ".local/state")
        cache = directory("XDG_CACHE_HOME", ".cache")
        runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}

private func homeOfUser() -> String? {
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { buffer in
        guard getpwuid_r(geteuid(), &record, buffer.baseAddress!, buffer.count, &found) == 0,
            found != nil, let home = record.pw_dir
        else { return nil }
        return String(cString: home)
    }
}
