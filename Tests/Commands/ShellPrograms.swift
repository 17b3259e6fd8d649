import Foundation
import Testing

/// The shells that the suites about hector-shell share.
protocol ShellPrograms {}

extension ShellPrograms {
    /// A shell with agents `a`, whose model repeats what it is given; `w`, whose model waits for a
    /// file `go` after its first word; `t`, whose model calls a tool; and others that fail.
    func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            #"""
            plugins:
              llm_providers:
                parrot: { path: "${FOREIGN}/python-llm" }
                waiting:
                  path: "${FOREIGN}/python-llm"
                  config: { wait: "${PWD}/go", log: "${PWD}/log" }
                caller:
                  path: "${FOREIGN}/python-llm"
                  config:
                    answers: '[{"text":"let me see","tool_calls":[{"id":"c1","name":"erase",
                      "arguments":"{\"what\":\"all\"}"}]},"# Done\n\n- with `it`\n"]'
                broken: { path: /bin/false }
                dying: { path: "${FOREIGN}/python-llm", config: { fault: "die:1" } }
              tool_providers:
                tools: { path: "${FOREIGN}/python-tools" }
            agents:
              a: { llm: parrot }
              w: { llm: waiting }
              t: { llm: caller, tools: [tools] }
              b: { llm: broken }
              d: { llm: dying }
              longname: { llm: parrot }
            document_stores:
              notes: { path: ./notes }

            """#, to: "hector.yaml")
        return shell
    }

    /// Runs a Python program that types and reads like a user: see terminal.py.
    func drive(_ program: String, in shell: Shell? = nil) async throws -> Shell.Result {
        let shell = try shell ?? self.shell()
        try shell.write(
            """
            from terminal import *

            \(program)
            """, to: "drive.py")
        let result = try await shell.run(
            "export PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1\n"
                + "python3 drive.py")
        #expect(result.status == 0, "\(result.errors)\(result.output)")
        return result
    }

    func script(
        _ lines: String, options: String = "--agent a", in shell: Shell? = nil
    ) async throws -> Shell.Result {
        try await (shell ?? self.shell()).run("hector-shell \(options)", input: lines)
    }
}
