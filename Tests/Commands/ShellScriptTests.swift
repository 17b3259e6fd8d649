import Foundation
import Testing

/// hector-shell without a terminal on standard input.
@Suite(.serialized) struct ShellScriptTests: ShellPrograms {
    @Test func `lines are questions of one conversation, and only answers are printed`()
        async throws
    {
        let shell = try shell()
        let result = try await script(
            """
            one

            :::
            two
            lines
            :::
            .history
            """, in: shell)
        #expect(
            result.output == """
                You said: one
                You said: two
                lines
                user: one
                assistant: You said: one
                user: two
                lines
                assistant: You said: two
                lines

                """)
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
        // Not kept, as no session was named.
        #expect(try await shell.run("hector session list").output.isEmpty)
    }

    @Test(arguments: [
        (".nothing", 64, "no command '.nothing'"), ("!exit 3", 3, ""), ("!kill -9 $$", 137, ""),
        (".agent x", 78, "no agent 'x'"), (".retry", 64, "nothing was asked yet"),
        (".search x y", 78, "no document store 'x'"),
        (".index nothing", 78, "no document store 'nothing'"),
        (".run nowhere", 74, "cannot open 'nowhere'"), (".plugin parot", 78, "mean 'parrot'?"),
        (".edit", 64, "needs a terminal"), (".copy", 64, "there is no answer yet"),
        ("::: begun", 65, "not ended by ':::'"), (".tool x", 64, "no tool 'x'"),
    ])
    func `a script stops at the first failure, with its exit status`(
        line: String, status: Int32, message: String
    ) async throws {
        let shell = try shell()
        let result = try await script("\(line)\n!echo on\n", in: shell)
        #expect(result.status == status)
        #expect(message.isEmpty || result.errors.contains(message))
        #expect(result.output.isEmpty)
        if status == 65 { return }
        let whole = try await script(
            "\(line)\n!echo on\n", options: "--agent a --keep-going", in: shell)
        #expect(whole.status == status)
        #expect(whole.output == "on\n")
    }

    @Test func `different failures of a script that keeps going are one`() async throws {
        let result = try await script(
            "!exit 3\n.nothing\n!echo on\n", options: "--agent a --keep-going")
        #expect(result.status == 1)
        #expect(result.output == "on\n")
    }

    @Test func `a model and settings that the plugin refuses can be taken back`() async throws {
        let shell = try Shell()
        try shell.write("agents: { e: { llm: extractive-llm } }\n", to: "hector.yaml")
        // Two of the questions fail.
        let result = try await script(
            """
            .set sentences=0
            What is a key?
            .set sentences default
            .set sentences=none
            .set sentences=default
            .model nothing
            .model
            What is a key?
            .model default
            What is a key?
            .set
            """, options: "--agent e --keep-going --option sentences=1", in: shell)
        #expect(result.errors.contains("setting 'sentences' is '0'"))
        #expect(result.errors.contains("line 2: stage 'generate'"))
        #expect(result.errors.contains("unknown setting 'model'"))
        #expect(result.errors.contains("line 8: stage 'generate'"))
        // A model that finds nothing to answer from has failed, too.
        #expect(result.errors.contains("line 10: I have no context"))
        #expect(result.errors.matches(of: /line \d+:/).count == 3, "\(result.errors)")
        #expect(result.status == 1)
        #expect(result.lines.count { $0.hasPrefix("I have no context") } == 1)
        #expect(result.lines.first == "nothing")
        #expect(result.output.contains("model             (the plugin's)\n"))
        #expect(result.output.hasSuffix("sentences         1\n"))
    }

    @Test func `a model that fails is a failure of the script`() async throws {
        let result = try await script("hi\n!echo on\n", options: "--agent d")
        #expect(result.status == 69)
        #expect(!result.output.contains("on\n"))
        #expect(result.errors.contains("hector-shell: line 1: stage 'generate'"))
    }

    @Test func `a tool that is denied is one too`() async throws {
        let result = try await script("go\n", options: "--agent t --no-stream")
        #expect(result.output == "# Done\n\n- with `it`\n")
        #expect(result.status == 77)
    }

    @Test func `a retry takes the place of the answer, on the disk too`() async throws {
        let shell = try shell()
        let result = try await script(
            "one\n.retry\n.retry\n.history\n", options: "--agent a --session s", in: shell)
        #expect(
            result.lines == [
                "You said: one", "You said: one", "You said: one", "user: one",
                "assistant: You said: one",
            ])
        let kept = try await shell.run("hector session show s")
        #expect(kept.lines == ["user: one", "assistant: You said: one"])
    }

    @Test func `a retry that fails leaves the answer that it was to replace`() async throws {
        let shell = try shell()
        let result = try await script(
            "first\n.set fault=error\n.retry\n.history\n",
            options: "--agent a --session s --keep-going", in: shell)
        let kept = try await shell.run("hector session show s")
        #expect(kept.lines == ["user: first", "assistant: You said: first"])
        #expect(Array(result.lines.suffix(2)) == kept.lines, "\(result.errors)")
    }

    @Test func `a retry that fails loses nothing, nor does one of what had no answer`()
        async throws
    {
        let shell = try shell()
        let result = try await script(
            """
            first
            second
            .set fault=error
            third
            .retry
            |cat
            .set fault=x
            .retry
            .history
            """, options: "--agent a --session s --keep-going", in: shell)
        #expect(result.errors.contains("line 6: the last question has no answer"))
        let kept = try await shell.run("hector session show s")
        #expect(
            kept.lines == [
                "user: first", "assistant: You said: first", "user: second",
                "assistant: You said: second", "user: third", "assistant: You said: third",
            ])
        #expect(Array(result.lines.suffix(6)) == kept.lines)
    }

    @Test func `a session that is taken up goes on with its last question`() async throws {
        let shell = try shell()
        _ = try await script("one\n", options: "--agent a --session s", in: shell)
        let result = try await script(
            "|cat\n.retry\n.history\n", options: "--agent a --session s", in: shell)
        #expect(
            result.lines == [
                "You said: one", "You said: one", "user: one", "assistant: You said: one",
            ])
    }

    @Test func `the pipeline is that of the agent that answered`() async throws {
        let shell = try shell()
        let result = try await script(
            "one\n.agent d\n.pipeline\n", options: "--agent a", in: shell)
        #expect(result.output.contains("--plugin parrot"))
        // The first thing that a user may do: no collection exists yet.
        try shell.write("", to: "empty.yaml")
        let first = try await shell.run(
            """
            echo 'Backups run at night.' > b.md
            printf '%s\\n' 'read_file b.md: when do backups run?' .pipeline |
                hector-shell --config empty.yaml > out
            head -n 1 out; tail -n +2 out > pipeline; bash pipeline
            """)
        #expect(first.lines == Array(repeating: "Backups run at night. [read_file b.md]", count: 2))
    }

    @Test func `scripts are read whatever wrote them, and tell where they fail`() async throws {
        let shell = try shell()
        let result = try await script(
            "\u{feff}one\r\n:::\r\ntwo\r\nlines\r\n:::\r\n", in: shell)
        #expect(result.output == "You said: one\nYou said: two\nlines\n")
        #expect(result.errors.isEmpty)
        let bad = try await shell.run(
            """
            printf '!echo on\\n!echo \\377\\n' | hector-shell --agent a; echo $?
            printf '!echo a\\0b\\n' | hector-shell --agent a; echo $?
            """)
        #expect(bad.lines == ["on", "65", "64"])
        #expect(
            bad.errors == """
                hector-shell: line 2: the line is not UTF-8
                hector-shell: line 1: a command cannot have NUL characters

                """)
    }

    @Test func `a script that runs itself, and files that are none, are errors`() async throws {
        let shell = try shell()
        try shell.write(".run itself\n", to: "itself")
        let result = try await script(".run itself\n", in: shell)
        #expect(result.status == 65)
        #expect(
            result.errors.hasSuffix(
                "hector-shell: itself: line 1: 'itself' is run by 16 scripts in a row\n"))
        let pipe = try await shell.run(
            """
            mkfifo pipe
            printf 'one\\n.run pipe\\n.save pipe\\n' | hector-shell --agent a --keep-going; echo $?
            echo old > out; chmod 644 out
            printf 'one\\n.save out\\n' | hector-shell --agent a; stat -c %a out
            """)
        #expect(pipe.lines == ["You said: one", "74", "You said: one", "600"])
        #expect(pipe.errors.contains("line 2: 'pipe' is no regular file"))
        #expect(pipe.errors.contains("line 3: 'pipe' is no regular file"))
    }

    @Test func `an answer goes into a pipe, and the record too`() async throws {
        let result = try await script(
            """
            one two
            |tr a-z A-Z
            |json jq -c '[.messages[].role]'
            .records
            """)
        #expect(
            result.lines.prefix(3) == [
                "You said: one two", "YOU SAID: ONE TWO", #"["user","assistant"]"#,
            ])
        let events = result.lines.dropFirst(3)
        #expect(events.first?.hasPrefix(#"{"event":"run.started","run":"1","agent":"a""#) == true)
        #expect(events.last?.hasPrefix(#"{"event":"run.finished","run":"1""#) == true)
    }

    @Test(arguments: [("--agent a", "one 'two'"), ("--agent t --approve always", "go")])
    func `the pipeline that is shown makes the same answer`(
        options: String, question: String
    ) async throws {
        let shell = try shell()
        let result = try await shell.run(
            """
            printf '%s\\n' "$(cat)" .pipeline | hector-shell --no-stream \(options) > out
            sed '/^printf/,$d' out > answer
            sed -n '/^printf/,$p' out > pipeline
            bash pipeline | sed '$!b;/^$/d' > again
            # A model that is started again for each answer gives the first one each time.
            [ "\(question)" = go ] || cmp answer again || cat out again
            grep -c hector- pipeline
            """, input: question)
        #expect(result.lines == [question == "go" ? "3" : "1"])
        #expect(result.errors.isEmpty)
    }

    @Test func `stores are searched and texts become vectors`() async throws {
        let shell = try shell()
        try shell.write("document_stores:\n  notes: { path: ./notes }\n", to: "stores.yaml")
        let result = try await shell.run(
            """
            mkdir notes
            echo 'Rotate the signing key twice a year.' > notes/keys.md
            hector-shell --config stores.yaml
            """,
            input: """
                .index -v notes
                .index status
                .index status --json | jq -r .store
                .search notes signing key
                .embed signing key
                .plugins
                .set
                .info
                """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("1 added"))
        #expect(result.output.contains("\nnotes\n"))
        #expect(result.output.contains("keys.md#1  Rotate the signing key twice a year.\n"))
        #expect(result.output.contains("dimension  "))
        #expect(result.output.contains("hash-embedder "))
        #expect(result.output.contains("configuration  stores.yaml\n"))
    }

    @Test func `what was said is saved, for people and for programs`() async throws {
        let shell = try shell()
        _ = try await script("one\n.save a.txt\n.save a.jsonl\n", in: shell)
        #expect(try shell.read("a.txt") == "user: one\nassistant: You said: one\n")
        let roles = try await shell.run("jq -r .role a.jsonl; stat -c %a a.jsonl")
        #expect(roles.lines == ["user", "assistant", "600"])
    }

    @Test func `a file stays as it is when a conversation cannot be saved in its place`()
        async throws
    {
        let shell = try shell()
        let result = try await shell.run(
            """
            echo precious > kept; ln -s kept link; trap '' XFSZ
            { printf '%04000d' 7; printf '\\n.save link\\n'; } > lines
            (ulimit -f 1; hector-shell --agent a < lines | wc -c; echo ${PIPESTATUS[0]})
            cat kept; printf 'one\\n.save link\\n' | hector-shell --agent a
            cat kept; ls
            """)
        #expect(
            result.lines == [
                "4011", "74", "precious", "You said: one", "user: one", "assistant: You said: one",
                "hector.yaml", "kept", "lines", "link",
            ], "\(result.errors)")
        #expect(result.errors.contains("line 2: cannot write '"))
    }

    @Test func `a script that goes on does so in the files that it runs`() async throws {
        let shell = try shell()
        try shell.write("!echo 1\n.foo\n!echo 2\n", to: "lines")
        let result = try await script(
            ".run lines\n!echo 3\n", options: "--agent a --keep-going", in: shell)
        #expect(result.lines == ["1", "2", "3"])
        #expect(result.errors.hasPrefix("hector-shell: lines: line 2: no command '.foo'"))
    }

    @Test func `the lines of a file are run`() async throws {
        let shell = try shell()
        try shell.write("one\n.new\n.history\n!exit 4\n", to: "lines")
        let result = try await script(".run lines\n", in: shell)
        #expect(result.output == "You said: one\n")
        #expect(result.status == 4)
    }

    @Test func `a trace of a script is replayed`() async throws {
        let result = try await shell().run(
            """
            printf '%s\\n' one two | hector-shell --agent a --trace trace
            hector replay trace
            """)
        #expect(
            result.lines == ["You said: one", "You said: two", "You said: one", "You said: two"])
        #expect(result.status == 0)
    }

    @Test func `a signal ends a script and its filters`() async throws {
        let shell = try shell()
        let result = try await shell.run(
            """
            echo 'one two' > in
            env --default-signal hector-shell --agent w < in > out &
            until grep -q You out; do sleep 0.01; done
            kill -INT $!; wait $!; echo $?
            """)
        #expect(result.lines == ["130"])
        #expect(shell.leftovers.isEmpty)
    }

    @Test(arguments: [
        "exec tail -f /dev/null", "trap '' TERM HUP; while :; do sleep 0.1; done",
        "sleep 0.1; kill -STOP $$",
    ])
    func `a signal ends the command that runs, and the script`(command: String) async throws {
        let shell = try shell()
        try shell.write("!echo $$ > job; \(command)\n!echo on\n", to: "in")
        for (name, status) in [("TERM", "143"), ("HUP", "129")] {
            let result = try await shell.run(
                """
                rm -f job
                env --default-signal hector-shell --agent a --keep-going < in 2> told &
                until [ -s job ]; do sleep 0.01; done
                kill -\(name) $!; wait $!; echo $?
                kill -0 $(cat job) 2> gone || echo gone
                cat told
                """)
            #expect(result.lines == [status, "gone"])
        }
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a closed output is not an error, and a full disk is one`() async throws {
        let gone = try await shell().run(
            "printf '%s\\n' one two three | hector-shell --agent a | head -1")
        #expect(gone.output == "You said: one\n")
        #expect(gone.status == 0 || gone.status == 141)
        #expect(gone.errors.isEmpty)
        let full = try await shell().run("echo one | hector-shell --agent a > /dev/full")
        #expect(full.status == 74)
        #expect(full.errors == "hector-shell: cannot write: No space left on device\n")
    }
}
