import Foundation
import Testing

/// The context of hector's question: standard input and files.
@Suite(.serialized) struct AgentContextTests: AgentShells {
    @Test(arguments: [
        "'how many?' -", "- 'how many?'", "how many? -", "run - how many?", "-f - 'how many?'",
        "--file=- how many?",
    ])
    func `a dash sends standard input with the question`(arguments: String) async throws {
        let result = try await run(
            "printf 'one\\ntwo\\n' | hector \(arguments) && asked 1")
        #expect(
            result.lines == [
                "You said: one", "two", "how many?", #"[["user","one\ntwo\n\nhow many?"]]"#,
            ])
        #expect(result.errors == "")
    }

    @Test func `a dash between words is one of them`() async throws {
        let result = try await run("hector a - b && hector -f a.txt a - b", in: withFile())
        #expect(result.lines == ["You said: a - b", "You said: text of a", "a - b"])
        #expect(result.errors == "")
    }

    @Test func `files go before the question, each under its name, standard input among them`()
        async throws
    {
        let shell = try withFile()
        let result = try await run(
            """
            echo piped | hector -f a.txt -f <(echo made) compare - && asked 1 | jq -r '.[0][1]'
            echo piped | hector -f - -f a.txt compare >/dev/null && asked 2 | jq -r '.[0][1]'
            """, in: shell)
        #expect(
            result.output.replacing(/\/dev\/fd\/[0-9]+/, with: "PIPE")
                == """
                You said: ==> a.txt <==
                text of a

                ==> PIPE <==
                made

                ==> standard input <==
                piped

                compare
                ==> a.txt <==
                text of a

                ==> PIPE <==
                made

                ==> standard input <==
                piped

                compare
                ==> standard input <==
                piped

                ==> a.txt <==
                text of a

                compare

                """)
        #expect(result.errors == "")
    }

    @Test func `a word beside a context is a question`() async throws {
        let result = try await run(
            "hector -f a.txt summarize && hector summarize - <a.txt && hector - indx <a.txt",
            in: withFile())
        #expect(
            result.lines.filter { !$0.contains("text of a") } == ["summarize", "summarize", "indx"])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `files go with each line`() async throws {
        let result = try await run("printf 'one\\ntwo\\n' | hector -j 2 -f a.txt", in: withFile())
        #expect(
            result.lines == ["You said: text of a", "one", "You said: text of a", "two"])
    }

    @Test func `records are passages, and events and the session have the question alone`()
        async throws
    {
        let shell = try shell()
        let result = try await run(
            """
            printf '%s\\n' '{"id":"k","content":"Keys turn."}' text \\
                '{"results":[{"id":"r","score":1,"content":"Reds stop."}]}' >in
            hector --json 'What turns?' - <in | events 'select(.event == ("run.started", "context"))
                | [.event, .question, .stores, .files, (.results // [] | map(.id))]'
            asked 1 | jq -c '.[0][1] | [contains("> Keys turn."), contains("> Reds stop."),
                endswith("text\\n\\nWhat turns?")]'
            hector session | cut -f 2-
            hector -c 'And then?' >/dev/null
            # Passages go before the last question, and the text stays where it was.
            asked 2 | jq -c 'map([.[0], (.[1] | contains("> Keys turn."), endswith("?"))])'
            sed -n 2p log | jq -c '[.request.messages[0] | keys[]] | index("context")'
            """, in: shell)
        #expect(
            result.lines == [
                #"["run.started","What turns?",null,null,[]]"#,
                #"["context",null,[],[{"name":"-","bytes":97}],["k","r"]]"#,
                "[true,true,true]", "1\tWhat turns?",
                #"[["user",false,true],["assistant",true,true],["user",true,true]]"#, "null",
            ], "\(result.errors)")
    }

    @Test func `one process embeds the question and searches, unless the user replaces a stage`()
        async throws
    {
        let shell = try withFile()
        try shell.write(
            """
            plugins:
              database_providers: { cat: { path: CATALOG, config: { path: db } } }
            document_stores: { s: { path: ./s } }
            agents:
              words: { document_stores: [s], search: { mode: text, top_k: 1 } }
              both: { document_stores: [s], search: { mode: hybrid, alpha: 0.4, min_score: 0 } }
              replaced: { document_stores: [s], stages: { embed: "hector-embed --query" } }
              wrong: { document_stores: [s], search: { mode: words, alpha: 2 } }

            """, to: "given.yaml")
        let result = try await shell.run(
            """
            sed "s|CATALOG|$(command -v catalog-database)|; /wrong/d" given.yaml > hector.yaml
            mkdir s; echo 'Keys turn twice a year.' > s/k.txt; hector index s
            for agent in words both replaced; do
                hector --agent $agent --trace $agent.t 'when do keys turn?'
                jq -r .stage $agent.t | sort -u | tr '\\n' ' '; echo
                jq -c 'select(.stage == "search" and .direction == "from").line | fromjson |
                    .results[0].scores | keys' $agent.t
            done
            sed "s|CATALOG|$(command -v catalog-database)|" given.yaml > hector.yaml
            hector validate || echo $?
            """)
        let answer = "Keys turn twice a year. [k.txt#1]"
        #expect(
            result.lines == [
                answer, "generate null search ", #"["text"]"#,
                answer, "generate null search ", #"["text","vector"]"#,
                answer, "embed generate null search ", #"["text","vector"]"#, "78",
            ], "\(result.errors)")
        #expect(result.errors.contains("'agents.wrong.search.mode' is 'words', expected hybrid"))
        #expect(
            result.errors.contains(
                "'agents.wrong.search.alpha' is '2', expected a number from 0 to 1"))
    }

    @Test func `the stores are searched for the question alone`() async throws {
        let shell = try withFile()
        try shell.write(
            """
            plugins:
              llm_providers: { model: { path: "${FOREIGN}/python-llm" } }
            agents:
              a: { llm: model, document_stores: [s], stages: { embed: "tee embed.log | hector-embed" } }
            document_stores: { s: { path: ./s } }

            """, to: "hector.yaml")
        let result = try await run(
            """
            mkdir s; echo 'Keys turn.' >s/k.txt; hector index s
            hector -f a.txt 'What turns?' | tail -1
            jq -r .content embed.log
            """, in: shell)
        #expect(result.lines == ["What turns?", "What turns?"], "\(result.errors)")
    }

    @Test func `a strategy hears the question, and the context in the conversation`() async throws {
        let shell = try shell(
            agent:
                "reasoning_strategy: strategy\nstages: { reason: 'tee reason.log | hector-reason --plugin strategy' }"
        )
        try shell.write("text of a\n", to: "a.txt")
        let result = try await run(
            """
            hector -f a.txt 'q q' >/dev/null
            jq -c 'select(.state) | [.state.query, .messages[0].content]' reason.log | sort -u
            """, in: shell)
        #expect(result.lines == [#"["q q","text of a\n\nq q"]"#], "\(result.errors)")
    }

    @Test func `a trace has the context, so that a replay asks the same`() async throws {
        let result = try await run(
            """
            printf '%s\\n' text '{"id":"k","content":"Keys turn."}' >in
            hector --trace t -f a.txt --session s 'What turns?' - <in
            hector --trace u --session s 'And then?' >/dev/null
            rm in a.txt; : >log
            hector replay t && hector replay u >/dev/null && cat log
            """, in: withFile())
        let answer = [
            "==> a.txt <==", "text of a", "==> standard input <==", "text", "What turns?",
        ]
        #expect(result.lines.filter { answer.contains($0) } == answer + answer, "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test(arguments: [
        ("-f nope q q", 74, "cannot open 'nope': No such file or directory"),
        ("-f . q q", 74, "cannot read '.': Is a directory"),
        ("-f pipe q q", 74, "cannot read 'pipe': Not a regular file"),
        ("-f empty q q", 65, "'empty' is empty"),
        ("-f blank q q", 65, "'blank' is empty"),
        ("-f binary q q", 65, "line 2 of 'binary' is not UTF-8"),
        ("-f nothing q q", 65, "'nothing' has neither text nor passages"),
        ("-f failed q q", 65, "line 1 of 'failed' has failed before: it broke"),
        ("q q - </dev/null", 65, "standard input is empty"),
        ("q q - <binary", 65, "line 2 of standard input is not UTF-8"),
        ("q q - <&-", 74, "cannot read: Bad file descriptor"),
        ("q q - <.", 74, "cannot read: Is a directory"),
        ("-f large q q", 65, "'large' is longer than 64 MiB"),
        ("-f half -f half q q", 65, "the context is longer than 64 MiB"),
        ("- <a.txt", 64, "no question for which '-' reads standard input"),
        ("''", 64, "the question is empty"), ("' ' -f a.txt", 64, "the question is empty"),
        ("- q -", 64, "'-' is there twice"), ("-f - q -", 64, "'-' is there twice"),
    ])
    func `what cannot be sent is refused before a model is asked`(
        arguments: String, status: Int32, message: String
    ) async throws {
        let result = try await run(
            """
            mkfifo pipe; : >empty; printf ' \\n\\n' >blank; printf 'a\\n\\xff\\n' >binary
            echo '{"results":[]}' >nothing
            echo '{"error":{"stage":"embed","code":"x","message":"it broke"}}' >failed
            truncate -s 65M large; truncate -s 40M half
            hector \(arguments)
            status=$?; [ -e log ] && echo asked; hector session; exit $status
            """, in: withFile())
        #expect(result.output == "")
        #expect(result.errors.contains("hector: \(message)"), "\(result.errors)")
        #expect(result.status == status)
    }

    @Test func `the largest context is bounded and sent whole`() async throws {
        let result = try await run(
            """
            yes 'the same line again' | head -c 400000 >big
            hector -f big 'q q' | tail -1
            sed -n 1p log | jq '.request.messages[0].content | length'
            """)
        #expect(result.lines == ["q q", "\(400_000 + 4)"], "\(result.errors)")
    }

    // MARK: Standard input that is not read

    private static let notice =
        "hector: standard input is not read: put '-' after the question to send it as context, or "
        + "redirect it from /dev/null\n"

    @Test(arguments: [
        // (a command, the number of times it says so)
        ("hector 'q q' <a.txt", 1), ("cat a.txt | hector 'q q'", 1),
        ("cat a.txt | hector -f a.txt 'q q'", 1),
        ("hector -q 'q q' <a.txt", 0), ("hector 'q q' </dev/null", 0), ("hector 'q q' <&-", 0),
        ("hector 'q q' <empty", 0), ("true | hector 'q q'", 0), ("hector 'q q' - <a.txt", 0),
        ("hector -f - 'q q' <a.txt", 0), ("echo q q | hector", 0), ("hector 'q q' 0>out", 0),
        // An empty pipe that stays open: Hector does not wait for it.
        ("mkfifo p; hector 'q q' <>p", 0),
        // The shell's loop reads each line.
        ("while read -r line; do hector \"q $line\"; done <a.txt", 0),
        ("while read -r line; do hector \"q $line\"; done <two", 0),
    ])
    func `that it was not read is said once, and only if something is there`(
        command: String, count: Int
    ) async throws {
        let result = try await run(
            ": >empty; printf 'one\\ntwo\\n' >two; { \(command); } >answers; [ -s answers ]",
            in: withFile())
        #expect(result.errors == String(repeating: Self.notice, count: count))
        #expect(result.status == 0)
    }

    @Test func `input that comes while the model answers is noticed, too`() async throws {
        let shell = try shell(llm: ", wait: \"${PWD}/go\"")
        try shell.write("text of a\n", to: "a.txt")
        let result = try await run(
            """
            (until [ -e log ]; do read -t 0.05 < <(:); done; cat a.txt; : > go) |
                hector --json 'q q' > answers
            """, in: shell)
        #expect(result.errors == Self.notice)
        #expect(result.status == 0)
    }

    @Test func `a socket that is standard input is looked at, and not waited for`() async throws {
        let shell = try shell()
        try shell.write(
            """
            import socket, subprocess

            for data in (b"", b"x"):
                ours, theirs = socket.socketpair()
                ours.send(data)
                ran = subprocess.run(
                    ["hector", "q q"], stdin=theirs, capture_output=True, text=True)
                print(ran.returncode, ran.stderr.count("not read"))
            """, to: "socket_input.py")
        let result = try await run("python3 socket_input.py", in: shell)
        #expect(result.lines == ["0 0", "0 1"], "\(result.errors)")
    }

    private func withFile() throws -> Shell {
        let shell = try shell()
        try shell.write("text of a\n", to: "a.txt")
        return shell
    }
}
