import Foundation
import Testing

/// What the suites about hector-generate share: a model that answers as it is told.
protocol GenerateShells {}

extension GenerateShells {
    /// A shell with `generate`, which has the model note what it is asked in `log`, and `asked`,
    /// which prints what was asked in the last call.
    func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            generate() { hector-generate --plugin $FOREIGN/python-llm -o log=$PWD/log "$@"; }
            asked() { jq -c "$@" < <(tail -1 log); }

            """, to: "functions")
        return shell
    }

    func run(
        _ script: String, in shell: Shell? = nil, input: String = ""
    ) async throws -> Shell.Result {
        try await (shell ?? self.shell()).run(". ./functions\n" + script, input: input)
    }
}
