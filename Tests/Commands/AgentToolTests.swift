import Foundation
import Testing

/// Tools that report, change, or disappear while an agent runs.
@Suite(.serialized) struct AgentToolTests: AgentShells {
    /// A shell with an agent `a` whose tools are those of the providers, MCP servers of Tests/Foreign.
    ///
    /// - Parameter providers: Entries of `tool_providers`; the agent has the tools of each.
    private func shell(_ providers: [(name: String, entry: String)], _ answers: String) throws
        -> Shell
    {
        let shell = try Shell()
        let entries = providers.map { "    \($0.name): { \($0.entry) }\n" }.joined()
        let names = providers.map(\.name).joined(separator: ", ")
        try shell.write(
            """
            plugins:
              llm_providers:
                model:
                  path: "${FOREIGN}/python-llm"
                  config: { log: "${PWD}/log", answers: '\(answers)' }
              tool_providers:
            \(entries)
            agents:
              a: { llm: model, tools: [\(names)] }

            """, to: "hector.yaml")
        return shell
    }

    private static func server(_ arguments: String...) -> String {
        let list = arguments.map { "\"\($0)\"" }.joined(separator: ", ")
        let python = "\(Shell.root)/.build/venv/bin/python"
        return "path: mcp-tools, config: { command: \"\(python)\", args: [\(list)] }"
    }

    private static func scripted(_ name: String) -> String {
        server(
            "\(Shell.root)/Tests/Foreign/python/mcp_scripted.py",
            "\(Shell.root)/Tests/Plugins/MCPTests/Cases/\(name).json", "stdio")
    }

    private static let dead = "path: mcp-tools, config: { command: no-such-server }"

    /// The names of the tools that the model was offered in a call, one per line.
    private static let offered = """
        offered() { sed -n "${1}p" log | jq -c '[.request.tools[]?.name]'; }

        """

    @Test func `a server that does not start is left out, and its tools are reported missing`()
        async throws
    {
        let result = try await run(
            Self.offered + """
                hector --approve always --approve-tainted always hi; echo $?
                offered 1
                sed -n 3p log | jq -r '.request.messages[-1].content'
                """,
            in: shell(
                [("dead", Self.dead), ("good", Self.scripted("batch"))],
                Self.calls([("call", "{}"), ("gone", "{}")])))
        #expect(
            result.lines == [
                "done", "0", #"["call"]"#,
                "Error: there is no tool 'gone', only call; those of 'dead' are gone: stage 'tool' "
                    + "(hector-tool) exited with status 1",
            ])
        #expect(result.errors.contains("cannot find the MCP server 'no-such-server' in PATH"))
        #expect(result.errors.contains("hector: the tools of 'dead' are left out: "))
    }

    @Test func `a server that is required ends the run`() async throws {
        let result = try await run(
            "hector hi",
            in: shell(
                [("dead", Self.dead + ", required: true"), ("good", Self.scripted("batch"))],
                Self.calls([("call", "{}")])))
        #expect(result.status == 69)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("cannot find the MCP server 'no-such-server' in PATH"))
    }

    @Test func `an agent whose only server is dead answers without tools`() async throws {
        let result = try await run("hector hi", in: shell([("dead", Self.dead)], #"["hello"]"#))
        #expect(result.lines == ["hello"])
        #expect(result.status == 0)
    }

    @Test func `a plugin that does not come back is left out, and its tools are reported missing`()
        async throws
    {
        let crash = [(String, String)](repeating: ("crash", "{}"), count: 6)
        let result = try await run(
            Self.offered + """
                hector --approve always --approve-tainted always --trace t hi; echo $?
                sed -n 8p log | jq -r '.request.messages[-1].content'
                offered 8
                hector replay t; echo $?
                """,
            in: shell(
                [
                    ("mortal", "path: \"${FOREIGN}/python-tools\""),
                    ("good", Self.scripted("batch")),
                ], Self.calls(crash + [("call", "{}")])))
        #expect(
            result.lines == ["done", "0", "called", #"["call"]"#, "done", "0"], "\(result.errors)")
        #expect(result.errors.contains("was started 5 times within a minute and given up"))
        #expect(result.errors.contains("the tools of 'mortal' are left out: "))
    }

    @Test func `a server that dies in each call is reported to the model, and the others go on`()
        async throws
    {
        let result = try await run(
            "hector --approve always --approve-tainted always hi; echo $?; grep -c . log; "
                + "sed -n 4p log | jq -r '.request.messages[-1].content'",
            in: shell(
                [
                    ("mortal", Self.scripted("process-ends-in-call")),
                    ("good", Self.server("\(Shell.root)/Tests/Foreign/python/mcp_server.py")),
                ],
                Self.calls(
                    [("call", "{}"), ("call", "{}"), ("call", "{}"), ("add", #"{"a":1,"b":2}"#)])))
        #expect(result.lines.prefix(3) == ["done", "0", "5"], "\(result.errors)")
        #expect(
            result.output.contains(
                "; those of 'mortal' are gone: plugin 'mortal': MCP server 'python' exited with "
                    + "status 9"), "\(result.output)")
        #expect(result.errors.contains("hector-tool: the tools of 'mortal' are left out: "))
    }

    @Test func `the next turn offers the tools that a server has added`() async throws {
        let result = try await run(
            Self.offered + """
                hector --approve always --approve-tainted always hi; echo $?
                for turn in 1 2; do offered $turn | jq 'index("extra") != null'; done
                sed -n 3p log | jq -r '.request.messages[-1].content'
                """,
            in: shell(
                [("good", Self.server("\(Shell.root)/Tests/Foreign/python/mcp_server.py"))],
                Self.calls([("grow", "{}"), ("extra", "{}")])))
        #expect(result.lines == ["done", "0", "false", "true", "extra"], "\(result.errors)")
    }

    @Test func `a run without a dead server, with other tools and reports is replayed`()
        async throws
    {
        let result = try await run(
            """
            hector --approve always --approve-tainted always --trace t --json hi | jq -c 'del(.time)' > first
            hector replay --json t 2> errors | jq -c 'del(.time)' > second; cat errors
            cmp first second && jq -r .event second | grep -v delta | sort | uniq -c | tr -s ' '
            """,
            in: shell(
                [
                    ("dead", Self.dead), ("reports", Self.scripted("progress")),
                    ("grows", Self.server("\(Shell.root)/Tests/Foreign/python/mcp_server.py")),
                ],
                Self.calls(
                    [("call", "{}"), ("grow", "{}"), ("extra", "{}"), ("gone", "{}")])))
        #expect(
            result.lines == [
                "hector: the tools of 'dead' are left out: stage 'tool' (hector-tool) exited with "
                    + "status 1",
                " 1 run.finished", " 1 run.started", " 4 tool_call",
                " 2 tool_progress", " 4 tool_result", " 5 usage",
            ], "\(result.errors)")
    }

    @Test func `a provider that is not permitted ends the run`() async throws {
        let shell = try shell(
            [
                (
                    "good",
                    Self.scripted("batch")
                        + ", checksum: \"sha256:\(String(repeating: "0", count: 64))\""
                )
            ],
            "[]")
        let result = try await run("hector hi", in: shell)
        #expect(result.status == 77, "\(result.errors)")
    }

    @Test func `reports extend the host's time for a call, and silence does not`() async throws {
        let shell = try shell(
            [
                ("slow", Self.scripted("progress-extends-the-limit")),
                ("mute", Self.server("\(Shell.root)/Tests/Foreign/python/mcp_faulty.py")),
            ], "[]")
        let result = try await run(
            """
            hector-tool call --approve always --timeout 10s --plugin slow call
            hector-tool call --approve always --timeout 12s --plugin mute wait
            """, in: shell)
        #expect(result.lines == ["done"])
        #expect(
            result.errors.contains("wait: plugin 'mute' did not answer within 12.0 seconds"),
            "\(result.errors)")
    }

    @Test func `progress is an event, with and without a total`() async throws {
        let result = try await run(
            """
            hector --approve always --approve-tainted always --json hi | jq -c 'select(.event == "tool_progress")'
            """, in: shell([("good", Self.scripted("progress"))], Self.calls([("call", "{}")])))
        #expect(
            result.lines == [
                #"{"event":"tool_progress","run":"1","iteration":1,"id":"c1","name":"call","progress":1,"total":3,"message":"one"}"#,
                #"{"event":"tool_progress","run":"1","iteration":1,"id":"c1","name":"call","progress":2,"total":3,"message":"two"}"#,
            ], "\(result.errors)")
    }

    @Test func `progress is shown where it is asked for`() async throws {
        let shell = try shell([("good", Self.scripted("progress"))], "[]")
        try shell.write(
            #"""
            {"id":"r","messages":[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"call","arguments":"{}"}}]}]}

            """#, to: "in")
        let result = try await run(
            """
            hector-tool call --approve always --plugin good --progress call
            hector-tool --approve always --plugin good --progress call call
            hector-tool call --approve always --plugin good call
            hector-tool --approve always --approve-tainted always --plugin good --stream < in |
                jq -c '[.event, .id, .tool_call_id, .name, .progress]'
            """, in: shell)
        #expect(
            result.lines == [
                "called", "called", "called", #"["tool_progress","r","c1","call",1]"#,
                #"["tool_progress","r","c1","call",2]"#, #"[null,"r",null,null,null]"#,
            ], "\(result.errors)")
        #expect(
            result.errors.split(separator: "\n") == [
                "hector-tool: call: 1 of 3, one", "hector-tool: call: 1 of 3, one",
            ])
    }

    @Test(arguments: [("xterm", "True"), ("dumb", "False"), ("", "False")])
    func `progress is written over where the terminal can do that`(
        kind: String, isWrittenOver: String
    ) async throws {
        let shell = try shell([("good", Self.scripted("progress"))], "[]")
        try shell.write(
            """
            from terminal import *
            terminal = Terminal(
                "hector-tool", "call", "--approve", "always", "--plugin", "good", "--progress", "call",
                TERM="\(kind)")
            terminal.end()
            print(b"\\r\\x1b[Khector-tool: call: 1 of 3, one" in terminal.all,
                  b"hector-tool: call: 1 of 3, one" in terminal.all, b"u001b" in terminal.all)
            """, to: "look.py")
        let result = try await run(
            "PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1 python3 look.py",
            in: shell)
        #expect(result.lines == ["\(isWrittenOver) True False"], "\(result.errors)")
    }

    @Test
    func `of several plugins one that is dead is left out, and its tools are reported missing`()
        async throws
    {
        let shell = try shell(
            [
                ("dead", Self.dead), ("needed", Self.dead + ", required: true"),
                ("good", Self.scripted("batch")),
            ], "[]")
        try shell.write(
            #"""
            {"messages":[{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"call","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"gone","arguments":"{}"}}]}]}

            """#, to: "in")
        let result = try await run(
            """
            hector-tool list --plugin dead --plugin good | jq -r .function.name
            hector-tool --approve always --approve-tainted always --plugin dead --plugin good < in |
                jq -c '.messages[1:][] | [.content, .error.code]'
            hector-tool call --plugin dead --plugin good gone; echo $?
            hector-tool list --plugin needed --plugin good; echo $?
            hector-tool list --plugin dead; echo $?
            """, in: shell)
        #expect(result.lines.first == "call")
        #expect(result.lines.dropFirst().first == #"["called",null]"#)
        #expect(
            result.lines[2].hasPrefix(
                "[\"Error: there is no tool 'gone', and those of 'dead' are gone: "),
            "\(result.output)")
        #expect(result.lines[2].hasSuffix(#"PATH, only call","unknown_tool"]"#), "\(result.output)")
        #expect(result.lines.suffix(3) == ["69", "1", "1"], "\(result.errors)")
        #expect(result.errors.contains("hector-tool: the tools of 'dead' are left out: "))
    }
}
