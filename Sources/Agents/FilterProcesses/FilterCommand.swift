internal import FilterKit
internal import Unix

/// The command that starts a filter.
package struct FilterCommand: Equatable, Sendable {
    /// The command in messages, as a person would write it.
    package let text: String

    /// An absolute path.
    package let path: String
    package let arguments: [String]

    /// The program and its arguments, as a person would type them.
    package var words: [String] { (isShellLine ? ["sh"] : [text]) + arguments }

    /// True if it is a command line of the user's, which takes no further arguments.
    package var isShellLine: Bool { path == Self.shell }

    private static let shell = "/bin/sh"

    /// True if it asks the user on the terminal.
    package let usesTerminal: Bool

    /// Finds one of Hector's own filters: beside this program, or else in PATH.
    ///
    /// - Throws: An error if there is no such program.
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

    /// Creates a command from the user's command line, which the shell runs.
    package init(shell line: String) {
        path = Self.shell
        arguments = ["-c", line]
        usesTerminal = false
        text = "'\(line)'"
    }
}

/// Programs that belong to this one.
package enum Executables {
    /// Returns the path of a program beside this one, or in PATH.
    package static func find(_ name: String, environment: [String: String]) -> String? {
        let folders =
            [Directory.ofPrograms]
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.lazy.map { "\($0)/\(name)" }.first(where: File.isExecutable)
    }
}
