import Foundation
import Testing

/// hector-tool with tools that go wrong as they are told.
@Suite(.serialized) struct ToolTests {
    /// A shell with `tool`, whose plugin notes each call that arrives in `log`, `record`, which
    /// makes a record with tool calls, and `ran`, which tells which tools were run.
    private func run(
        _ script: String, in shell: Shell? = nil, input: String = ""
    ) async throws -> Shell.Result {
        try await (shell ?? Shell()).run(
            #"""
            export TOOLS_LOG=$PWD/log
            plugin="--plugin $FOREIGN/python-tools"
            tool() { hector-tool $plugin "$@"; }
            # record NAME ARGUMENTS [NAME ARGUMENTS]...
            record() {
                jq -c -n '{id: "r", messages: [{role: "user", content: "go"}, {role: "assistant",
                    content: null, tool_calls: [range(0; $ARGS.positional | length; 2) as $i | {
                        id: "c\($i / 2 + 1)", type: "function", function: {
                            name: $ARGS.positional[$i], arguments: $ARGS.positional[$i + 1]}}]}]}' \
                    --args "$@"
            }
            ran() { [ ! -e log ] || cut -d ' ' -f 3 log; }

            """# + script, input: input)
    }

    // MARK: Records

    @Test func `results are appended in the order of the calls, with all else kept`() async throws {
        let result = try await run(
            #"""
            record slow '{"milliseconds":200}' echo '{"text":"b"}' > in
            tool < in > out
            echo $?
            cmp -n $(($(wc -c < in) - 4)) in out && echo same
            jq -c '.messages[2:][] | [.role, .tool_call_id, .name, .content]' out
            """#)
        #expect(
            result.lines == [
                "0", "same", #"["tool","c1","slow","200 ms"]"#, #"["tool","c2","echo","b"]"#,
            ])
        #expect(result.errors.isEmpty)
    }

    @Test func `the calls of one record run side by side`() async throws {
        // Each waits until the others have begun.
        let result = try await run(
            #"""
            record meet '{"calls":3}' meet '{"calls":3}' meet '{"calls":3}' |
                tool | jq -r '.messages[2:][].content'
            """#)
        #expect(result.lines == ["met", "met", "met"])
    }

    @Test(arguments: [
        #"{"content":"no messages"}"#, #"{"messages":[]}"#,
        #"{"messages":[{"role":"assistant","content":"done"}]}"#,
        #"{"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"echo"}}]},{"role":"tool","tool_call_id":"1","content":"x"}]}"#,
        #"{"messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"echo"}}]},{"role":"user","content":"never mind"}]}"#,
    ])
    func `a record without pending calls passes as it is, and nothing is started`(line: String)
        async throws
    {
        let result = try await run("hector-tool --plugin /bin/false", input: line + "\n")
        #expect(result.output == line + "\n")
        #expect(result.status == 0)
    }

    @Test(arguments: [
        ("nothing", "{}", "unknown_tool", "there is no tool 'nothing', only echo"),
        ("echo", "{}", "invalid_arguments", "text"),
        ("echo", #"{"text":3}"#, "invalid_arguments", "text"),
        ("echo", #"{"text":"a","times":10}"#, "invalid_arguments", "times"),
        ("echo", #"{"text":"a","other":1}"#, "invalid_arguments", "other"),
        ("echo", "oops", "invalid_arguments", "not JSON"),
        ("echo", "[]", "invalid_arguments", "not an object"),
        ("fail", #"{"reason":"too late"}"#, "plugin_error", "too late"),
        ("crash", "{}", "plugin_died", "exited with status 9"),
    ])
    func `a failure is told to the model, and the record goes on`(
        name: String, arguments: String, code: String, message: String
    ) async throws {
        let result = try await run(
            """
            record \(name) '\(arguments)' | tool > out
            echo $?
            jq -c '[.messages[-1].error.code, .error, (.messages | length)]' out
            jq -r '.messages[-1].content' out
            """)
        #expect(result.lines.prefix(2) == ["1", #"["\#(code)",null,3]"#])
        #expect(result.lines.last?.hasPrefix("Error: ") == true)
        #expect(result.output.contains(message))
    }

    @Test func `arguments are checked before the plugin sees them`() async throws {
        let result = try await run(
            #"record echo '{"text":3}' | tool > /dev/null; record echo '{"text":"x"}' | tool >/dev/null; ran"#
        )
        #expect(result.lines == ["echo"])
    }

    @Test func `a tool whose plugin dies is not run again, and the next record's is`() async throws
    {
        let result = try await run(
            #"""
            { record crash '{}'; record echo '{"text":"x"}'; } | tool -j 1 | jq -r '.messages[-1].content'
            ran
            """#)
        #expect(result.lines.first?.hasPrefix("Error: plugin 'python-tools' exited") == true)
        #expect(result.lines.dropFirst() == ["x", "crash", "echo"])
    }

    @Test func `output is cut between characters, and says so`() async throws {
        let result = try await run(
            #"record big '{"characters":100}' | tool --max-output 11 | jq -r '.messages[-1].content'"#
        )
        #expect(result.lines == ["äääää", "[cut: these are the first 10 of 200 bytes]"])
    }

    @Test func `a call without an id is an error, as its result could not be told`() async throws {
        let result = try await run(
            "tool | jq -r .error.code",
            input:
                #"{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"echo"}}]}]}"#
                + "\n")
        #expect(result.lines == ["invalid_messages"])
    }

    @Test func `a tool that has come late is found`() async throws {
        let result = try await run("record late '{}' | tool | jq -r '.messages[-1].content'")
        #expect(result.lines == ["{}"])
    }

    // MARK: Permission

    @Test(arguments: [
        ("", "write", false), ("", "echo", true), ("", "erase", false),
        ("--approve always", "erase", true), ("--approve never", "echo", false),
        ("--approve ask", "echo", false), ("--allow write", "write", true),
        ("--allow 'w*'", "write", true), ("--allow '[a-f]*'", "write", false),
        ("--allow '*' --deny erase", "erase", false), ("--deny '*' --allow '*'", "echo", false),
        ("--allow WRITE", "write", false), ("--approver true", "erase", true),
        ("--approver false", "erase", false), ("--approver 'exit 3'", "write", false),
        ("--approver /nowhere", "write", false), ("--approver 'kill -9 $$'", "write", false),
        ("--approver true --deny write", "write", false),
    ])
    func `a tool runs only if a rule, a hint or a program says so`(
        options: String, name: String, runs: Bool
    ) async throws {
        let result = try await run(
            #"""
            record \#(name) '{"\#(name == "erase" ? "what" : "text")":"x"}' | tool \#(options) > out
            echo $?
            ran
            jq -r '.messages[-1].error.code' out
            """#)
        #expect(result.lines == (runs ? ["0", name, "null"] : ["77", "denied"]))
        #expect(result.errors.isEmpty == runs)
    }

    @Test(arguments: [
        "yes", "yes y", "yes a", "printf 'y\\ny\\ny\\n'", "yes always", "cat /dev/zero",
    ])
    func `nothing on standard input can approve a call`(command: String) async throws {
        let result = try await run(
            """
            { record write '{"text":"x"}'; \(command) | head -c 100000; } |
                tool > out 2> errors
            echo $?
            tool call write --text x < <(\(command)); echo $?
            ran
            """)
        #expect(result.lines == ["77", "77"])
    }

    @Test func `a denied call of many leaves the others, and the status tells`() async throws {
        let result = try await run(
            """
            record echo '{"text":"a"}' write '{"text":"b"}' echo '{"text":"c"}' | tool > out
            echo $?
            jq -r '.messages[2:][] | .error.code // .content' out
            """)
        #expect(result.lines == ["77", "a", "denied", "c"])
    }

    @Test func `an approver gets the call as JSON`() async throws {
        let result = try await run(
            """
            record erase '{"what":"all"}' | tool --approver 'cat > asked' > /dev/null
            jq -c '[.tool_call_id, .name, .arguments, .plugin, .annotations.destructiveHint]' asked
            """)
        #expect(result.lines == [#"["c1","erase",{"what":"all"},"python-tools",true]"#])
    }

    /// Runs a script on a terminal of its own, whose user answers each question in turn.
    private func onTerminal(
        _ script: String, answers: [String], then: String = "", in shell: Shell
    ) async throws -> Shell.Result {
        try shell.write(
            #"""
            import os, pty, select, sys
            process, terminal = pty.fork()
            if process == 0:
                os.execvp("bash", ["bash", "-c", ". ./functions; " + sys.argv[1]])
            answers, shown = sys.argv[2:], b""
            while True:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
                sys.stdout.buffer.write(data)
                while answers and b"]: " in shown:
                    shown = shown.split(b"]: ", 1)[1]
                    os.write(terminal, answers.pop(0).encode())
            _, status = os.waitpid(process, 0)
            print("ended", os.waitstatus_to_exitcode(status))
            """#, to: "terminal.py")
        let words = ([script] + answers).map {
            "'\($0.replacingOccurrences(of: "'", with: "'\\''"))'"
        }
        return try await run(
            """
            declare -f tool record ran > functions
            declare -p TOOLS_LOG plugin >> functions
            export TOOLS_LOG
            python3 terminal.py \(words.joined(separator: " "))
            \(then)
            """, in: shell)
    }

    @Test(arguments: [
        (["y\n"], "0", true), (["n\n"], "77", false), (["\n"], "77", false),
        (["\u{4}"], "77", false), (["what\n", "YES\n"], "0", true), (["v\n", "y\n"], "0", true),
        (["s\n"], "0", true),
    ])
    func `a person is asked on the terminal, whatever the streams are`(
        answers: [String], status: String, runs: Bool
    ) async throws {
        let shell = try Shell()
        let result = try await onTerminal(
            #"record erase '{"what":"all \u0007"}' | tool > out 2> errors < <(cat); echo "status $?""#
                .replacingOccurrences(of: " < <(cat)", with: ""),
            answers: answers, then: "ran; jq -r '.messages[-1].error.code' out", in: shell)
        #expect(result.output.contains("status \(status)\r\n"))
        #expect(result.output.contains("erase of python-tools is to run"))
        #expect(result.output.contains("may destroy something and reaches beyond this machine"))
        // What could ring, move or hide is shown as what it is.
        #expect(result.output.contains(#""what": "all \u0007""#))
        #expect(!result.output.contains("\u{7}"))
        #expect(result.lines.last == (runs ? "null" : "denied"))
        #expect(result.lines.contains("erase") == runs)
    }

    @Test func `an approval is for once, the session, or always`() async throws {
        let shell = try Shell()
        let calls =
            #"record write '{"text":"1"}' write '{"text":"2"}' | tool > out; echo "status $?""#
        let once = try await onTerminal(calls, answers: ["y\n", "n\n"], in: shell)
        #expect(once.output.contains("status 77"))
        let session = try await onTerminal(calls, answers: ["s\n"], in: shell)
        #expect(session.output.contains("status 0"))
        let always = try await onTerminal(
            calls, answers: ["a\n"],
            then: """
                stat -c %a $HOME/.local/state/hector/approvals
                record write '{"text":"3"}' | tool >/dev/null; echo $?
                record erase '{}' | tool >/dev/null; echo $?
                """, in: shell)
        #expect(always.output.contains("status 0"))
        // Without a terminal only what is remembered is approved.
        #expect(always.lines.suffix(3) == ["600", "0", "77"])
    }

    @Test func `approvals that others may have written are ignored`() async throws {
        let result = try await run(
            """
            mkdir -p $HOME/.local/state/hector
            printf '{"plugin":"%s","tool":"write"}\\n' "$(realpath $FOREIGN/python-tools)" \
                > $HOME/.local/state/hector/approvals
            chmod 666 $HOME/.local/state/hector/approvals
            record write '{"text":"x"}' | tool > /dev/null
            """)
        #expect(result.status == 77)
        #expect(result.errors.contains("may be written by others"))
    }

    // MARK: One tool

    @Test(arguments: [
        ("echo --text hi", "hi\n"), ("echo '{\"text\":\"hi\"}'", "hi\n"),
        ("echo '{\"text\":\"hi\"}' --times 2", "hi hi\n"), ("echo --text=hi --loud", "HI\n"),
        ("echo --text hi --no-loud", "hi\n"), ("echo --text hi --tags a --tags b", "hi #a #b\n"),
        ("echo --text -1 --style fancy", "-1\n"), ("echo --text ''", ""),
    ])
    func `a tool is called with JSON, options, or both`(words: String, output: String)
        async throws
    {
        for form in ["call ", ""] {
            let result = try await run("tool \(form)\(words)")
            #expect(result.output == output)
            #expect(result.status == 0)
            #expect(result.errors.isEmpty)
        }
    }

    @Test(arguments: [
        ("nothing", "no tool 'nothing'"), ("echo", "text"), ("echo --text", "text"),
        ("echo --wrong 1", "wrong"), ("echo --text x --times many", "times"),
        ("echo --text x --times 99", "times"), ("echo oops", "oops"),
        ("echo --text a --text b", "twice"), ("--wrong echo", "--wrong"),
        ("echo --text x --style odd", "style"),
    ])
    func `what a tool cannot take is wrong usage`(words: String, message: String) async throws {
        let result = try await run("tool call \(words); status=$?; ran; exit $status")
        #expect(result.status == 64)
        #expect(result.errors.contains(message))
        #expect(result.output.isEmpty)
    }

    @Test func `help is made from the schema`() async throws {
        let result = try await run("tool call echo --help; tool echo --help")
        #expect(result.status == 0)
        #expect(
            result.output.hasPrefix(
                """
                OVERVIEW: Say what it is told.

                USAGE: hector-tool call echo [<json>] --text <string> [<option> ...]

                OPTIONS:
                  --text <string>         What to say. (required)
                  --times <integer>       How often. (at least 1; at most 9; default: 1)
                  --[no-]loud
                  --tags <string>         (repeat for more)
                  --style <string>        (one of plain, fancy)
                OVERVIEW
                """))
    }

    @Test func `a tool that fails gives its reason and no output`() async throws {
        let result = try await run("tool call fail --reason 'too late'")
        #expect(result.status == 1)
        #expect(result.errors == "hector-tool: fail: too late\n")
    }

    // MARK: Lists

    @Test func `what may run is listed, for the model`() async throws {
        let result = try await run(
            "tool list --deny 'e*' | jq -r .function.name; tool list | jq -c '[.function.name, .annotations]' | tail -1"
        )
        #expect(
            result.lines == [
                "slow", "meet", "fail", "big", "crash", "write",
                #"["erase",{"destructiveHint":true,"openWorldHint":true}]"#,
            ])
    }

    @Test func `tools of several plugins are one list, and a name may be there once`()
        async throws
    {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              tool_providers:
                one: { path: "${FOREIGN}/python-tools", config: { extra: more } }
                two: { path: "${FOREIGN}/python-tools" }

            """, to: "hector.yaml")
        let result = try await run(
            """
            hector-tool list --plugin one | jq -r .function.name | tail -1
            hector-tool list --plugin one --plugin two; echo $?
            hector-tool call --allow more --plugin one more; echo $?
            """, in: shell)
        #expect(result.lines == ["more", "78", "{}", "0"])
        #expect(result.errors.contains("is in both 'one' and 'two'"))
    }

    // MARK: Endings

    @Test func `a signal ends the calls under way, and the record is not half done`() async throws {
        let shell = try Shell()
        let result = try await run(
            """
            mkfifo in
            env --default-signal hector-tool $plugin < in > out &
            { record slow '{"milliseconds":60000}' > in; } &
            until grep -q slow log 2>/dev/null; do sleep 0.01; done
            kill -INT %1; wait %1; echo $?
            jq -c '[.error.code, .error.retryable, (.messages | length)]' out
            """, in: shell)
        #expect(result.lines == ["130", #"["cancelled",true,2]"#])
        #expect(shell.leftovers.isEmpty)
    }

    @Test(arguments: ["call echo --text x", "list", "echo --help"])
    func `a full disk is an error`(words: String) async throws {
        let result = try await run("tool \(words) > /dev/full")
        #expect(result.status == 74)
        #expect(result.errors == "hector-tool: cannot write: No space left on device\n")
    }

    @Test func `a plugin that does not start is one error`() async throws {
        let result = try await run(
            "record echo '{\"text\":\"x\"}' | hector-tool --plugin /bin/false")
        #expect(result.status == 69)
        #expect(result.errors.hasPrefix("hector-tool: plugin 'false' exited with status 1"))
        #expect(result.output.isEmpty)
    }
}
