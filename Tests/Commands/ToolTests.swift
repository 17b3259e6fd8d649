import Foundation
import Testing

/// hector-tool over records.
@Suite(.serialized) struct ToolTests: ToolShells {
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
    func `a failure is reported to the model, and the record goes on`(
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

    @Test(arguments: [
        ("--plugin $P --plugin $P --prefix a_ --prefix b_", ["a_echo", "b_echo"]),
        ("--plugin $P --plugin $P --prefix a_", ["a_echo", "echo"]),
        ("--plugin $P --plugin $Q --prefix $Q=q.", ["echo", "q.echo"]),
        ("--plugin $P --prefix a_", ["a_echo"]),
        ("--plugin $P --prefix a_ --only echo", ["a_echo"]),
        ("--plugin $P --prefix a_ --only a_e*", ["a_echo"]),
        ("--plugin $P --plugin $P --prefix b_ --deny b_*", ["echo"]),
        ("--plugin $P --plugin $P --prefix b_ --deny echo", []),
    ])
    func `a prefix begins the names of a plugin's tools`(
        options: String, names: [String]
    ) async throws {
        let result = try await run(
            """
            P=$FOREIGN/python-tools Q=./q
            ln -s $P q; ln -s $P.plugin.yaml q.plugin.yaml
            hector-tool list \(options) | jq -r '.function.name | select(endswith("echo"))'
            """)
        #expect(result.lines == names, "\(result.errors)")
    }

    @Test func `a tool with a prefix runs, and a clash says what to do`() async throws {
        let result = try await run(
            #"""
            record p.echo '{"text":"x"}' | tool --prefix p. | jq -r '.messages[-1].content'
            hector-tool $plugin --prefix p. p.echo --text y
            record echo '{"text":"x"}' | tool --plugin $FOREIGN/python-tools
            echo $?
            """#)
        #expect(result.lines.first == "x", "\(result.errors)")
        #expect(result.lines.dropFirst().first == "y", "\(result.errors)")
        #expect(result.lines.last == "78")
        #expect(result.errors.contains("give one of them a prefix"))
    }

    @Test(arguments: [
        ("--prefix ''", "needs a text"), ("--prefix 'a b'", "needs a text"),
        ("--prefix a --prefix b", "more of --prefix than of --plugin"),
        ("--prefix other=b", "is for no --plugin 'other'"),
    ])
    func `a prefix that is for nothing is refused`(option: String, message: String) async throws {
        let result = try await run("hector-tool list $plugin \(option)")
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
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

    @Test func `a call without an id is an error, as its result would be lost`() async throws {
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
