import Foundation
import Testing

/// The shells that the suites about hector-generate share, with a model that answers on request.
protocol GenerateShells {}

extension GenerateShells {
    /// A shell with `generate`, whose model notes each request in `log`, and with `asked`, which
    /// prints the request of the last call.
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
