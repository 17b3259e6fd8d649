import Glibc

/// The first line of a script: the program that runs it, as the kernel reads it.
struct Script: Equatable, Sendable {
    /// The path of the interpreter.
    var interpreter: String

    /// The arguments between the interpreter and the script.
    var arguments: [String]

    /// Reads the first line of a file; nil if it is not a script.
    init?(of path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        self.init(firstBytes: bytes)
    }

    init?(firstBytes bytes: [UInt8]) {
        guard bytes.starts(with: "#!".utf8) else { return nil }
        let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        let text = String(decoding: line, as: UTF8.self)
        // The kernel makes one argument of all that follows the interpreter.
        let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
        guard let first = parts.first else { return nil }
        interpreter = String(first)
        arguments = []
        if parts.count > 1 {
            let rest = parts[1].drop { $0 == " " || $0 == "\t" }
            let end = rest.lastIndex { $0 != " " && $0 != "\t" }
            if let end { arguments = [String(rest[...end])] }
        }
    }

    /// The program that env(1) would start in place of itself, found in a PATH. A confined plugin
    /// starts nothing, so that env could not. The script itself if the interpreter is not env.
    func withoutEnv(path: String) -> Script? {
        guard Path.name(of: interpreter) == "env", let argument = arguments.first else {
            return self
        }
        var words = argument.split { $0 == " " || $0 == "\t" }.map(String.init)
        if words.first == "-S" { words.removeFirst() } else if words.count > 1 { return nil }
        guard let name = words.first, !name.hasPrefix("-"), !name.contains("=") else { return nil }
        guard let program = findProgram(name, path: path) else { return nil }
        var script = self
        script.interpreter = program
        script.arguments = Array(words.dropFirst())
        return script
    }
}

/// Returns the absolute path of a program that is named as in a shell; nil if there is none.
///
/// - Parameter path: The value of PATH.
package func findProgram(_ name: String, path: String) -> String? {
    if name.contains("/") { return File.isExecutable(name) ? name : nil }
    return path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
        .first { File.isExecutable($0) }
}
