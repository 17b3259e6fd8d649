@preconcurrency import Glibc

/// Paths are strings of bytes to the kernel; these functions touch no file.
package enum Path {
    /// A path from the root, without empty, `.` and `..` parts.
    ///
    /// `..` is taken by its letters: a symbolic link before it is not followed.
    package static func absolute(_ path: String, in directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(directory)/\(path)"
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Puts the home directory for a leading `~`, if there is one. `~user` stays as it is.
    package static func expandingTilde(_ path: String, home: String?) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }

    /// Everything before the last part.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part.
    package static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}

extension SystemError {
    /// Whether the path just does not lead to anything.
    package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}

package enum Directory {
    /// The names in a directory in the order of their bytes, without `.` and `..`.
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
    static var executable: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}

/// What the process was given in its environment.
package enum Environment {
    /// Every variable. A name given twice has its first value, as for `getenv`.
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
    /// Sets a variable of this process. Not while another thread may look at any.
    package static func set(_ name: String, to value: String) { setenv(name, value, 1) }
}

/// Where a person's files are kept: the XDG Base Directory Specification.
package struct BaseDirectories: Equatable, Sendable {
    /// `$HOME`, else what the user database says.
    package let home: String?

    package let configuration, data, state, cache: String?

    /// Only for this login, or nil where nobody made one.
    package let runtime: String?

    package init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? homeOfUser()
        // The specification has anything but an absolute path ignored.
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
