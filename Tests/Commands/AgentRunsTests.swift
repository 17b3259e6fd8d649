import Foundation
import Testing

/// Runs of hector: many at once, stored, traced, and with the user's own stages.
@Suite(.serialized) struct AgentRunsTests: AgentShells {
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
        #expect(result.errors.contains("run '4': no member 'content'"))
        #expect(result.status == 1)
    }

    @Test(arguments: ["", "--json"])
    func `runs of one id side by side get their own answers`(options: String) async throws {
        // The second is answered before the first.
        let shell = try shell(agent: "stages: { generate: 'python3 model.py' }")
        try shell.write(
            """
            import json, sys, threading
            gone = threading.Event()
            def answer(record):
                text = record["messages"][-1]["content"]
                if text == "slow":
                    gone.wait()
                record["messages"].append({"role": "assistant", "content": "to " + text})
                print(json.dumps(record), flush=True)
                gone.set()
            for line in sys.stdin:
                threading.Thread(target=answer, args=[json.loads(line)]).start()
            """, to: "model.py")
        let result = try await run(
            """
            printf '%s\\n' '{"id":"x","content":"slow"}' '{"id":"x","content":"fast"}' |
                hector -j 2 \(options) > out; echo $?
            [ -z '\(options)' ] && cat out || events 'select(.answer) | [.run, .answer]' out | sort
            """, in: shell)
        #expect(
            result.lines
                == (options.isEmpty
                    ? ["0", "to slow", "to fast"]
                    : ["0", #"["x","to fast"]"#, #"["x","to slow"]"#]))
    }

    @Test func `an answer is printed whatever was streamed before it`() async throws {
        let shell = try shell(agent: "stages: { generate: 'python3 model.py' }")
        try shell.write(
            """
            import json, sys
            for number, line in enumerate(sys.stdin):
                record = json.loads(line)
                if number == 0:
                    print(json.dumps({"id": record["id"], "event": "delta", "text": "part"}))
                    record["error"] = {"code": "broken", "message": "broken"}
                else:
                    record["messages"].append({"role": "assistant", "content": f"{number}."})
                print(json.dumps(record), flush=True)
            """, to: "model.py")
        let result = try await run("printf 'a\\nb\\nc\\n' | hector --stream", in: shell)
        #expect(result.lines == ["part", "1.", "2."])
    }

    @Test func `runs with tools go side by side`() async throws {
        let shell = try shell(
            agent: "tools: [tools]", answers: Self.calls([("echo", #"{"text":"x"}"#)]))
        let result = try await run("seq 12 | hector -j 4", in: shell)
        #expect(result.lines.count == 12)
        #expect(result.status == 0)
    }

    @Test func `a line that cannot be understood is a run that failed, and the others go on`()
        async throws
    {
        for options in ["", "-j 3"] {
            let result = try await run(
                """
                printf 'one\\n{}\\n\\xff\\n{"content":5}\\ntwo\\n' | hector --json \(options) |
                    events 'select(.event | startswith("run.")) | [.event, .run, .error.code]' | sort
                """)
            #expect(
                result.lines == [
                    #"["run.failed","2","no_content"]"#, #"["run.failed","3","invalid_text"]"#,
                    #"["run.failed","4","invalid_content"]"#, #"["run.finished","1",null]"#,
                    #"["run.finished","5",null]"#, #"["run.started","1",null]"#,
                    #"["run.started","5",null]"#,
                ])
            #expect(result.status == 1)
        }
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
            hector -- one >/dev/null; hector -c two >/dev/null; hector --continue three >/dev/null
            asked 2; asked 3
            hector session | cut -f 2,3
            hector session show $(hector config names sessions) | head -2
            hector --session mine -- four > /dev/null
            hector --no-session -- five > /dev/null
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

    @Test func `a session that cannot be used hides no other`() async throws {
        let result = try await run(
            """
            for name in one two three; do hector --session $name q > /dev/null; done
            chmod 666 $HOME/.local/state/hector/sessions/two.jsonl
            hector session list | cut -f 1 | sort; hector session list --json > /dev/null; echo $?
            hector session delete one none three; echo $?
            ls $HOME/.local/state/hector/sessions
            """)
        #expect(result.lines == ["one", "three", "77", "1", "two.jsonl"])
        #expect(result.errors.contains("no session 'none'"))
    }

    @Test func `a terminal obeys nothing that was said or found`() async throws {
        let shell = try shell(
            more: "document_stores: { d: { path: d } }\ndefaults: { embedder: hash-embedder }")
        try shell.write(
            #"""
            from terminal import *
            for command in ["session show s", "session list", "query d words"]:
                t = Terminal("hector", *command.split())
                t.end()
                assert rb"\u001b]0;owned" in t.all and b"\x1b]0" not in t.all, t.all
            print("shown")
            """#, to: "drive.py")
        let result = try await run(
            #"""
            mkdir d; printf 'words \033]0;owned\007' > d/a.md; hector index
            hector --session s "$(cat d/a.md)" > answer
            grep -c $'\033' answer; hector session show s | grep -c $'\033'
            PYTHONPATH=$ROOT/Tests/Foreign/python python3 drive.py
            """#, in: shell)
        #expect(result.lines == ["1", "2", "shown"], "\(result.errors)")
    }

    // MARK: Traces

    @Test func `a trace of a command that loses ids, and one without tools, are replayed`()
        async throws
    {
        let shell = try shell(
            agent: #"""
                tools: [tools]
                stages:
                  generate: "jq --unbuffered -c '.messages += [{role: \"assistant\", content: \"hi\"}] | del(.id)'"
                """#)
        let result = try await run(
            "hector --trace t q; hector replay t; hector --no-tools --trace u q; hector replay u",
            in: shell)
        #expect(result.lines == ["hi", "hi", "hi", "hi"])
        #expect(result.errors.isEmpty)
    }

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
        #expect(
            result.errors.contains("hector: the run departs from the trace: line 4 of the trace"))
        #expect(result.errors.matches(of: /line 4 of the trace/).count == 1, "\(result.errors)")
        #expect(result.errors.contains("is no trace of this version of hector"))
    }

    // MARK: The user's stages

    @Test func `a command may stand in for a stage`() async throws {
        let shell = try shell(
            agent:
                #"stages: { generate: "jq --unbuffered -c '.messages += [{role: \"assistant\", content: (\"own: \" + .messages[-1].content)}]'" }"#
        )
        let result = try await run("hector run one; printf 'a\\nb\\n' | hector", in: shell)
        #expect(result.lines == ["own: one", "own: a", "own: b"])
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [
        ("echo oops", "answered with a line that is no record: oops", Int32(69)),
        ("exit 3", "exited with status 3", 69), ("kill -9 $$$$", "was killed by signal 9", 69),
        ("echo sorry >&2; exit 78", "exited with status 78\n", 78),
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

    @Test func `what a stage says itself is said once`() async throws {
        let shell = try shell(agent: "stages: { generate: 'echo sorry >&2; exit 78' }")
        let result = try await run(
            """
            hector q
            hector --json q 2> /dev/null | jq -r 'select(.event == "run.failed").error.message'
            """, in: shell)
        #expect(
            result.errors == """
                sorry
                hector: stage 'generate' ('echo sorry >&2; exit 78') exited with status 78

                """)
        #expect(
            result.lines == [
                "stage 'generate' ('echo sorry >&2; exit 78') exited with status 78: sorry"
            ])
    }
}
