/// The limits of a program and of all that it starts. The kernel keeps them.
///
/// Besides what is listed here, a program may read the system's libraries, certificates and the
/// like, but never the home directory, nor what another program of the user has in memory.
package struct Confinement: Equatable, Sendable {
    /// Some things of a kind, or all of them.
    package enum Allowed<Element: Equatable & Sendable>: Equatable, Sendable {
        case only([Element])
        case all

        package static var none: Self { .only([]) }

        package var isNone: Bool { if case .only(let list) = self { list.isEmpty } else { false } }
        package var isAll: Bool { if case .all = self { true } else { false } }
    }

    /// The files and folders that the program reads: absolute paths.
    package var readable: [String]

    /// The files and folders that it reads and changes: absolute paths.
    package var writable: [String]

    /// The writable folders that are made before the program starts, if they do not exist.
    package var created: [String] = []

    /// The programs that it starts: absolute paths of files, or of folders of them.
    package var programs: Allowed<String>

    /// The TCP ports that it connects to. With any, it asks name servers too.
    package var ports: Allowed<UInt16>

    /// The Unix sockets that it connects to: absolute paths.
    package var sockets: Allowed<String>

    /// The folder for the Unix socket that it listens on, if there is one; it is writable.
    package var socketFolder: String?

    /// The means of the kernel that are used.
    package var support = ConfinementSupport.current

    package init(
        readable: [String] = [], writable: [String] = [], programs: Allowed<String> = .none,
        ports: Allowed<UInt16> = .none, sockets: Allowed<String> = .none
    ) {
        self.readable = readable
        self.writable = writable
        self.programs = programs
        self.ports = ports
        self.sockets = sockets
    }

    /// The limits that the kernel cannot keep, one clause each with the kernel that can.
    package var unmet: [String] {
        guard support.hasFilters else {
            return ["this kernel does not filter system calls (seccomp)"]
        }
        let version = support.landlock
        guard version > 0 else {
            return [
                "this kernel limits no files: it has no Landlock (Linux 5.13) or has it turned off"
            ]
        }
        var problems: [String] = []
        if !ports.isAll, !ports.isNone, version < 4 {
            problems.append("this kernel limits no TCP ports (Linux 6.7 does)")
        }
        if !sockets.isAll, !sockets.isNone, version < 9 {
            problems.append("this kernel limits no Unix sockets by their paths (Linux 7.1 does)")
        }
        if !programs.isAll, !programs.isNone, version < 6 {
            problems.append(
                "this kernel limits no signals of the programs that it starts (Linux 6.12 does)")
        }
        return problems
    }

    /// The reason why a plugin is not started, with what to do about it; nil if the kernel can keep
    /// its limits.
    package func refusal(of plugin: String) -> String? {
        if unmet.isEmpty { return nil }
        return "plugin '\(plugin)' cannot be confined: \(unmet.joined(separator: "; ")); "
            + "'confine: false' in its entry or HECTOR_CONFINE=off starts it without limits"
    }

    /// True if the parent has to make the Unix socket that the program listens on: it may connect
    /// to TCP ports, and the kernel cannot tell that from a connection to another Unix socket.
    var needsGate: Bool {
        !ports.isNone && sockets.isNone && support.landlock < 9
    }
}
