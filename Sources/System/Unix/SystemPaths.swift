/// The files of the system that a confined program may read, because it would not run without them.
/// None of them is a secret.
enum SystemPaths {
    /// Libraries, interpreters, and what describes the system and its processors.
    static let always = [
        "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/nix/store",
        "/etc/alternatives", "/etc/group", "/etc/ld.so.cache", "/etc/ld.so.conf",
        "/etc/ld.so.conf.d", "/etc/ld.so.preload", "/etc/locale.alias", "/etc/locale.conf",
        "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/ssl/openssl.cnf",
        "/etc/timezone",
        "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm",
        "/dev/random", "/dev/urandom",
    ]

    /// The files of the kernel about itself and its processes, whose folders cannot be listed. Swift's
    /// libdispatch ends a process that cannot read `/proc/TID/stat` of its threads, and no narrower
    /// rule allows that. The memory, environment and open files of other processes have another
    /// guard: Landlock counts reading them as tracing.
    static let kernel = "/proc"

    /// The devices that may be written, too.
    static let devices = ["/dev/full", "/dev/null", "/dev/zero"]

    /// The names of servers, and the certificates that they show.
    static let network = [
        "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/crypto-policies",
        "/etc/gai.conf", "/etc/host.conf", "/etc/hosts", "/etc/networks", "/etc/pki/ca-trust",
        "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/protocols", "/etc/resolv.conf",
        "/etc/services", "/etc/ssl/cert.pem", "/etc/ssl/certs",
        // The file is replaced when the network changes.
        "/run/NetworkManager/resolv.conf", "/run/resolvconf", "/run/systemd/resolve",
    ]

    /// The programs that load the libraries of others.
    static let loaders = [
        "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1",
        "/lib/ld-musl-aarch64.so.1",
    ]

    /// The folders from which this process loaded its libraries and that are not the system's: those
    /// of a toolchain, for a build that has not been installed.
    static let ownLibraries: [String] = {
        guard let maps = try? File.read("/proc/self/maps", limit: 4 << 20).bytes else { return [] }
        return libraryFolders(inMaps: maps)
    }()

    /// - Parameter maps: A text of proc_pid_maps(5).
    static func libraryFolders(inMaps maps: [UInt8]) -> [String] {
        var folders: [String] = []
        for line in maps.split(separator: UInt8(ascii: "\n")) {
            guard let start = line.firstIndex(of: UInt8(ascii: "/")) else { continue }
            let path = String(decoding: line[start...], as: UTF8.self)
            guard isLibrary(Path.name(of: path)),
                !["/usr/", "/lib"].contains(where: path.hasPrefix)
            else { continue }
            let folder = Path.parent(of: path)
            if !folders.contains(folder) { folders.append(folder) }
        }
        return folders
    }

    /// True for `libNAME.so` and `libNAME.so.1.2`: other files may be mapped, too.
    private static func isLibrary(_ name: String) -> Bool {
        guard let end = name.ranges(of: ".so").last else { return false }
        return name[end.upperBound...].allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
    }
}
