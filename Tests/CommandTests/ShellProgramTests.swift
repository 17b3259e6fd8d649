import Foundation
import Testing

/// hector-shell on a terminal of its own, and with scripts.
@Suite(.serialized) struct ShellProgramTests {
    /// A shell with agents `a`, whose model repeats what it is told, `w`, whose model waits for a
    /// file `go` after its first word, `t`, whose model calls a tool, and others that go wrong.
    private func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            #"""
            plugins:
              llm_providers:
                parrot: { path: "${FOREIGN}/python-llm" }
                waiting:
                  path: "${FOREIGN}/python-llm"
                  config: { wait: "${PWD}/go", log: "${PWD}/log" }
                caller:
                  path: "${FOREIGN}/python-llm"
                  config:
                    answers: '[{"text":"let me see","tool_calls":[{"id":"c1","name":"erase",
                      "arguments":"{\"what\":\"all\"}"}]},"# Done\n\n- with `it`\n"]'
                broken: { path: /bin/false }
                dying: { path: "${FOREIGN}/python-llm", config: { fault: "die:1" } }
              tool_providers:
                tools: { path: "${FOREIGN}/python-tools" }
            agents:
              a: { llm: parrot }
              w: { llm: waiting }
              t: { llm: caller, tools: [tools] }
              b: { llm: broken }
              d: { llm: dying }
              longname: { llm: parrot }
            document_stores:
              notes: { path: ./notes }

            """#, to: "hector.yaml")
        return shell
    }

    /// Runs a Python program that has a person's hands and eyes: see terminal.py.
    private func drive(_ program: String, in shell: Shell? = nil) async throws -> Shell.Result {
        let shell = try shell ?? self.shell()
        try shell.write(
            """
            from terminal import *

            \(program)
            """, to: "drive.py")
        let result = try await shell.run(
            "export PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1\n"
                + "python3 drive.py")
        #expect(result.status == 0, "\(result.errors)\(result.output)")
        return result
    }

    // MARK: A person

    @Test func `a question is answered at the prompt, and ^D leaves`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("one two\r")
            t.expect("You said: one two")
            t.expect("a> ")
            t.send("\x04")
            print(t.end(), t.first_modes == t.modes())
            """#)
        #expect(result.lines == ["0 True"])
    }

    @Test func `hector at a terminal is hector-shell`() async throws {
        let result = try await drive(
            #"""
            for words in (["hector", "--agent", "a"], ["hector", "run", "--agent", "a"]):
                t = Terminal(*words)
                t.expect("a> ")
                t.send(".exit\r")
                print(t.end())
            """#)
        #expect(result.lines == ["0", "0"])
    }

    @Test(arguments: [
        (#".ag\t\t\t"#, #".agents  \r\n"#), (#".agent lon\t\r"#, "longname> "),
        (#".hist\t\r"#, "user: first"), (#".verbose of\t"#, "f "), (#".set sty\t"#, "ling "),
        (#"!cat hector.y\t"#, "aml "), (#".plugin par\t\r"#, #"name         parrot\r\n"#),
        (#".session ol\t"#, "d "), (#".help pipe\t\r"#, "would have made the last answer"),
        (#"::: hector.y\t"#, "aml "), (#".search no\t"#, "tes "),
    ])
    func `commands, names and files are completed`(keys: String, shown: String) async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", "--session", "old")
            t.expect("a> ")
            t.send("first\r")
            t.expect("You said: first\r\n")
            t.expect("a> ")
            t.send("\#(keys)")
            t.expect("\#(keys)".split("\t")[0])
            t.expect("\#(shown)")
            print("shown")
            """#)
        #expect(result.lines == ["shown"])
    }

    @Test func `the names of tools are completed once they are known`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t")
            t.expect("t> ")
            t.send(".tools\r")
            t.expect("erase  ")
            t.expect("t> ")
            t.send(".tool ec\t")
            t.expect(".tool echo ")
            print("shown")
            """#)
        #expect(result.lines == ["shown"])
    }

    @Test func `with its output in a file the prompt is on the terminal`() async throws {
        let shell = try shell()
        let result = try await drive(
            #"""
            t = Terminal("sh", "-c", "hector-shell --agent t --approve always >out")
            t.expect("t> ")
            t.send("go\r")
            t.expect("erase")
            t.expect("t> ")
            t.send("\x04")
            print(t.end())
            """#, in: shell)
        #expect(result.lines == ["0"])
        #expect(try shell.read("out") == "# Done\n\n- with `it`\n")
    }

    @Test func `keys are those of inputrc`() async throws {
        let shell = try shell()
        try shell.write(
            "$if hector\nset editing-mode vi\n$endif\n\"\\C-xg\": \"good\"\n", to: "inputrc")
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", INPUTRC="inputrc")
            t.expect("a> ")
            t.send("xello \x18g\x1b0rh\r")
            t.expect("You said: hello good\r\n")
            t.expect("a> ")
            t.send("never\x1bh\x03")
            t.expect("^C")
            t.expect("a> ")
            print("edited")
            """#, in: shell)
        #expect(result.lines == ["edited"])
    }

    @Test func `history is kept for the next time, for this user only`() async throws {
        let shell = try shell()
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("the first question\r")
            t.expect("You said: the first question")
            t.expect("a> ")
            t.send(":::\rmany\rlines\r:::\r")
            t.expect("You said: many\r\nlines")
            t.expect("a> ")
            t.send("\x04")
            t.end()
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("\x1b[A\r")
            t.expect("You said: many\r\nlines")
            t.expect("a> ")
            # ^R looks for what was typed longest ago.
            t.send("\x12first q\r")
            t.expect("You said: the first question")
            t.expect("a> ")
            t.send("\x04")
            print(t.end())
            """#, in: shell)
        #expect(result.lines == ["0"])
        let mode = try await shell.run("stat -c %a $HOME/.local/state/hector/history")
        #expect(mode.output == "600\n")
    }

    @Test func `^C stops an answer, keeps what came, and gives the prompt back`() async throws {
        let shell = try shell()
        let result = try await drive(
            #"""
            import os
            t = Terminal("hector-shell", "--agent", "w", "--session", "s")
            t.expect("w> ")
            t.send("one two\r")
            t.expect("You")
            t.send("\x03")
            t.expect("[cut: ")
            t.expect("w> ")
            open("go", "w").close()
            t.send("three\r")
            t.expect("You said: three")
            t.expect("w> ")
            t.send("\x04")
            print(t.end())
            """#, in: shell)
        #expect(result.lines == ["0"])
        let kept = try await shell.run(
            """
            hector session show s --json | jq -c '[.role, .content]'
            # The model was told, or its process ended; either way it asks for nothing more.
            jq -c 'select(.request).request.messages | length' log
            """)
        #expect(
            kept.lines == [
                #"["user","one two"]"#,
                #"["assistant","You\n\n[cut: the user stopped the answer here]"]"#,
                #"["user","three"]"#, #"["assistant","You said: three"]"#, "1", "3",
            ])
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `^C clears a line, and twice on an empty one leaves`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t")
            t.expect("t> ")
            t.send("never mind\x03")
            t.expect("never mind^C")
            t.expect("t> ")
            # The filters are none the wiser: one of them is in the same process group.
            t.send('.tool echo {"text":"alive"}\r')
            t.expect("\ralive")
            t.expect("t> ")
            t.send("\x03")
            t.expect("(^C again or ^D leaves)")
            t.expect("t> ")
            t.send("\x03")
            print(t.end(), t.first_modes == t.modes())
            """#)
        #expect(result.lines == ["0 True"])
    }

    @Test func `^Z gives the terminal back, and fg goes on with the line and the answer`()
        async throws
    {
        let result = try await drive(
            #"""
            t = Terminal("bash", "--norc", "-i", PS1="bash$ ")
            t.expect("bash$ ")
            t.send("stty -g; hector-shell --agent w\r")
            before = t.expect("w> ").split("\r\n")[1]
            t.send("half a li")
            t.expect("half a li")
            t.send("\x1a")
            t.expect("Stopped")
            t.expect("bash$ ")
            t.send("stty -g\r")
            print(before == t.expect("bash$ ").split("\r\n")[1])
            t.send("fg\r")
            t.expect("half a li")
            t.send("ne\r")
            t.expect("You")
            t.send("\x1a")
            t.expect("Stopped")
            t.expect("bash$ ")
            t.send("touch go; fg\r")
            t.expect(" said: half a line")
            t.expect("w> ")
            t.send(".exit\r")
            t.expect("bash$ ")
            t.send("stty -g\r")
            print(before == t.expect("bash$ ").split("\r\n")[1])
            """#)
        #expect(result.lines == ["True", "True"])
    }

    @Test func `a command has the terminal to itself, and ^C and ^Z are for it`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("bash", "--norc", "-i", PS1="bash$ ")
            t.expect("bash$ ")
            t.send("hector-shell --agent t\r")
            t.expect("t> ")
            t.send("!echo begun; cat\r")
            # Not before the terminal is the command's.
            t.expect("cat\r\n")
            t.expect("begun\r\n")
            t.send("one\r")
            t.expect("one\r\none\r\n")
            t.send("\x1a")
            t.expect("Stopped")
            t.expect("bash$ ")
            t.send("fg\r")
            t.expect("hector-shell --agent t\r\n")
            t.send("two\r")
            t.expect("two\r\ntwo\r\n")
            t.send("\x03")
            t.expect("t> ")
            # The filters have not had the ^C.
            t.send('.tool echo {"text":"alive"}\r')
            t.expect("\ralive")
            print("done")
            """#)
        #expect(result.lines == ["done"])
    }

    @Test func `a line is fitted to a terminal that changes its size`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", columns=80)
            t.expect("a> ")
            t.send("x" * 60)
            t.expect("x" * 60)
            t.resize(24, 40)
            # It is shown again, wrapped at the new width.
            t.expect("a> " + "x" * 37)
            t.send("y\r")
            t.expect("You said: " + "x" * 60 + "y")
            t.expect("a> ")
            t.send("!stty size\r")
            t.expect("24 40")
            print("fitted")
            """#)
        #expect(result.lines == ["fitted"])
    }

    @Test func `a tool is approved in place`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t")
            t.expect("t> ")
            t.send("go\r")
            t.expect("erase of tools is to run")
            t.expect("]: ")
            t.send("y\r")
            t.expect('erase: {"what": "all"}')
            t.expect("# Done")
            t.expect("t> ")
            t.send(".tool write {}\r")
            t.expect("hector-shell: write: ")
            t.expect("t> ")
            t.send('.tool write {"text":"x"}\r')
            t.expect("]: ")
            t.send("n\r")
            t.expect("hector-shell: write: not permitted: the user said no")
            t.expect("t> ")
            # An approval that nobody gives does not get what is typed next.
            t.send('.tool write {"text":"x"}\r')
            t.expect("]: ")
            t.send("\x03")
            t.expect("t> ")
            t.send(".tool echo {\"text\":\"next\"}\r")
            t.expect("\rnext")
            print("done")
            """#)
        #expect(result.lines == ["done"])
    }

    @Test func `ten thousand lines are pasted as one question`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", "--session", "s")
            t.expect("a> ")
            lines = "\n".join(f"line {n}" for n in range(10000))
            t.send(f"\x1b[200~{lines}\x1b[201~")
            t.expect("line 9999")
            t.send("\r")
            t.expect("You said: line 0\r\nline 1\r\n", 120)
            t.expect("line 9999")
            t.expect("a> ")
            t.send("|wc -l\r")
            t.expect("10000\r\n")
            print("pasted")
            """#)
        #expect(result.lines == ["pasted"])
    }

    @Test func `keys in a text that is pasted are text`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("\x1b[200~one\x1a\ntouch made\x03\x04\x1b[201~\r")
            t.expect("You said: one\\u001a")
            t.expect("touch made\\u0003\\u0004")
            t.expect("a> ")
            t.send("\x04")
            print(t.end(), os.path.exists("made"))
            """#)
        #expect(result.lines == ["0 False"])
    }

    @Test func `what an editor leaves as it was is not asked again`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", EDITOR="true")
            t.expect("a> ")
            t.send("one\r")
            t.expect("You said: one")
            t.expect("a> ")
            t.send(".edit\r")
            t.expect("nothing was changed")
            t.expect("a> ")
            t.send("::: begun\r")
            t.expect("... ")
            t.send("\x04")
            t.expect("the text is dropped")
            t.expect("a> ")
            t.send("\x04")
            print(t.end())
            """#)
        #expect(result.lines == ["0"])
    }

    @Test func `wide and combining characters are edited as what they look like`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            # To the left over one character that is two scalars, and over one that is two wide.
            t.send("日本e\u0301x\x1b[D\x1b[D\x7fZ\r")
            t.expect("You said: 日Ze\u0301x")
            t.expect("a> ")
            t.send("|wc -m\r")
            t.expect("16\r\n")
            print("edited")
            """#)
        #expect(result.lines == ["edited"])
    }

    @Test func `a plugin that does not start is told, and the typed line stays`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "b")
            t.send("half a line")
            t.expect("plugin 'broken' exited with status 1")
            t.expect("half a line")
            t.send("\r")
            t.expect("plugin 'broken' exited with status 1")
            t.expect("b> ")
            t.send(".agent a\r")
            t.expect("a> ")
            t.send("hi\r")
            t.expect("You said: hi")
            print("told")
            """#)
        #expect(result.lines == ["told"])
    }

    @Test(arguments: [
        "!stty raw -echo; kill -9 $$", "!kill -9 $$",
        "!printf '\\033[?1049h'; stty -icanon; exit 3",
        "ask the dying", "!pkill -9 -P $PPID hector-generate; true",
    ])
    func `the terminal is restored after the crash of a child`(line: String) async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "d")
            t.expect("d> ")
            t.send(r"""\#(line)""" + "\r")
            t.expect("d> ")
            t.send("!stty -a\r")
            print(" icanon" in t.expect("d> "))
            t.send("\x04")
            print(t.end(), t.first_modes == t.modes())
            """#)
        #expect(result.lines == ["True", "0 True"])
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV, SIGABRT])
    func `the terminal is restored when a signal ends the shell`(signal: Int32) async throws {
        let result = try await drive(
            """
            t = Terminal("hector-shell", "--agent", "w")
            t.expect("w> ")
            t.send("one two\\r")
            t.expect("You")
            os.kill(t.process, \(signal))
            print(t.end(), t.first_modes == t.modes())
            t = Terminal("hector-shell", "--agent", "w")
            t.expect("w> ")
            os.kill(t.process, \(signal))
            print(t.end(), t.first_modes == t.modes())
            """)
        #expect(result.lines == ["-\(signal) True", "-\(signal) True"])
    }

    @Test(arguments: [("", true), ("NO_COLOR=\"1\"", false), ("TERM=\"dumb\"", false)])
    func `answers are styled unless the environment says otherwise`(
        environment: String, isStyled: Bool
    ) async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t", "--approve", "always", \#(environment))
            t.expect("t> ")
            t.send("go\r")
            t.expect("Done")
            t.expect("t> ")
            text = t.all.decode()
            print("\x1b[1m# Done" in text, "\x1b[36m`it`\x1b[39m" in text, "\x1b[2merase" in text)
            print("# Done" in text)
            """#)
        #expect(result.lines == [isStyled ? "True True True" : "False False False", "True"])
    }

    @Test func `an editor writes the question`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", EDITOR="printf 'from an editor' >")
            t.expect("a> ")
            t.send(".edit\r")
            t.expect("You said: from an editor")
            print("asked")
            """#)
        #expect(result.lines == ["asked"])
    }

    // MARK: Scripts

    private func script(
        _ lines: String, options: String = "--agent a", in shell: Shell? = nil
    ) async throws -> Shell.Result {
        try await (shell ?? self.shell()).run("hector-shell \(options)", input: lines)
    }

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
        // Not kept, as nobody said where.
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
        // The first thing that anybody may do: there is no collection yet.
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
                "hector-shell: line 1: 'itself' is run by 16 scripts in a row\n"))
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
            # A model that is started anew for each answer gives the first one each time.
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
                .search notes signing key
                .embed signing key
                .plugins
                .set
                .info
                """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("1 added"))
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

    @Test func `nobody reading is no error, and a full disk is one`() async throws {
        let gone = try await shell().run(
            "printf '%s\\n' one two three | hector-shell --agent a | head -1")
        #expect(gone.output == "You said: one\n")
        #expect(gone.status == 0 || gone.status == 141)
        #expect(gone.errors.isEmpty)
        let full = try await shell().run("echo one | hector-shell --agent a > /dev/full")
        #expect(full.status == 74)
        #expect(full.errors == "hector-shell: cannot write: No space left on device\n")
    }

    @Test func `no other program is linked to readline`() async throws {
        let result = try await Shell().run(
            "for f in \(Shell.binaries)/hector \(Shell.binaries)/hector-*; do [ -x $f ] && [ -f $f ] && ldd $f | grep -q readline && basename $f; done | grep -v '[.]'; true"
        )
        #expect(result.lines == ["hector-shell"])
    }
}
