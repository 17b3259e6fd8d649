import CUnix
import Glibc

/// The limits of one program in the form that the kernel takes them, ready for one start.
final class PreparedConfinement {
    /// The form that is put into force between fork and exec.
    let raw: UnsafeMutablePointer<hector_confinement>

    /// The file to run, and its arguments: the given ones, unless env(1) would have to start
    /// the interpreter of a script.
    let path: String
    let arguments: [String]

    /// The socket by which the child sends the listener of its filter; -1 without one.
    private let channel: (parent: Int32, child: Int32)

    private let support: ConfinementSupport
    private let confinement: Confinement

    /// - Parameters:
    ///   - arguments: The arguments, beginning with the program's name.
    ///   - environment: The environment of the program, as `NAME=value`.
    /// - Throws: An error if the kernel refuses. What it cannot hold has been checked before:
    ///   ``Confinement/unmet``.
    init(
        _ confinement: Confinement, _ path: String, _ arguments: [String], _ environment: [String]
    ) throws(SystemError) {
        self.confinement = confinement
        support = confinement.support
        let search =
            environment.first { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) } ?? ""
        let written = Script(of: path)
        let script = confinement.programs.isAll ? written : written?.withoutEnv(path: search)
        if let script, !confinement.programs.isAll, Script(of: script.interpreter) != nil {
            throw SystemError(
                EPERM, "confine '\(path)'",
                saying: "its interpreter '\(script.interpreter)' is a script, which starts other "
                    + "programs; name the real one in its first line")
        }
        if let script, script != written {
            self.path = script.interpreter
            self.arguments =
                [script.interpreter] + script.arguments + [path] + arguments.dropFirst()
        } else {
            self.path = path
            self.arguments = arguments
        }
        let needsGate = confinement.needsGate
        if needsGate {
            var ends: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0, &ends) == 0 else {
                throw SystemError(errno, "create a pair of sockets")
            }
            channel = (ends[0], ends[1])
        } else {
            channel = (-1, -1)
        }
        raw = .allocate(capacity: 1)
        raw.initialize(to: hector_confinement())
        raw.pointee.ruleset = -1
        raw.pointee.channel = channel.child
        raw.pointee.capabilities = Self.capabilities(confinement)
        raw.pointee.own_process = UInt64(hector_fs_read_file | hector_fs_read_dir)
        // Without this, kernels before 5.16 slow a filtered program down (SPEC_ALLOW).
        raw.pointee.filter_flags = UInt32(1 << 2) | (needsGate ? UInt32(1 << 3) : 0)
        var random = SystemRandomNumberGenerator()
        raw.pointee.secret = (random.next(), random.next())
        let parts = Self.parts(confinement, support, asksForSockets: needsGate)
        let isWritten = withUnsafePointer(to: raw.pointee.secret) { secret in
            secret.withMemoryRebound(to: UInt64.self, capacity: 2) { secret in
                hector_filter_write(&raw.pointee.filter, parts, secret) == 0
            }
        }
        guard isWritten else { throw SystemError(ENOSYS, "filter system calls") }
        try makeRuleset(path, script)
    }

    deinit {
        if raw.pointee.ruleset >= 0 { close(raw.pointee.ruleset) }
        if channel.parent >= 0 { close(channel.parent) }
        if channel.child >= 0 { close(channel.child) }
        raw.deallocate()
    }

    /// Receives the listener of the filter, by which the kernel asks about sockets, once the child
    /// runs. Nil if the kernel does not ask.
    func listener() -> Int32? {
        guard channel.parent >= 0 else { return nil }
        let listener = hector_receive_descriptor(channel.parent)
        return listener < 0 ? nil : listener
    }

    // MARK: System calls

    private static func parts(
        _ confinement: Confinement, _ support: ConfinementSupport, asksForSockets: Bool
    ) -> UInt32 {
        var parts: [hector_filter_part] = []
        if confinement.programs.isNone { parts.append(hector_filter_starts_nothing) }
        if confinement.programs.isAll { parts.append(hector_filter_starts_anything) }
        if confinement.ports.isNone { parts.append(hector_filter_no_network) }
        if !confinement.ports.isNone, !confinement.ports.isAll {
            parts.append(hector_filter_some_ports)
        }
        // With version 9 Landlock sees to them.
        let connectsToTCP = !confinement.ports.isNone && support.landlock >= 9
        if !confinement.sockets.isNone || connectsToTCP {
            parts.append(hector_filter_unix_sockets)
        }
        if asksForSockets { parts.append(hector_filter_asks_for_sockets) }
        if support.landlock < 6, confinement.programs.isNone { parts.append(hector_filter_signals) }
        if support.landlock < 3, !confinement.writable.contains("/") {
            parts.append(hector_filter_truncation)
        }
        // A program that writes files may have to give them the permissions of those before.
        if confinement.programs.isNone,
            confinement.writable.allSatisfy({ $0 == confinement.socketFolder })
        {
            parts.append(hector_filter_keeps_properties)
        }
        return parts.reduce(0) { $0 | UInt32($1.rawValue) }
    }

    /// The capabilities that the superuser's programs keep, as bits: those over files, and those that
    /// containers have if programs may be started.
    private static func capabilities(_ confinement: Confinement) -> UInt64 {
        let overFiles = [CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID]
        let ofContainers = [
            CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_SYS_CHROOT,
            CAP_AUDIT_WRITE, CAP_SETFCAP,
        ]
        return (overFiles + (confinement.programs.isAll ? ofContainers : []))
            .reduce(0) { $0 | 1 << UInt64($1) }
    }

    // MARK: Files and ports

    private func makeRuleset(_ file: String, _ script: Script?) throws(SystemError) {
        let version = support.landlock
        var network: UInt64 = 0
        if !confinement.ports.isNone, !confinement.ports.isAll {
            network = UInt64(hector_net_bind_tcp | hector_net_connect_tcp)
        }
        var scopes: UInt64 = 0
        if version >= 6 {
            if !confinement.programs.isAll { scopes |= UInt64(hector_scope_signal) }
            if !confinement.sockets.isAll { scopes |= UInt64(hector_scope_abstract_unix) }
        }
        var handled = Self.allRights(version)
        if confinement.sockets.isAll { handled &= ~UInt64(hector_fs_resolve_unix) }
        let ruleset = hector_landlock_ruleset(handled, network, scopes)
        guard ruleset >= 0 else { throw SystemError(errno, "limit files with Landlock") }
        raw.pointee.ruleset = ruleset

        let read = UInt64(hector_fs_read_file | hector_fs_read_dir)
        let execute = UInt64(hector_fs_execute | hector_fs_read_file)
        func allow(_ path: String, _ rights: UInt64) throws(SystemError) {
            try self.allow(path, rights & handled)
        }
        for path in SystemPaths.always + Self.ownLibraries { try allow(path, read) }
        try allow(SystemPaths.kernel, UInt64(hector_fs_read_file))
        if !confinement.ports.isNone {
            for path in SystemPaths.network { try allow(path, read) }
        }
        for path in SystemPaths.devices { try allow(path, Self.rightsOnDevices) }
        for path in [file] + SystemPaths.loaders { try allow(path, execute) }
        if let interpreter = script?.interpreter {
            try allow(interpreter, execute)
            for folder in Self.folders(ofInterpreter: interpreter) { try allow(folder, read) }
        }
        for path in confinement.readable {
            try allow(path, path == "/" ? read | UInt64(hector_fs_ioctl_dev) : read)
        }
        for path in confinement.writable {
            if confinement.created.contains(path) { try PrivateFile.makeDirectory(path) }
            var rights = handled & ~UInt64(hector_fs_execute | hector_fs_resolve_unix)
            if path != "/", !Path.isInside(path, "/dev") { rights &= ~Self.rightsOverDevices }
            try allow(path, rights)
        }
        switch confinement.programs {
        case .all: try allow("/", UInt64(hector_fs_execute))
        case .only(let programs):
            for program in programs {
                try allow(program, execute | read)
                if let interpreter = Script(of: program)?.interpreter {
                    try allow(interpreter, execute)
                }
            }
        }
        if case .only(let sockets) = confinement.sockets {
            for socket in sockets { try allow(socket, UInt64(hector_fs_resolve_unix)) }
        }
        if case .only(let ports) = confinement.ports {
            for port in ports {
                let rights = UInt64(hector_net_connect_tcp)
                guard hector_landlock_allow_port(ruleset, UInt64(port), rights) == 0 else {
                    throw SystemError(errno, "allow TCP port \(port) with Landlock")
                }
            }
        }
    }

    /// Allows a path; one that does not exist is left out.
    private func allow(_ path: String, _ rights: UInt64) throws(SystemError) {
        guard rights != 0 else { return }
        let file = open(path, hector_names_only() | O_CLOEXEC)
        guard file >= 0 else {
            // A folder on the way may be closed to this user, and so to the program.
            if [ENOENT, ENOTDIR, EACCES].contains(errno) { return }
            throw SystemError(errno, "open '\(path)'")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw SystemError(errno, "open '\(path)'") }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let allowed = isFolder ? rights : rights & Self.rightsOnFiles
        if allowed == 0 { return }
        guard hector_landlock_allow_path(raw.pointee.ruleset, file, allowed) == 0 else {
            throw SystemError(errno, "allow '\(path)' with Landlock")
        }
    }

    /// Returns what else an interpreter reads: its virtual environment for Python, and the file of
    /// its distribution in /etc.
    private static func folders(ofInterpreter path: String) -> [String] {
        var folders: [String] = []
        var folder = Path.parent(of: path)
        for _ in 0..<2 where folder != "/" {
            if (try? File("\(folder)/pyvenv.cfg")) != nil, !Self.leadsHome(folder) {
                folders.append(folder)
            }
            folder = Path.parent(of: folder)
        }
        // One with a name of its own choice, such as ssh or shadow, would be a way to secrets.
        if let real = Path.resolved(path), Path.isInside(real, "/usr") {
            let folder = "/etc/" + Path.name(of: real)
            let kind = (try? File(folder, followsLink: false))?.kind
            if kind == .directory { folders.append(folder) }
        }
        return folders
    }

    /// The folders of a toolchain's libraries, never the home directory.
    private static let ownLibraries = SystemPaths.ownLibraries.filter { !leadsHome($0) }

    /// True for the home directory and those above it.
    private static func leadsHome(_ folder: String) -> Bool {
        Path.isInside(BaseDirectories(environment: Environment.current).home ?? "/", folder)
    }

    private static func allRights(_ version: Int) -> UInt64 {
        let highest =
            switch version {
            case ..<2: 12
            case 2: 13
            case 3, 4: 14
            case 5..<9: 15
            default: 16
            }
        return (1 << (UInt64(highest) + 1)) - 1
    }

    private static let rightsOnFiles = UInt64(
        hector_fs_execute | hector_fs_write_file | hector_fs_read_file | hector_fs_truncate
            | hector_fs_ioctl_dev | hector_fs_resolve_unix)

    private static let rightsOnDevices = UInt64(
        hector_fs_read_file | hector_fs_write_file | hector_fs_truncate | hector_fs_ioctl_dev)

    /// Making devices, and giving them commands.
    private static let rightsOverDevices = UInt64(hector_fs_ioctl_dev) | 1 << 6 | 1 << 11
}
