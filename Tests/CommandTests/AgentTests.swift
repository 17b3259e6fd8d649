import Foundation
import Testing

/// hector with agents of foreign plugins.
@Suite(.serialized) struct AgentTests {
    /// A shell with a configuration of an agent `a`, whose model notes what it is asked in `log`,
    /// and `asked`, which prints what was asked in a call.
    private func shell(
        agent: String = "", answers: String = "", llm: String = "", more: String = ""
    ) throws -> Shell {
        let shell = try Shell()
        let answers = answers.isEmpty ? "" : ", answers: '\(answers)'"
        try shell.write(
            """
            plugins:
              llm_providers:
                model:
                  path: "${FOREIGN}/python-llm"
                  config: { log: "${PWD}/log"\(answers)\(llm) }
              tool_providers:
                tools: { path: "${FOREIGN}/python-tools" }
                extra: { path: "${FOREIGN}/python-tools", config: { extra: more } }
              reasoning_strategies:
                strategy: { path: "${FOREIGN}/python-strategy" }
            agents:
              a:
                llm: model
            \(indented(agent, 4))
            \(more)

            """, to: "hector.yaml")
        return shell
    }

    private func indented(_ text: String, _ columns: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: columns) + $0 }
            .joined(separator: "\n")
    }

    private func run(
        _ script: String, in shell: Shell? = nil, input: String = ""
    ) async throws -> Shell.Result {
        try await (shell ?? self.shell()).run(
            """
            asked() { sed -n "${1}p" log | jq -c '[.request.messages[] | [.role, .content]]'; }
            events() { jq -c "$@"; }

            """ + script, input: input)
    }

    /// A model's answers: a tool call each, then a text.
    private static func calls(_ calls: [(String, String)], then text: String = "done") -> String {
        let turns = calls.enumerated().map { index, call in
            let arguments = call.1.replacingOccurrences(of: "\"", with: "\\\"")
            return
                #"{"text":"let me see","tool_calls":[{"id":"c\#(index + 1)","name":"\#(call.0)","arguments":"\#(arguments)"}]}"#
        }
        return "[" + (turns + ["\"\(text)\""]).joined(separator: ",") + "]"
    }

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
            # A piece comes as it comes.
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

    @Test func `only the answer is printed where nobody watches`() async throws {
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
    func `a tool's failure is told to the model, and the run goes on`(
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

    @Test func `a denied tool is told to the model, and the status tells the user`() async throws {
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
        #expect(result.errors.contains("the tool 'echo' is in both"))
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

    // MARK: What the model is told

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

    // MARK: Many runs

    @Test func `each line is a run, in order, also side by side`() async throws {
        for options in ["", "-j 4", "-j 4 --json"] {
            let result = try await run(
                "seq 20 | hector \(options)"
                    + (options.hasSuffix("json") ? " | events -r '.answer // empty' | sort -V" : "")
            )
            #expect(result.lines == (1...20).map { "You said: \($0)" })
            #expect(result.status == 0)
        }
    }

    @Test func `a line may be a record, and its id is the run's`() async throws {
        let result = try await run(
            "hector --json | events -c 'select(.answer) | [.run, .answer]'",
            input: #"{"id":"x","content":"one"}"# + "\n\n\"no record\"\n{\"id\":3}\n")
        #expect(
            result.lines == [
                #"["x","You said: one"]"#, #"["3","You said: \"no record\""]"#,
            ])
        #expect(result.errors.contains("line 4: no member 'content'"))
        #expect(result.status == 1)
    }

    @Test func `a run that fails leaves the next`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nmax_iterations: 1",
            answers:
                #"[{"tool_calls":[{"id":"c","name":"echo","arguments":"{\"text\":\"x\"}"}]},"fine"]"#
        )
        let result = try await run("printf 'a\\nb\\n' | hector", in: shell)
        #expect(result.lines == ["fine"])
        #expect(result.status == 1)
    }

    // MARK: Sessions

    @Test func `a session goes on where it was, and is cut at its oldest end`() async throws {
        let shell = try shell(agent: "max_history_messages: 2")
        let result = try await run(
            """
            hector one >/dev/null; hector -c two >/dev/null; hector --continue three >/dev/null
            asked 2; asked 3
            hector session | cut -f 2,3
            hector session show $(hector config names sessions) | head -2
            hector --session mine four > /dev/null
            hector --no-session five > /dev/null
            hector config names sessions | head -1
            stat -c %a $HOME/.local/state/hector/sessions/mine.jsonl
            hector session delete mine && hector session show mine || echo $?
            """, in: shell)
        #expect(
            result.lines == [
                #"[["user","one"],["assistant","You said: one"],["user","two"]]"#,
                #"[["user","two"],["assistant","You said: two"],["user","three"]]"#,
                "3\tone", "user: one", "assistant: You said: one", "mine", "600", "1",
            ])
    }

    // MARK: Traces

    @Test func `a trace is replayed to the byte, without any plugin`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy",
            answers: Self.calls([("echo", #"{"text":"x"}"#), ("nothing", "{}")]))
        let result = try await run(
            """
            hector --json --trace t q | events 'del(.time)' > live
            mv log once
            hector replay --json t | events 'del(.time)' > first
            hector replay --json t | events 'del(.time)' > second
            cmp live first && cmp first second && echo same
            ls log 2>/dev/null
            stat -c %a t
            hector replay t
            """, in: shell)
        #expect(result.lines == ["same", "600", "done"])
        #expect(result.errors.isEmpty)
    }

    @Test func `a run that departs from its trace says where`() async throws {
        let shell = try shell(agent: "tools: [tools]")
        let result = try await run(
            """
            hector --trace t q > /dev/null
            hector replay -s 'Be brief.' t || echo $?
            head -2 t > short; hector replay short || echo $?
            echo '{}' > none; hector replay none || echo $?
            hector replay missing || echo $?
            """, in: shell)
        #expect(result.lines == ["1", "1", "65", "65"])
        #expect(result.errors.contains("the run departs from the trace: line 4 of the trace"))
        #expect(result.errors.contains("is no trace of this version of hector"))
    }

    // MARK: Stages of the user's

    @Test func `a command may stand in for a stage`() async throws {
        let shell = try shell(
            agent:
                #"stages: { generate: "jq --unbuffered -c '.messages += [{role: \"assistant\", content: (\"own: \" + .messages[-1].content)}]'" }"#
        )
        let result = try await run("hector one; printf 'a\\nb\\n' | hector", in: shell)
        #expect(result.lines == ["own: one", "own: a", "own: b"])
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [
        ("echo oops", "answered with a line that is no record: oops", Int32(69)),
        ("exit 3", "exited with status 3", 69), ("kill -9 $$$$", "was killed by signal 9", 69),
        ("echo sorry >&2; exit 78", "exited with status 78: sorry", 78),
        ("echo '{\"id\":\"other\"}'; cat", "a record that nobody has asked for, 'other'", 69),
        ("jq --unbuffered -c '.id'", "is no record: \"1.1\"", 69),
        ("jq --unbuffered -c .", "added no assistant's message", 69),
    ])
    func `a stage that goes wrong is named`(command: String, message: String, status: Int32)
        async throws
    {
        let shell = try shell(
            agent: "stages: { generate: '\(command.replacingOccurrences(of: "'", with: "''"))' }")
        let result = try await run("hector q", in: shell)
        #expect(result.status == status)
        #expect(result.errors.contains("stage 'generate'"))
        #expect(result.errors.contains(message))
        #expect(result.output.isEmpty)
    }

    // MARK: Endings

    @Test(arguments: ["hector-generate", "hector-tool", "hector-reason"])
    func `a filter that is killed is an error that names its stage`(victim: String) async throws {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/go\"",
            more: "")
        let result = try await run(
            """
            hector 'one two' --stream > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            pkill -KILL -P $hector -x \(victim.prefix(15))
            touch go
            wait $hector; echo $?
            """, in: shell)
        // A stage that is not asked any more may be missed by nobody.
        let status = victim == "hector-tool" ? "0" : "69"
        #expect(result.lines == [status])
        if status == "69" {
            #expect(
                result.errors.contains(
                    "stage '\(victim.dropFirst(7))' (\(victim)) was killed by signal 9"))
        }
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `nothing outlives a hector that is killed`() async throws {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/never\"")
        let result = try await run(
            """
            hector --stream 'one two' > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            children() { for p in $(pgrep -P $1); do echo $p; children $p; done; }
            all=$(children $hector)
            [ $(wc -w <<< "$all") -ge 6 ] || echo too few
            kill -KILL $hector
            for i in $(seq 500); do
                left=
                for p in $all; do kill -0 $p 2>/dev/null && left="$left $p"; done
                [ -z "$left" ] && break
                sleep 0.02
            done
            [ -z "$left" ] && echo none
            """, in: shell)
        #expect(result.lines == ["none"])
    }

    @Test(arguments: [("INT", "130"), ("TERM", "143")])
    func `a signal in the middle of an answer ends all at once`(signal: String, status: String)
        async throws
    {
        let shell = try shell(
            agent: "tools: [tools]\nreasoning_strategy: strategy", llm: ", wait: \"${PWD}/never\"")
        let result = try await run(
            """
            env --default-signal hector --stream 'one two' > out & hector=$!
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            children() { for p in $(pgrep -P $1); do echo $p; children $p; done; }
            all=$(children $hector)
            kill -\(signal) $hector
            wait $hector; echo $?
            for p in $all; do kill -0 $p 2>/dev/null && echo alive; done
            grep -c cancelled log
            """, in: shell)
        #expect(result.lines == [status, "1"])
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a reader that leaves ends the run quietly`() async throws {
        let shell = try shell(llm: ", stamps: 100000")
        let result = try await run(
            "hector --stream q | head -1 | wc -l; echo ${PIPESTATUS[0]}", in: shell)
        #expect(result.lines == ["1", "141"])
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [
        "hector q", "hector --json q", "hector help", "hector session", "hector config path",
    ])
    func `a full disk is an error`(command: String) async throws {
        let shell = try shell()
        _ = try await run("hector before >/dev/null", in: shell)
        let result = try await run("\(command) > /dev/full", in: shell)
        #expect(result.status == 74)
        #expect(result.errors == "hector: cannot write: No space left on device\n")
    }

    @Test func `a trace that cannot be written is an error`() async throws {
        let result = try await run(
            "hector --trace /nowhere/t q || echo $?; hector --trace /dev/full q || echo $?")
        #expect(result.lines == ["74", "You said: q", "74"])
    }

    @Test(arguments: [
        ("hector --agent b q", Int32(78), "no agent 'b', did you mean 'a'?"),
        ("hector --jobs 0 q", 64, "--jobs must be"),
        ("hector -c q", 64, "no session to go on with"),
        ("hector -c --session x q", 64, "exclude each other"),
        ("hector --session ../x q", 64, "no name for a session"),
        ("hector --llm nothing q", 78, "no llm"), ("hector --config none q", 78, "none"),
        ("hector help nothing", 64, "no command 'nothing'"),
    ])
    func `what makes no sense is told`(command: String, status: Int32, message: String) async throws
    {
        let result = try await run(command)
        #expect(result.status == status)
        #expect(result.errors.lowercased().contains(message.lowercased()), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    // MARK: Commands

    @Test func `hector NAME is hector-NAME, from beside it or from PATH`() async throws {
        let result = try await run(
            """
            mkdir bin; printf '#!/bin/sh\\necho "own $*"\\n' > bin/hector-mine; chmod +x bin/hector-mine
            PATH=$PATH:$PWD/bin
            hector mine a b
            hector embed --version
            hector help | grep -c '^  mine\\|^  embed'
            hector help embed | head -1
            hector help run | head -1
            """)
        #expect(
            result.lines == [
                "own a b", "hector-embed 0.1.0", "2",
                "OVERVIEW: Add to each record the vector of its text.",
                "OVERVIEW: Answer a question, or each line; what is done without a subcommand.",
            ])
    }

    @Test func `every mistake of a configuration and its plugins is told`() async throws {
        let shell = try shell()
        try shell.write(
            "plugins:\n  llm_providers:\n    gone: { path: ./gone, config: { k: \"${UNSET}\" } }\n    m: { path: ./m }\n",
            to: "other.yaml")
        let result = try await run(
            """
            hector validate || echo $?
            hector validate other.yaml || echo $?
            printf 'agentz: {}\\nagents: { a: { llm: nope } }\\n' > third.yaml
            hector validate third.yaml || echo $?
            cd $HOME; hector validate || echo $?
            """, in: shell)
        #expect(result.lines == ["78", "78", "78"])
        #expect(result.errors.contains("gone"))
        #expect(result.errors.contains("third.yaml:1:1: unknown key 'agentz'"))
        #expect(result.errors.contains("third.yaml:2:21: "))
    }

    @Test func `the configuration is shown without secrets`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                a: { path: ./a, config: { api_key: abc123, max_tokens: 5, other_token: "t0p", url: "http://x" } }
                b: { config: { api_key: "${KEY}", headers: { X-Any: s3cret }, list: [1, two] } }

            """, to: "hector.yaml")
        let result = try await shell.run("hector config show; hector config path")
        #expect(
            result.output == """
                plugins:
                  llm_providers:
                    a:
                      path: ./a
                      config:
                        api_key: "********"
                        max_tokens: 5
                        other_token: "********"
                        url: "http://x"
                    b:
                      config:
                        api_key: "${KEY}"
                        headers:
                          X-Any: "********"
                        list:
                          - 1
                          - two
                \(shell.path)/hector.yaml

                """)
    }
}
