import Foundation
import Testing

/// hector-shell on its own terminal: answers, signals, jobs.
@Suite(.serialized) struct ShellProgramTests: ShellPrograms {
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
            # The model was notified or its process ended; it asks for nothing more either way.
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
            t.send("!echo begun; exec cat\r")
            # Waits until the terminal belongs to the command.
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
            # The filters have not received the ^C.
            t.send('.tool echo {"text":"alive"}\r')
            t.expect("\ralive")
            print("done")
            """#)
        #expect(result.lines == ["done"])
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
            # A question that was left open does not get the text that is typed next.
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

    @Test func `a question that is stopped is shown again, without what was typed`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("bash", "--norc", "-i", PS1="bash$ ", columns=100)
            t.expect("bash$ ")
            plugin = os.environ["FOREIGN"] + "/python-tools"
            t.send(f"""hector-tool call --plugin {plugin} erase '{{"what":"all"}}'\r""")
            t.expect("is to run")
            t.expect("[n]: ")
            for background in [False, True]:
                t.send("y")
                t.expect("y")
                t.send("\x1a")
                t.expect("Stopped")
                t.expect("bash$ ")
                if background:
                    # It is stopped again, and asks nothing that bash would get the answer to.
                    t.send("bg\r")
                    t.expect("&")
                    state = t.expect("bash$ ")
                    while "Stopped" not in state:
                        assert "Run it?" not in state, state
                        t.send("jobs\r")
                        t.expect("jobs")
                        state = t.expect("bash$ ")
                t.send("fg\r")
                t.expect("Run it? y once")
                t.expect("[n]: ")
            t.send("y\r")
            t.expect('{"what": "all"}')
            t.expect("bash$ ")
            t.send("exit\r")
            print(t.end())
            """#)
        #expect(result.lines == ["0"])
    }

    @Test func `a filter in the background that reads the terminal is stopped`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("bash", "--norc", "-i", PS1="bash$ ", columns=100)
            t.expect("bash$ ")
            t.send("hector-chunk - &\r")
            t.expect("&")
            t.expect("bash$ ")
            state = ""
            while "Stopped" not in state:
                assert "Exit" not in state, state
                t.send("jobs\r")
                t.expect("jobs")
                state = t.expect("bash$ ")
            t.send("fg\r")
            t.expect("hector-chunk -")
            t.send("some words\r\x04")
            t.expect('"some words')
            t.expect("bash$ ")
            t.send("exit\r")
            print(t.end())
            """#)
        #expect(result.lines == ["0"])
    }

    @Test func `what is approved for the session outlives the filters, and ends with the session`()
        async throws
    {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t")
            t.expect("t> ")
            t.send('.tool write {"text":"one"}\r')
            t.expect("]: ")
            t.send("s\r")
            t.expect('{"text": "one"}')
            t.expect("t> ")
            # A change of the model starts another hector-tool, too.
            t.send(".model other\r")
            t.expect("t> ")
            t.send('.tool write {"text":"two"}\r')
            t.expect('{"text": "two"}')
            t.expect("t> ")
            t.send(".new\r")
            t.expect("t> ")
            t.send('.tool write {"text":"three"}\r')
            t.expect("]: ")
            t.send("n\r")
            t.expect("not permitted")
            t.expect("t> ")
            t.send("\x04")
            print(t.end(), os.listdir(os.environ["TMPDIR"]))
            """#)
        #expect(result.lines == ["0 []"])
    }

    @Test func `a plugin that does not start is reported, and the typed line stays`() async throws {
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

    @Test func `what came is kept when the terminal goes away in mid-answer`() async throws {
        let shell = try shell()
        let result = try await drive(
            """
            t = Terminal("hector-shell", "--agent", "w", "--session", "s")
            t.expect("w> ")
            t.send("one two\\r")
            t.expect("You")
            os.close(t.file)
            print(os.waitstatus_to_exitcode(os.waitpid(t.process, 0)[1]))
            """, in: shell)
        #expect(result.lines == ["-1"])
        let kept = try await shell.run("hector session show s")
        #expect(kept.lines.first == "user: one two", "\(kept.errors)")
        #expect(kept.output.contains("assistant: You"))
    }

    @Test(arguments: [
        ("!echo begun; cat", "true"), ("!trap '' TERM; echo begun; cat", "true"),
        (".edit", "sh -c 'echo begun; cat' #"),
    ])
    func `a signal that ends the shell ends the command that has the terminal`(
        line: String, editor: String
    ) async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a", EDITOR="""\#(editor)""")
            t.expect("a> ")
            t.send("""\#(line)\r""")
            t.expect("\rbegun\r\n")
            os.kill(t.process, signal.SIGTERM)
            print(t.end(), t.first_modes == t.modes(), "hector-shell:" in t.all.decode())
            """#)
        #expect(result.lines == ["-15 True False"])
    }

    @Test func `a terminal of one column is wide enough`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t", "--approve", "always", TERM="dumb")
            t.expect("t> ")
            t.resize(24, 1)
            t.send("go\r")
            t.expect("Done")
            t.resize(24, 80)
            t.expect("t> ")
            t.send("\x04")
            print(t.end())
            """#)
        #expect(result.lines == ["0"])
    }

    @Test(arguments: [("", true), ("NO_COLOR=\"1\"", false), ("TERM=\"dumb\"", false)])
    func `answers are styled unless the environment forbids it`(
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

    @Test func `no other program is linked to readline`() async throws {
        let result = try await Shell().run(
            "for f in \(Shell.binaries)/hector \(Shell.binaries)/hector-*; do [ -x $f ] && [ -f $f ] && ldd $f | grep -q readline && basename $f; done | grep -v '[.]'; true"
        )
        #expect(result.lines == ["hector-shell"])
    }
}
