import CUnix
import Glibc
import Text

/// The description of a file by the file system.
package struct File: Equatable, Sendable {
    package enum Kind: Sendable { case regular, directory, link, socket, other }

    package let kind: Kind

    /// The size in bytes.
    package let size: Int

    /// The user id of the owner.
    package let owner: UInt32

    /// The id of the group.
    let group: UInt32

    /// The permissions without the file type, such as `0o644`.
    package let mode: UInt32

    /// The time when the contents last changed, in nanoseconds since 1970. Times before 1677 and
    /// after 2262, which file systems may have, are clamped.
    package let modified: Int

    /// - Parameter followsLink: True to describe the target of a symbolic link instead of the link.
    package init(_ path: String, followsLink: Bool = true) throws(SystemError) {
        var status = stat()
        let result = RawPath.with(path) {
            followsLink ? stat($0, &status) : lstat($0, &status)
        }
        guard result == 0 else { throw SystemError(errno, "open '\(path)'") }
        self.init(status)
    }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        case S_IFSOCK: kind = .socket
        default: kind = .other
        }
        size = Int(status.st_size)
        owner = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o7777
        modified =
            min(max(status.st_mtim.tv_sec, -9_223_372_035), 9_223_372_035) * 1_000_000_000
            + status.st_mtim.tv_nsec
    }

    /// The way in which users other than this process's user and root could have put the file
    /// there, worded to follow its name; nil if they could not.
    ///
    /// The user's private group is not counted among the others.
    package var danger: String? { danger(vouched: nil) }

    /// - Parameter vouched: Another user who counts as this process's user.
    package func danger(vouched: UInt32?) -> String? {
        danger(except: PrivateGroup.id, vouched: vouched)
    }

    /// - Parameters:
    ///   - privateGroup: The group that only this process's user is in.
    ///   - vouched: Another user who counts as this one.
    func danger(
        except privateGroup: @autoclosure () -> UInt32?, vouched: UInt32? = nil
    ) -> String? {
        guard owner == 0 || owner == geteuid() || owner == vouched else {
            return "belongs to user \(owner)"
        }
        // The mode of a link has no meaning.
        guard kind != .link, mode & 0o022 != 0 else { return nil }
        if mode & 0o002 == 0, group == privateGroup() { return nil }
        return "may be written by others (mode \(String(mode, radix: 8)))"
    }

    /// Reads a file, pipe or device to its end.
    ///
    /// - Parameter limit: The most bytes to accept; more is an error (`EFBIG`).
    /// - Returns: The bytes, and the file they came from as it was when opened.
    package static func read(
        _ path: String, limit: Int
    ) throws(SystemError) -> (bytes: [UInt8], file: File) {
        try read(path, limit, flags: 0)
    }

    /// Reads a text as `read` does, and removes a byte order mark at its beginning.
    package static func readText(
        _ path: String, limit: Int
    ) throws(SystemError) -> (bytes: [UInt8], file: File) {
        var (bytes, file) = try read(path, limit: limit)
        bytes.removeByteOrderMark()
        return (bytes, file)
    }

    /// Reads a regular file to its end. A pipe, which may never end, is an error, and so is a link
    /// if links are not followed (`ELOOP`).
    ///
    /// - Parameter limit: The most bytes to accept; more is an error (`EFBIG`).
    /// - Returns: The bytes, and the file they came from as it was when opened.
    package static func readRegular(
        _ path: String, limit: Int, followsLink: Bool = true
    ) throws(SystemError) -> (bytes: [UInt8], file: File) {
        // Without O_NONBLOCK opening a pipe waits for a writer.
        try read(path, limit, flags: O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW), isRegular: true)
    }

    private static func read(
        _ path: String, _ limit: Int, flags: Int32, isRegular: Bool = false
    ) throws(SystemError) -> (bytes: [UInt8], file: File) {
        let (descriptor, file) = try opened(path, flags: flags, isRegular: isRegular)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            // A file of the reported size takes one read, and one more to find its end.
            let room = max(file.size - bytes.count, 0) + 4096
            let block = try readBlock(descriptor, min(room, limit + 1 - bytes.count), path)
            if block.isEmpty { return (bytes, file) }
            if bytes.isEmpty { bytes = block } else { bytes += block }
            if bytes.count > limit { throw SystemError(EFBIG, "read '\(path)'") }
        }
    }

    /// Reads the end of a regular file, from the beginning of a line on.
    ///
    /// - Parameter most: The most bytes to read.
    /// - Returns: The bytes, and the file they came from as it was when opened.
    package static func readLastLines(
        _ path: String, atMost most: Int
    ) throws(SystemError) -> (bytes: ArraySlice<UInt8>, file: File) {
        let (descriptor, file) = try opened(path, flags: O_NONBLOCK, isRegular: true)
        defer { close(descriptor) }
        let isCut = file.size > most
        // One more byte shows whether a line begins there.
        if isCut, lseek(descriptor, off_t(file.size - most - 1), SEEK_SET) < 0 {
            throw SystemError(errno, "read '\(path)'")
        }
        var bytes: [UInt8] = []
        while true {
            let block = try readBlock(descriptor, min(file.size, most) + 1, path)
            if block.isEmpty || bytes.count > most { break }
            bytes += block
        }
        guard isCut else { return (bytes[...], file) }
        let first = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
        return (bytes[first...], file)
    }

    private static func opened(
        _ path: String, flags: Int32, isRegular: Bool
    ) throws(SystemError) -> (descriptor: Int32, file: File) {
        var status = stat()
        // Opening alone may affect a pipe or a device, or the process that waits at its other end.
        if isRegular, RawPath.with(path, { stat($0, &status) }) == 0,
            File(status).kind != .regular
        {
            throw irregular(File(status), path)
        }
        let descriptor = RawPath.with(path) { open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags) }
        guard descriptor >= 0 else { throw SystemError(errno, "open '\(path)'") }
        let code = fstat(descriptor, &status) == 0 ? 0 : errno
        let file = File(status)
        if code == 0, !isRegular || file.kind == .regular { return (descriptor, file) }
        close(descriptor)
        if code != 0 { throw SystemError(code, "open '\(path)'") }
        throw irregular(file, path)
    }

    private static func irregular(_ file: File, _ path: String) -> SystemError {
        if file.kind == .directory { return SystemError(EISDIR, "read '\(path)'") }
        return SystemError(EINVAL, "read '\(path)'", saying: "Not a regular file")
    }

    private static func readBlock(
        _ descriptor: Int32, _ size: Int, _ path: String
    ) throws(SystemError) -> [UInt8] {
        var failure: Int32 = 0
        let block = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var result: Int
            repeat {
                result = Glibc.read(descriptor, buffer.baseAddress, size)
            } while result < 0 && errno == EINTR
            failure = result < 0 ? errno : 0
            count = max(0, result)
        }
        guard failure == 0 else { throw SystemError(failure, "read '\(path)'") }
        return block
    }

    package static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 else { throw SystemError(errno, "remove '\(path)'") }
    }

    /// Returns true if this process may run the file: a regular one with the right to execute.
    package static func isExecutable(_ path: String) -> Bool {
        guard let file = try? File(path), file.kind == .regular else { return false }
        return access(path, X_OK) == 0
    }
}

extension File {
    /// Returns the machine that a program was built for, such as "AArch64", if that is not this
    /// one.
    ///
    /// Nil for a program for this machine, for a script, and for a file that cannot be read. A
    /// kernel may still run some foreign programs, so this is only useful after one did not start.
    package static func foreignMachine(of path: String) -> String? {
        guard let header = firstBytes(of: path), let own = firstBytes(of: "/proc/self/exe")
        else { return nil }
        if header.starts(with: [0x4d, 0x5a]) { return "Windows" }
        let machO: [[UInt8]] = [
            [0xcf, 0xfa, 0xed, 0xfe], [0xce, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe],
        ]
        if machO.contains(where: header.starts(with:)) { return "macOS" }
        let (elf, ownELF) = (ELFMachine(header), ELFMachine(own))
        return elf == ownELF ? nil : elf?.description
    }

    /// Returns the first bytes of a file: enough for the fixed part of an ELF header.
    private static func firstBytes(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return try? readBlock(descriptor, 20, path)
    }
}

/// The machine that an ELF file is for, from its header (elf(5)).
private struct ELFMachine: Equatable, CustomStringConvertible {
    let number: UInt16
    let bits: Int
    let isBigEndian: Bool

    init?(_ header: [UInt8]) {
        guard header.count == 20, header.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
        bits = header[4] == 2 ? 64 : 32
        isBigEndian = header[5] == 2
        let (first, second) = (UInt16(header[18]), UInt16(header[19]))
        number = isBigEndian ? first << 8 | second : second << 8 | first
    }

    var description: String {
        switch number {
        case 3: "i386"
        case 8: "MIPS"
        case 20: "PowerPC"
        case 21: "PowerPC 64"
        case 22: "S390"
        case 40: "ARM"
        case 62: bits == 64 ? "x86-64" : "x32"
        case 183: "AArch64"
        case 243: "RISC-V \(bits)"
        case 258: "LoongArch \(bits)"
        default: "machine \(number)"
        }
    }
}
