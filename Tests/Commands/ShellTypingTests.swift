import Foundation
import Testing

/// Lines that a user types into hector-shell.
@Suite(.serialized) struct ShellTypingTests: ShellPrograms {
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

    @Test func `a line that sets a secret is not in the history`() async throws {
        let shell = try shell()
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("a question\r")
            t.expect("You said: a question")
            t.expect("a> ")
            t.send(".set api_key=MARKED-typed-key-1\r")
            t.expect("a> ")
            t.send("\x1b[A\r")
            t.expect("You said: a question")
            t.expect("a> ")
            t.send("\x04")
            print(t.end())
            """#, in: shell)
        #expect(result.lines == ["0"])
        let kept = try await shell.run("cat $HOME/.local/state/hector/history")
        #expect(kept.output.contains("a question") && !kept.output.contains("MARKED"))
    }

    @Test func `a key is typed without being shown`() async throws {
        let shell = try shell()
        let result = try await drive(
            #"""
            t = Terminal("hector", "keys", "set", "MY_KEY")
            t.expect("MY_KEY: ")
            t.send("typed-key-1234\r")
            print(t.end(), b"typed-key" in t.all)
            """#, in: shell)
        #expect(result.lines == ["0 False"])
        let kept = try await shell.run("cat $HOME/.local/share/hector/keys/MY_KEY")
        #expect(kept.output == "typed-key-1234")
    }

    @Test func `^C clears a line, and twice on an empty one leaves`() async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "t")
            t.expect("t> ")
            t.send("never mind\x03")
            t.expect("never mind^C")
            t.expect("t> ")
            # The filters do not notice: one of them is in the same process group.
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

    @Test(arguments: ["| touch made | x", "!touch made", ".container {"])
    func `lines that are pasted are a question, however they begin`(line: String) async throws {
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("\x1b[200~\#(line)\n\nwhat is this?\x1b[201~\r")
            t.expect("You said: \#(line)\r\n\r\nwhat is this?")
            t.expect("a> ")
            t.send("\x04")
            print(t.end(), os.path.exists("made"))
            """#)
        #expect(result.lines == ["0 False"])
    }

    @Test func `names with quotes are completed as sh reads them`() async throws {
        let shell = try shell()
        try shell.write("quoted", to: "it's; touch made #")
        let result = try await drive(
            #"""
            t = Terminal("hector-shell", "--agent", "a")
            t.expect("a> ")
            t.send("!cat it\t")
            t.expect("made #' ")
            t.send("\r")
            t.expect("quoted")
            t.expect("a> ")
            t.send("\x04")
            print(t.end(), os.path.exists("made"))
            """#, in: shell)
        #expect(result.lines == ["0 False"], "\(result.errors)")
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
}
