import Foundation
import Testing

/// The shells that the suites about hector-generate share, with a model that answers on request.
protocol GenerateShells {}

extension GenerateShells {
    /// A shell with `generate`, whose model notes each request in `log`, with `asked`, which prints
    /// the request of the last call, and with `unmarked`, which leaves out the marks of messages.
    func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            generate() { hector-generate --plugin $FOREIGN/python-llm -o log=$PWD/log "$@"; }
            unmarked() { sed -E 's/,"taint":\\[[^]]*\\],"taint_digest":\\[[^]]*\\]//g'; }
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
