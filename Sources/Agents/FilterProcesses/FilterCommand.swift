internal import FilterKit
internal import Unix

/// How a filter is started.
package struct FilterCommand: Equatable, Sendable {
    /// As a person would write it, for messages.
    package let text: String

    /// An absolute path.
    package let path: String
    package let arguments: [String]

    /// As a person would type it: the program and its arguments.
    package var words: [String] { (isShellLine ? ["sh"] : [text]) + arguments }

    /// Whether it is a command line of the user's, which takes no further arguments.
    package var isShellLine: Bool { path == Self.shell }

    private static let shell = "/bin/sh"

    /// Whether it asks a person on the terminal.
    package let usesTerminal: Bool

    /// One of Hector's own: beside this program, else in PATH.
    ///
    /// - Throws: That it is nowhere.
    package init(
        _ stage: String, _ name: String, _ arguments: [String], usesTerminal: Bool = false,
        environment: [String: String]
    ) throws(StageError) {
        guard let path = Executables.find(name, environment: environment) else {
            throw StageError(
                stage, "stage_missing", "cannot find '\(name)', beside this program or in PATH",
                status: .unavailable)
        }
        self.path = path
        self.arguments = arguments
        self.usesTerminal = usesTerminal
        text = name
    }

    /// A command line of the user's, for the shell.
    package init(shell line: String) {
        path = Self.shell
        arguments = ["-c", line]
        usesTerminal = false
        text = "'\(line)'"
    }
}

/// Programs that belong to this one.
package enum Executables {
    /// The path of a program beside this one, or in PATH.
    package static func find(_ name: String, environment: [String: String]) -> String? {
        let folders =
            [Directory.ofPrograms]
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.lazy.map { "\($0)/\(name)" }.first(where: File.isExecutable)
    }
}
