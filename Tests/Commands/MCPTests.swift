import Foundation
import Testing

/// The plugin mcp-tools in the built hector-tool, with the servers of Tests/Foreign/python.
@Suite(.serialized) struct MCPTests {
    /// The functions `call TOOL …` and `list` for the server on PyPI's mcp package and for the
    /// faulty one.
    private static let functions = """
        export MCP_LOG=$PWD/notes PYTHONDONTWRITEBYTECODE=1
        python=$ROOT/.build/venv/bin/python servers=$ROOT/Tests/Foreign/python
        foreign="--plugin mcp-tools -o command=$python -o args=[\\"$servers/mcp_server.py\\"]"
        faulty() {
            local command=$1 faults=$2
            shift 2
            $run hector-tool "$command" --approve always --plugin mcp-tools -o command=$python \\
                -o "args=[\\"$servers/mcp_faulty.py\\"$faults]" \\
                -o "env={\\"MCP_LOG\\":\\"$MCP_LOG\\",\\"KEY\\":\\"sk-0123456789\\"}" "$@"
        }
        # Starts the server and waits until it has said where it listens.
        serve() {
            $python $servers/mcp_server.py http >port 2>/dev/null &
            until [ -s port ]; do sleep 0.02; done
            url=http://127.0.0.1:$(cat port)/mcp
        }

        """

    private func run(_ script: String, in shell: Shell? = nil) async throws -> Shell.Result {
        try await (shell ?? Shell()).run(Self.functions + script)
    }

    @Test func `the tools of a server are listed with their hints`() async throws {
        let result = try await run(
            """
            hector-tool list $foreign |
                jq -c 'select(.function.name == "add") |
                    [.function.description, .function.parameters.required, .annotations]'
            """)
        #expect(
            result.lines == [
                #"["Adds two numbers.",["a","b"],{"readOnlyHint":true,"openWorldHint":false}]"#
            ])
        #expect(result.errors.isEmpty)
    }

    @Test func `a tool is called from the command line`() async throws {
        let result = try await run(
            """
            hector-tool call $foreign add --a 40 --b 2
            hector-tool call --approve always $foreign structured
            hector-tool call --approve always $foreign echo '{"text":"ä"}'
            """)
        #expect(result.lines == ["42", #"{"temperature":21.5,"unit":"C"}"#, "ä"])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `the calls of a record get their answers in order`() async throws {
        let result = try await run(
            """
            hector-tool --approve always --approve-tainted always $foreign < in | jq -c '.messages[1:][] |
                [.role, .tool_call_id, .content, .error.code]'
            exit ${PIPESTATUS[0]}
            """,
            in: shell(
                record: """
                    {"messages":[{"role":"assistant","content":"","tool_calls":[\
                    {"id":"1","type":"function","function":{"name":"wait","arguments":"{\\"seconds\\":0.2}"}},\
                    {"id":"2","type":"function","function":{"name":"add","arguments":"{\\"a\\":1,\\"b\\":2}"}},\
                    {"id":"3","type":"function","function":{"name":"fail","arguments":"{\\"reason\\":\\"no\\"}"}},\
                    {"id":"4","type":"function","function":{"name":"add","arguments":"{\\"a\\":\\"x\\"}"}}]}]}
                    """))
        #expect(result.lines.count == 4)
        #expect(result.lines.first == #"["tool","1","waited 0.2",null]"#)
        #expect(result.lines.dropFirst().first == #"["tool","2","3",null]"#)
        #expect(result.lines[2].hasPrefix(#"["tool","3","Error: "#))
        #expect(result.lines[2].contains("no"))
        #expect(result.lines[3].contains(#""invalid_arguments""#))
        #expect(result.status == 1)
    }

    @Test func `a tool that is not read-only is not called without approval`() async throws {
        let result = try await run("hector-tool call $foreign wait --seconds 0; echo $?; ls")
        #expect(result.lines == ["77"])
    }

    @Test func `a server over HTTP is used in each revision`() async throws {
        let result = try await run(
            """
            serve
            for revision in 2025-03-26 2025-06-18 2025-11-25 2026-07-28 auto; do
                hector-tool call --approve always --plugin mcp-tools -o url=$url \\
                    -o protocol=$revision speaks
            done
            hector-tool list --plugin mcp-tools -o url=$url | jq -s length
            kill %1
            """)
        #expect(
            result.lines == [
                "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "2026-07-28", "15",
            ])
    }

    @Test func `a server that died is reported, with its last words`() async throws {
        let result = try await run("faulty call ',\"die-on-call\"' call")
        #expect(result.status == 1)
        #expect(
            result.errors.contains("call: MCP server 'python' exited with status 7"),
            "\(result.errors)")
        #expect(result.errors.contains("cannot go on"))
    }

    @Test func `what a server prints for people is shown with --debug only`() async throws {
        let quiet = try await run("faulty call ',\"leaks\"' call")
        #expect(!quiet.errors.contains("info:"))
        let result = try await run("faulty call ',\"leaks\"' --debug call")
        #expect(result.errors.contains("mcp-tools: info: bad key …"), "\(result.errors)")
    }

    @Test func `a key is in no message, no log and no process's arguments`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              tool_providers:
                local:
                  path: mcp-tools
                  config:
                    command: ${PYTHON}
                    args: ["${SERVERS}/mcp_faulty.py", leaks]
                    env: { KEY: "${SECRET}", MCP_LOG: "${MCP_LOG}" }
                remote:
                  path: mcp-tools
                  config:
                    url: "${URL}?key=${SECRET}"
                    headers: { X-Key: "${SECRET}" }
                refused:
                  path: mcp-tools
                  config: { command: x, args: "--key=${SECRET}" }

            """, to: "hector.yaml")
        let result = try await run(
            """
            export PYTHON=$python SERVERS=$servers SECRET=sk-0123456789 MCP_KEY=another-key
            serve
            export URL=$url
            hector-tool call --debug --approve always --plugin local call
            hector-tool call --debug --approve always --plugin local call --refuse true
            hector-tool call --debug --approve always --plugin remote speaks
            hector-tool list --debug --plugin refused
            hector-tool call --approve always --plugin local wait &
            until grep -q tools/call notes && [ "$(grep -c start notes)" = 3 ]; do sleep 0.02; done
            for file in /proc/[0-9]*/cmdline; do
                { tr '\\0\\n' '  ' <$file; echo; } 2>/dev/null
            done | grep -vE '^(timeout|bash)' >commands
            grep -c mcp_faulty.py.leaks commands
            grep -c 0123456789 commands
            kill $! %1
            """, in: shell)
        #expect(result.lines.suffix(2) == ["1", "0"])
        #expect(!(result.output + result.errors).contains("0123456789"), "\(result.errors)")
        #expect(result.errors.contains("bad key …"))
        #expect(result.errors.contains("HTTP status 401: no such key: …"))
        #expect(result.errors.contains("setting 'args' is '…': expected a JSON list of strings"))
    }

    @Test(arguments: [
        ("", "setting 'command' is missing: expected a program to run, or 'url' instead"),
        ("-o command=", "setting 'command' is missing"),
        ("-o command=x -o url=http://a/", "setting 'command' is '…': expected nothing beside"),
        ("-o url=example.org", "setting 'url' is '…': expected an address that begins with http"),
        ("-o command=x -o 'headers={}'", "setting 'headers' is '…': expected nothing without"),
        ("-o command=x -o 'env=[1]'", "setting 'env' is '…': expected a JSON object of strings"),
        ("-o command=x -o timeout=0", "setting 'timeout' is '0': expected a duration above 0"),
        ("-o command=x -o protocol=2023-01-01", "expected one of auto, 2024-11-05,"),
        ("-o command=x -o commmand=y", "commmand"),
        ("-o command=no-such-server", "cannot find the MCP server 'no-such-server' in PATH"),
        (
            "-o 'command=env KEY=hunter2 /no/server postgres://u:hunter2@h/db'",
            "cannot run the MCP server 'env': 'command' has more than the name of a program; give "
                + "the arguments in 'args', or all in a list"
        ),
        (
            #"-o 'command=["/no/server","--token","hunter2","http://u:hunter2@h"]'"#,
            "MCP server 'server': cannot run '/no/server': No such file or directory"
        ),
    ])
    func `a setting that cannot be used is reported`(
        options: String, message: String
    ) async throws {
        let result = try await run("hector-tool list --plugin mcp-tools \(options)")
        #expect(result.status != 0)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!result.errors.contains("hunter2"))
    }

    @Test(arguments: ["TERM", "KILL"])
    func `no server outlives hector-tool`(signal: String) async throws {
        // The process that holds the server's input, its parent, is the plugin.
        for victim in ["$tool", "$(ps -o ppid= -p $server)"] {
            let result = try await run(
                """
                # In the background a function is a separate shell, unless it ends with exec.
                run=exec faulty call ',"stays"' wait 2>/dev/null &
                tool=$!
                until grep -q tools/call notes; do sleep 0.02; done
                server=$(sed -n 's/start //p' notes)
                kill -\(signal) \(victim)
                wait $tool
                while [ -e /proc/$server ] && ! grep -q 'State:.Z' /proc/$server/status; do
                    sleep 0.02
                done
                echo ended
                """)
            #expect(result.lines.last == "ended", "\(result.errors)")
        }
    }

    @Test func `the manual's example works as written`() async throws {
        let page = try String(contentsOfFile: Shell.root + "/man/hector-plugins.7", encoding: .utf8)
        let section = try #require(page.components(separatedBy: ".Ss mcp-tools\n").last)
        let example = try #require(
            section.components(separatedBy: ".Bd -literal -offset indent\n").dropFirst().first)
        let shell = try Shell()
        try shell.write(example.components(separatedBy: ".Ed")[0], to: "hector.yaml")
        let result = try await run(
            """
            mkdir bin
            cat >bin/npx <<EOF
            #!/bin/sh
            [ "\\$*" = "-y @example/tracker-server" ] && exec $python $servers/mcp_server.py
            EOF
            chmod +x bin/npx
            export PATH=$PWD/bin:$PATH TRACKER_TOKEN=t WEATHER_TOKEN=1234
            hector-tool call --approve always --plugin tracker process | grep -o TRACKER_TOKEN
            serve
            sed -i "s,https://weather.example.com/mcp,$url," hector.yaml
            hector-tool call --approve always --plugin weather region --name north
            kill %1
            """, in: shell)
        #expect(result.lines == ["TRACKER_TOKEN", "north north Bearer 1234"], "\(result.errors)")
    }

    private func shell(record: String) throws -> Shell {
        let shell = try Shell()
        try shell.write(record + "\n", to: "in")
        return shell
    }
}
