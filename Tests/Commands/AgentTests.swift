import Foundation
import Testing

/// hector with agents of foreign plugins: the loop, and the text that the model receives.
@Suite(.serialized) struct AgentTests: AgentShells {
    // MARK: The loop

    @Test func `the answer is on standard output, and nothing else`() async throws {
        let result = try await run("hector --agent a 'one two'")
        #expect(result.output == "You said: one two\n")
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
    }

    @Test func `the only agent need not be named, and words need no quotes`() async throws {
        let result = try await run("hector one two; hector run --agent a three")
        #expect(result.lines == ["You said: one two", "You said: three"])
    }

    @Test func `tools run until the model asks for none`() async throws {
        let shell = try shell(
            agent: "tools: [tools]",
            answers: Self.calls([("echo", #"{"text":"x"}"#), ("slow", #"{"milliseconds":1}"#)]))
        let result = try await run(
            """
            hector --agent a --json 'q' > out
            events 'select(.event != "delta") | del(.time)' < out
            # Each piece comes at once.
            jq -s -c '[map(select(.event == "delta")) | group_by(.iteration)[] | map(.text) | add]' out
            asked 3
            """, in: shell)
        #expect(
            result.lines == [
                #"{"event":"run.started","run":"1","agent":"a","question":"q"}"#,
                #"{"event":"usage","run":"1","iteration":1,"total_tokens":7}"#,
                #"{"event":"tool_call","run":"1","iteration":1,"id":"c1","name":"echo","arguments":"{\"text\":\"x\"}"}"#,
                #"{"event":"tool_result","run":"1","iteration":1,"id":"c1","name":"echo","content":"x"}"#,
                #"{"event":"usage","run":"1","iteration":2,"total_tokens":7}"#,
                #"{"event":"tool_call","run":"1","iteration":2,"id":"c2","name":"slow","arguments":"{\"milliseconds\":1}"}"#,
                #"{"event":"tool_result","run":"1","iteration":2,"id":"c2","name":"slow","content":"1 ms"}"#,
                #"{"event":"usage","run":"1","iteration":3,"total_tokens":7}"#,
                #"{"event":"run.finished","run":"1","answer":"done","usage":{"total_tokens":21}}"#,
                #"["let me see","let me see","done"]"#,
                #"[["user","q"],["assistant","let me see"],["tool","x"],["assistant","let me see"],["tool","1 ms"]]"#,
            ])
        #expect(result.status == 0)
    }

    @Test func `a run whose model reports no usage has none`() async throws {
        let shell = try shell(answers: #"[{"text":"hi","tokens":0}]"#)
        let result = try await run(
            "hector --json 'q q' | events 'select(.event != \"delta\") | keys'", in: shell)
        #expect(
            result.lines == [
                #"["agent","event","question","run","time"]"#, #"["answer","event","run","time"]"#,
            ], "\(result.errors)")
    }

    @Test func `only the answer is printed without a terminal`() async throws {
        let shell = try shell(
            agent: "tools: [tools]", answers: Self.calls([("echo", #"{"text":"x"}"#)]))
        let result = try await run("hector q; hector --stream q", in: shell)
        #expect(result.lines == ["done", "let me see", "done"])
    }

    @Test func `text is printed as it comes`() async throws {
        let shell = try shell(llm: ", wait: \"${PWD}/go\"")
        let result = try await run(
            """
            hector 'one two' > out &
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            touch go
            wait $! && cat out
            """, in: shell)
        #expect(result.output == "You said: one two\n")
    }

    @Test(arguments: [
        ("nothing", "{}", "unknown_tool"), ("fail", "{}", "plugin_error"),
        ("echo", "{}", "invalid_arguments"), ("crash", "{}", "plugin_died"),
    ])
    func `a tool's failure is reported to the model, and the run goes on`(
        name: String, arguments: String, code: String
    ) async throws {
        let shell = try shell(
            agent: "tools: [tools]", answers: Self.calls([(name, arguments)]))
        let result = try await run(
            "hector --json q | events -r 'select(.event == \"tool_result\").error.code, .answer // empty'",
            in: shell)
        #expect(result.lines == [code, "done"])
        #expect(result.status == 0)
    }

    @Test func `a denied tool is reported to the model, and the status says so`() async throws {
        let shell = try shell(
            agent: "tools: [tools]", answers: Self.calls([("write", #"{"text":"x"}"#)]))
        let result = try await run("yes | hector q; hector --allow write q; echo $?", in: shell)
        #expect(result.lines == ["done", "done", "0"])
        let denied = try await run("hector q < <(yes)", in: shell)
        #expect(denied.status == 77)
        #expect(denied.errors.contains("tool 'write' was not run"))
    }

    @Test func `an agent has only the tools it is given`() async throws {
        let shell = try shell(
            agent: """
                tools:
                  - { provider: tools, allow: ["e*"], deny: [erase] }
                  - { provider: extra, allow: [more], approve: always }
                """, answers: Self.calls([("more", "{}"), ("write", #"{"text":"x"}"#)]))
        let result = try await run(
            """
            hector --json q | events -c 'select(.event == "tool_result") | [.name, .error.code]'
            head -1 log | jq -c '[.request.tools[].name]'
            """, in: shell)
        #expect(
            result.lines == [#"["more",null]"#, #"["write","unknown_tool"]"#, #"["echo","more"]"#])
    }

    @Test func `two tools of one name are a mistake of the configuration`() async throws {
        let result = try await run("hector q", in: try shell(agent: "tools: [tools, extra]"))
        #expect(result.status == 78)
        let told = "the tool 'echo' is in both 'tools' and 'extra'; give one of the agent's 'tools'"
        #expect(result.errors.contains(told))
        let twice = try await run(
            "hector q", in: try shell(agent: "tools: [tools, { provider: tools, allow: [echo] }]"))
        #expect(twice.status == 78)
        #expect(
            twice.errors.contains("the tool 'echo' is in 'tools' twice; give one of the agent's"))
    }

    @Test func `a prefix tells tools of one name apart`() async throws {
        let shell = try shell(
            agent: """
                tools:
                  - { provider: tools, allow: [echo] }
                  - { provider: extra, prefix: other., allow: [echo] }
                """,
            answers: Self.calls([("echo", #"{"text":"x"}"#), ("other.echo", #"{"text":"y"}"#)]))
        let result = try await run(
            """
            hector --json q | events -c 'select(.event == "tool_result") | [.name, .content]'
            head -1 log | jq -c '[.request.tools[].name]'
            """, in: shell)
        #expect(
            result.lines == [
                #"["echo","x"]"#, #"["other.echo","y"]"#, #"["echo","other.echo"]"#,
            ], "\(result.errors)")
    }

    @Test func `a run that does not end is stopped, with an error that says so`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nmax_iterations: 3",
            answers: #"[{"tool_calls":[{"id":"c","name":"echo","arguments":"{\"text\":\"x\"}"}]}]"#)
        let result = try await run("hector q; echo $?; grep -c . log", in: shell)
        #expect(result.lines == ["1", "3"])
        #expect(result.errors == "hector: no answer after 3 iterations; see max_iterations\n")
        let budget = try await run("hector --max-tokens-total 10 q; echo $?", in: shell)
        #expect(budget.lines == ["75"])
        #expect(budget.errors.contains("has used 14 tokens, and may use 10"))
    }

    // MARK: The text that the model receives

    @Test func `the user's words go before the strategy's slots, and those before the rest`()
        async throws
    {
        let shell = try shell(
            agent: """
                reasoning_strategy: strategy
                tools: [tools]
                prompt:
                  system_prompt: "Be ${MOOD:-kind}."
                  prompt_slots: { output_format: Verse. }
                """)
        let result = try await run(
            "hector q >/dev/null; hector -s Own. q >/dev/null; asked 1; asked 2", in: shell)
        #expect(
            result.lines == [
                #"[["system","Be kind.\n\nYou are careful.\n\nThink first.\n\nUse tools.\n\nVerse.\n\nShort.\n\nNo more.\n\nIteration 1 of 'q', 1 calls."],["user","q"]]"#,
                #"[["system","Own.\n\nYou are careful.\n\nThink first.\n\nUse tools.\n\nVerse.\n\nShort.\n\nNo more.\n\nIteration 1 of 'q', 1 calls."],["user","q"]]"#,
            ])
    }

    @Test func `the strategy is asked at the right moments, with its state`() async throws {
        let shell = try shell(
            agent: "reasoning_strategy: strategy\ntools: [tools]",
            answers: Self.calls([("echo", #"{"text":"x"}"#)]))
        let result = try await run(
            """
            hector --trace t q
            jq -c 'select(.stage == "reason" and .direction == "to").line | fromjson |
                [.step, .state.iteration, .state.total_tokens, .state.custom_state.calls]' t
            """, in: shell)
        #expect(
            result.lines == [
                "done", #"["slots",null,null,null]"#, #"["prepare",1,0,null]"#,
                #"["stop",1,7,"1"]"#, #"["after",1,7,"2"]"#, #"["prepare",2,7,"3"]"#,
                #"["stop",2,14,"4"]"#,
            ])
    }

    @Test func `context comes from the agent's document stores, best first`() async throws {
        let shell = try shell(
            agent: "document_stores: [docs, notes]\nsearch: { top_k: 2 }",
            more: """
                document_stores:
                  docs: { path: ./docs }
                  notes: { path: ./docs, collection: other }
                """)
        let result = try await run(
            #"""
            printf '{"id":"a","content":"rotate the signing key"}\n{"id":"b","content":"backups run at night"}\n' |
                hector-embed --document | hector-search upsert -C docs --create
            printf '{"id":"c","content":"the key to the door"}\n' |
                hector-embed --document | hector-search upsert -C other --create
            hector --json 'how do I rotate a key?' | events 'select(.event == "context") | [.results[].id]'
            sed -n 1p log | jq -r '.request.messages[0].content' | grep -A1 '^\[1\]'
            hector query docs 'night backups' -k 1 --json | jq -r .id
            hector query docs 'night backups' --min-score 0.99 || echo $?
            hector query nowhere x || echo $?
            """#, in: shell)
        #expect(
            result.lines == [
                #"["a","c"]"#, "[1] a", "> rotate the signing key", "b", "1", "78",
            ])
    }

    @Test func `a store that was never indexed is an error, a database without stores is not`()
        async throws
    {
        let missing = try shell(
            agent: "document_stores: [docs]", more: "document_stores: { docs: { path: ./docs } }")
        let result = try await run("hector q", in: missing)
        #expect(result.status == 1)
        #expect(result.errors.contains("stage 'search': "))
        let optional = try await run("hector q", in: try shell(agent: "database: local-vectors"))
        #expect(optional.output == "You said: q\n")
    }

    @Test(arguments: [("y", "0"), ("n", "77")])
    func `a person is asked on the terminal, after what was said before`(
        answer: String, status: String
    ) async throws {
        let shell = try shell(
            agent: "tools: [tools]", answers: Self.calls([("write", #"{"text":"x"}"#)]))
        try shell.write(
            #"""
            import os, pty, sys
            process, terminal = pty.fork()
            if process == 0:
                os.execvp("hector", ["hector", "q"])
            shown = b""
            while True:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
                if b"]: " in shown:
                    shown = shown.split(b"]: ", 1)[1]
                    os.write(terminal, sys.argv[1].encode() + b"\n")
                sys.stdout.buffer.write(data)
            _, status = os.waitpid(process, 0)
            print("ended", os.waitstatus_to_exitcode(status))
            """#, to: "terminal.py")
        let result = try await run("python3 terminal.py \(answer)", in: shell)
        let lines = result.output.split(whereSeparator: \.isNewline)
        #expect(lines.starts(with: ["let me see", #"hector: calls write {"text":"x"}"#]))
        #expect(lines.contains("hector-tool: write of tools is to run"))
        #expect(lines.suffix(2) == ["done", "ended \(status)"])
    }
}
