internal import CUnix
@preconcurrency import Glibc

/// An executable file that contains several programs, as busybox does. The name by which it is
/// called chooses one of them.
package enum SharedExecutable {
    /// Chooses the program to run. Called before anything else.
    ///
    /// The name of the program is the last part of `argv[0]`. If that is unknown, it is the first
    /// known name among those of the executed file and of the files that it links to. If there is
    /// none, the first argument is the name, and the file executes itself again under that name, so
    /// that all arguments are at their usual places.
    ///
    /// Ends the process with status 64 if no name is known.
    ///
    /// - Parameters:
    ///   - names: The programs in this file.
    ///   - standard: The program for a copy with an unknown name, if there is one.
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

    /// Runs the program that ``program(among:otherwise:)`` chooses.
    ///
    /// - Parameter programs: The programs in this file, by the names of their commands.
    package static func run(
        _ programs: KeyValuePairs<String, () -> Never>, otherwise standard: String? = nil
    ) -> Never {
        let name = program(among: programs.map(\.key), otherwise: standard)
        for (other, run) in programs where other == name { run() }
        preconditionFailure("'\(name)' is none of the programs")
    }

    /// The path that the kernel executed, which may be relative.
    private static var executedPath: String {
        UnsafePointer<CChar>(bitPattern: getauxval(UInt(AT_EXECFN))).map(String.init(cString:))
            ?? ""
    }

    /// The name of the file that was executed, and of each file that it links to.
    private static var namesOfFile: some Sequence<String> {
        sequence(first: executedPath) { path in
            linked(by: path).map { $0.hasPrefix("/") ? $0 : "\(Path.parent(of: path))/\($0)" }
        }
        // The kernel follows at most 40 links.
        .prefix(41).lazy.map(Path.name)
    }

    /// - Returns: The target of a symbolic link; nil for any other file.
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
