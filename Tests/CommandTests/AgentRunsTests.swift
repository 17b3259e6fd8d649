import Foundation
import Testing

/// The runs of hector: many, kept, traced, and with stages of the user's.
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
        #expect(
            result.errors.contains("hector: the run departs from the trace: line 4 of the trace"))
        #expect(result.errors.matches(of: /line 4 of the trace/).count == 1, "\(result.errors)")
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
