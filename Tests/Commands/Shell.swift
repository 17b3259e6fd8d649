import Foundation
import Synchronization
import TestSupport
import Testing

/// A directory of one test, in which shell scripts run as a user would type them: the commands just
/// built are in PATH, and no file of the current user is read.
final class Shell: Sendable {
    /// The output and exit status of a script.
    struct Result: Sendable {
        let output: String
        let errors: String
        /// The exit status; 128 and the signal's number for a script that a signal killed.
        let status: Int32

        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The records of the output.
        func records() throws -> [[String: Any]] {
            try output.split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }

    /// The directory in which scripts run, empty at first.
    let path: String

    /// The directory that holds that one, and files that a script should not see.
    private let base: String

    static let root = Project.root

    /// The folder of the commands that were built with these tests, with all their names.
    static let binaries = {
        let executable = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: executable ?? "").deletingLastPathComponent().path
        let link = try? Process.run(
            URL(fileURLWithPath: root + "/Sources/Programs/link"), arguments: [folder])
        link?.waitUntilExit()
        return folder
    }()

    static let foreign = root + "/.build/foreign"

    init() throws {
        base =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("hs-\(UUID().uuidString.prefix(8))").path
        path = base + "/work"
        for name in ["work", "home", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(base)/\(name)", withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    /// Writes a file, which may be made executable: a child that another test starts while the file
    /// is open would have it open, too, and a file that is open for writing cannot be run (ETXTBSY).
    func write(_ text: String, to name: String) throws {
        try Self.starting.withLock { _ in
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }
    }

    /// Held while a file is written, and until a child that is started has executed its program.
    private static let starting = Mutex(())

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// The names in the directory where plugins put their sockets.
    var leftovers: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: base + "/tmp")) ?? []
    }

    /// Runs a bash script to its end. Both outputs are files, so no amount of either can make the
    /// test and the script wait for each other.
    @discardableResult
    func run(_ script: String, input: String = "") async throws -> Result {
        let id = UUID().uuidString
        let (output, errors) = ("\(base)/\(id).out", "\(base)/\(id).err")
        try Data(input.utf8).write(to: URL(fileURLWithPath: "\(base)/\(id).in"))
        let process = try start(script, input: "\(base)/\(id).in", output: output, errors: errors)
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(process, &status, 0) == -1, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        let signal = status & 0x7f
        return Result(
            output: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
            errors: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self),
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
    }

    /// Starts the script without Foundation: Swift's threads block signals, and a child of
    /// Foundation would inherit that (swiftlang/swift-corelibs-foundation#4772).
    private func start(
        _ script: String, input: String, output: String, errors: String
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)

        let environment = [
            "PATH=\(Self.binaries):/usr/bin:/bin", "HOME=\(base)/home", "TMPDIR=\(base)/tmp",
            "FOREIGN=\(Self.foreign)", "ROOT=\(Self.root)", "LC_ALL=C.UTF-8",
            // Only tests of trust itself ask for it.
            "HECTOR_TRUSTED_PATHS=\(base)",
        ]
        // Kills everything that the script has started. For hangs only: the machine may be busy.
        let arguments = [
            "timeout", "-k", "1", "600", "bash", "-c", "cd '\(path)'; set -o pipefail\n\(script)",
        ]
        func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R)
            -> R
        {
            let pointers = strings.map { strdup($0) } + [nil]
            defer { pointers.forEach { free($0) } }
            return body(pointers)
        }
        var process: pid_t = 0
        let error = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                Self.starting.withLock { _ in
                    posix_spawn(
                        &process, "/usr/bin/timeout", &actions, &attributes, arguments,
                        environment)
                }
            }
        }
        try #require(error == 0)
        return process
    }
}
