internal import CUnix
@preconcurrency import Glibc

/// An executable file that several programs share, as those of busybox do: the name by which it is
/// called chooses one of them.
package enum SharedExecutable {
    /// Chooses the program to run. Called first of all.
    ///
    /// Its name is the last part of `argv[0]`, or else the first known one among the names of the
    /// file that was executed and of those that it links to, in turn. A file that has none of these
    /// names takes the program's name as its first argument, and executes itself again under that
    /// name, so that the arguments are where every program expects them.
    ///
    /// Ends the process with status 64 if no name is known.
    ///
    /// - Parameters:
    ///   - names: The programs in this file.
    ///   - standard: The program that a copy under another name is, if any.
    package static func program(
        among names: [String], otherwise standard: String? = nil
    ) -> String {
        let arguments = CommandLine.arguments
        let given = arguments.first.map(Path.name)
        if let given, names.contains(given) { return given }
        if let name = namesOfFile.first(where: names.contains) { return name }
        if arguments.count > 1, names.contains(arguments[1]) {
            let error = execute(
                Directory.executable ?? executedPath, arguments: Array(arguments[1...]))
            end("\(error)", 71)
        }
        if let standard { return standard }
        end(
            "this file is several programs: call it by the name of one, or give the name as the "
                + "first argument: " + names.joined(separator: ", "), 64)
    }

    /// Runs one of the programs in this file, which ``program(among:otherwise:)`` chooses.
    ///
    /// - Parameter programs: Each with the name of its command.
    package static func run(
        _ programs: KeyValuePairs<String, () -> Never>, otherwise standard: String? = nil
    ) -> Never {
        let name = program(among: programs.map(\.key), otherwise: standard)
        for (other, run) in programs where other == name { run() }
        preconditionFailure("'\(name)' is none of the programs")
    }

    /// The path that the kernel was given, which may be relative.
    private static var executedPath: String {
        UnsafePointer<CChar>(bitPattern: getauxval(UInt(AT_EXECFN))).map(String.init(cString:))
            ?? ""
    }

    /// The name of the file that was executed, and of each file that it links to.
    private static var namesOfFile: some Sequence<String> {
        sequence(first: executedPath) { path in
            linked(by: path).map { $0.hasPrefix("/") ? $0 : "\(Path.parent(of: path))/\($0)" }
        }
        // More links than the kernel follows.
        .prefix(41).lazy.map(Path.name)
    }

    /// - Returns: Nil if it is not a symbolic link.
    private static func linked(by path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            let count = readlink(path, buffer.baseAddress!, buffer.count)
            guard count > 0 else { return nil }
            return String(
                decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    private static func end(_ problem: String, _ status: Int32) -> Never {
        let name = CommandLine.arguments.first.map(Path.name) ?? Path.name(of: executedPath)
        writeToStandardError("\(name): \(problem)\n")
        _exit(status)
    }
}
