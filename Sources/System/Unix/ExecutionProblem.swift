import Glibc
import Text

/// The reason why a file could not be run as a program, in words that say what to do about it. The
/// system's own words are the same for many of these reasons.
package struct ExecutionProblem: Equatable, Sendable, CustomStringConvertible {
    /// A sentence that names the file, in lower case and without a full stop.
    package let description: String

    private init(_ description: String) { self.description = description }

    /// - Parameters:
    ///   - code: The `errno` that execve(2) left.
    ///   - path: The file that was to be run.
    /// - Returns: Nil if nothing is known beyond the system's own words.
    package init?(_ code: Int32, running path: String) {
        self.init(code, path, depth: 0)
    }

    /// The number of interpreters that are scripts themselves which the kernel follows.
    private static let mostInterpreters = 5

    private init?(_ code: Int32, _ path: String, depth: Int) {
        guard let problem = Self.problem(code, path, depth) else { return nil }
        self.init(problem)
    }

    private static func problem(_ code: Int32, _ path: String, _ depth: Int) -> String? {
        switch code {
        case ENOENT, EACCES, ENOEXEC, ENOTDIR, ELIBBAD: break
        case ETXTBSY: return "'\(path)' is being written; try again when that is done"
        case E2BIG: return "the environment is too large for '\(path)'; unset what is long in it"
        case ELOOP where (try? File(path)) != nil:
            return "the interpreters of '\(path)' are scripts, too, one after the other: too many"
        case EMFILE, ENFILE, EAGAIN, ENOMEM: return nil
        default: return nil
        }
        let file: File
        do throws(SystemError) { file = try File(path) } catch {
            return absence(of: path, error.code)
        }
        switch file.kind {
        case .directory: return "'\(path)' is a directory"
        case .regular: break
        default: return "'\(path)' is not a regular file"
        }
        if code == EACCES {
            if let place = placeWithoutPrograms(path) {
                return "'\(path)' is in the file system at '\(place)', which is mounted noexec; "
                    + "put it elsewhere"
            }
            if !File.isExecutable(path) { return "'\(path)' is not executable; chmod +x it" }
        }
        let head = (try? Head(of: path)) ?? Head()
        if let interpreter = head.interpreter {
            return self.problem(ofInterpreter: interpreter, of: path, depth)
        }
        if let loader = head.loader, let problem = problem(ofLoader: loader, of: path) {
            return problem
        }
        guard code == ENOEXEC || code == ELIBBAD else { return nil }
        if file.size == 0 { return "'\(path)' is empty" }
        if let machine = File.foreignMachine(of: path) {
            return "'\(path)' is built for \(machine), not for this machine"
        }
        if head.hasMarkBeforeInterpreter {
            return "'\(path)' begins with a byte order mark, before its '#!'; remove that: "
                + "sed -i '1s/^\\xef\\xbb\\xbf//' '\(path)'"
        }
        if head.isELF { return "'\(path)' is a program that is damaged, or cut short" }
        return "'\(path)' is no program for this machine; "
            + "a script has to name its interpreter in its first line, after '#!'"
    }

    /// Explains why a path does not lead to a file.
    private static func absence(of path: String, _ code: Int32) -> String {
        if code == EACCES {
            var folder = Path.parent(of: path)
            while folder != "/", folder != ".", (try? File(folder)) == nil {
                folder = Path.parent(of: folder)
            }
            return "'\(path)' cannot be reached: the folder '\(folder)' may not be entered"
        }
        if code == ELOOP { return "'\(path)' is a link that leads in circles" }
        if (try? File(path, followsLink: false))?.kind == .link {
            return "'\(path)' is a link to a file that does not exist"
        }
        return "'\(path)' does not exist"
    }

    private static func problem(
        ofInterpreter interpreter: String, of path: String, _ depth: Int
    ) -> String? {
        if interpreter.isEmpty { return "'\(path)' names no interpreter after its '#!'" }
        if interpreter.hasSuffix("\r") { return carriageReturn(path) }
        guard depth < mostInterpreters, let code = whyNotRun(interpreter) else { return nil }
        let action = "'\(path)' needs the interpreter '\(interpreter)'"
        if code == ENOENT, (try? File(interpreter)) == nil {
            return action + ", which is not installed; install it, or correct the line after '#!'"
        }
        return problem(code, interpreter, depth + 1).map { "\(action), and \($0)" }
    }

    static func carriageReturn(_ path: String) -> String {
        "the first line of '\(path)' ends with a carriage return, as lines do on Windows, which "
            + "counts as part of it; sed -i 's/\\r$//' '\(path)'"
    }

    private static func problem(ofLoader loader: String, of path: String) -> String? {
        let machine = File.foreignMachine(of: path).map { " and for \($0)" } ?? ""
        let action = "'\(path)' is built for a system\(machine) with the loader '\(loader)'"
        guard let file = try? File(loader) else {
            return action + ", which is not installed; it has to be built for this one"
        }
        guard file.kind == .regular else { return action + ", which is not a regular file" }
        if let place = placeWithoutPrograms(loader) {
            return action + ", which is in the file system at '\(place)', mounted noexec"
        }
        return File.isExecutable(loader) ? nil : action + ", which is not executable"
    }

    /// Returns the error code with which an interpreter cannot be run, as far as that is known
    /// without running it. Nil if it seems all right.
    private static func whyNotRun(_ path: String) -> Int32? {
        do throws(SystemError) { _ = try File(path) } catch { return error.code }
        if !File.isExecutable(path) { return EACCES }
        guard let head = try? Head(of: path) else { return nil }
        if let loader = head.loader { return File.isExecutable(loader) ? nil : ENOENT }
        if head.interpreter != nil { return ENOENT }
        return head.isELF && File.foreignMachine(of: path) == nil ? nil : ENOEXEC
    }

    /// Returns the mount point of a file's file system if that does not allow programs to run.
    private static func placeWithoutPrograms(_ path: String) -> String? {
        func isWithoutPrograms(_ path: String) -> Bool {
            var status = statvfs()
            // ST_NOEXEC, which glibc hides without _GNU_SOURCE.
            return statvfs(path, &status) == 0 && status.f_flag & 8 != 0
        }
        guard isWithoutPrograms(path) else { return nil }
        var place = path
        while place != "/", place != ".", isWithoutPrograms(Path.parent(of: place)) {
            place = Path.parent(of: place)
        }
        return place
    }
}

extension File {
    /// Returns the reason why this process may not run the file as a program, as far as that is
    /// known without trying; nil if it may.
    package static func obstacle(toRunning path: String) -> ExecutionProblem? {
        isExecutable(path) ? nil : ExecutionProblem(EACCES, running: path)
    }

    /// Returns a guess why a script has failed after its start: the interpreter or an argument ends
    /// with a carriage return, which becomes part of the name or the option.
    package static func hintAtFirstLine(of path: String) -> String? {
        guard let head = try? Head(of: path), head.firstLine?.last == UInt8(ascii: "\r") else {
            return nil
        }
        return ExecutionProblem.carriageReturn(path)
    }
}

/// The beginning of a file that may be a program.
private struct Head {
    private var bytes: [UInt8] = []

    /// The path of the loader that an ELF file names.
    private(set) var loader: String?

    init() {}

    init(of path: String) throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError(errno, "open '\(path)'") }
        defer { close(descriptor) }
        bytes = Self.read(descriptor, at: 0, 4096)
        loader = elfLoader { Self.read(descriptor, at: $0, $1) }
    }

    private static func read(_ descriptor: Int32, at offset: Int, _ size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, size, off_t(offset)))
        }
    }

    var isELF: Bool { bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) }

    /// The first line of a script.
    var firstLine: ArraySlice<UInt8>? {
        guard bytes.starts(with: [0x23, 0x21]) else { return nil }
        return bytes.prefix { $0 != UInt8(ascii: "\n") }
    }

    /// The program that a script names, as the kernel reads it; empty if it does not name one.
    var interpreter: String? {
        guard let firstLine else { return nil }
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        let name = firstLine.dropFirst(2).drop { blanks.contains($0) }
            .prefix { !blanks.contains($0) && $0 != 0 }
        return String(decoding: name, as: UTF8.self)
    }

    var hasMarkBeforeInterpreter: Bool {
        bytes.startsWithByteOrderMark && bytes.withoutByteOrderMark.starts(with: "#!".utf8)
    }

    /// Returns the loader of an ELF file with this machine's byte order (elf(5), PT_INTERP).
    private func elfLoader(_ read: (_ offset: Int, _ size: Int) -> [UInt8]) -> String? {
        guard isELF, bytes.count >= 64, bytes[5] == 1 else { return nil }
        let is64 = bytes[4] == 2
        func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> Int {
            bytes[offset..<(offset + size)].reversed().reduce(0) { $0 &<< 8 | Int($1) }
        }
        let word = is64 ? 8 : 4
        let table = number(bytes, is64 ? 32 : 28, word)
        let entry = number(bytes, is64 ? 54 : 42, 2)
        let count = number(bytes, is64 ? 56 : 44, 2)
        guard table > 0, entry >= (is64 ? 56 : 32), count < 1000 else { return nil }
        let headers = read(table, entry * count)
        for index in 0..<(headers.count / entry) {
            let header = Array(headers[(index * entry)..<((index + 1) * entry)])
            guard number(header, 0, 4) == 3 else { continue }
            let offset = number(header, is64 ? 8 : 4, word)
            let size = number(header, is64 ? 32 : 16, word)
            guard offset > 0, (1...4096).contains(size) else { return nil }
            return String(decoding: read(offset, size).prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }
}
