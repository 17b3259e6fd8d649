import Foundation
import Testing

/// The permissions by which hector-tool runs tools.
@Suite(.serialized) struct PermissionTests: ToolShells {
    @Test(arguments: [
        ("", "write", false), ("", "echo", true), ("", "erase", false),
        ("--approve always", "erase", true), ("--approve never", "echo", false),
        ("--approve ask", "echo", false), ("--allow write", "write", true),
        ("--allow 'w*'", "write", true), ("--allow '[a-f]*'", "write", false),
        ("--allow '*' --deny erase", "erase", false), ("--deny '*' --allow '*'", "echo", false),
        ("--allow WRITE", "write", false), ("--approver true", "erase", true),
        ("--approver false", "erase", false), ("--approver 'exit 3'", "write", false),
        ("--approver /nowhere", "write", false), ("--approver 'kill -9 $$'", "write", false),
        ("--approver true --deny write", "write", false),
    ])
    func `a tool runs only if a rule, a hint or a program says so`(
        options: String, name: String, runs: Bool
    ) async throws {
        let result = try await run(
            #"""
            record \#(name) '{"\#(name == "erase" ? "what" : "text")":"x"}' | tool \#(options) > out
            echo $?
            ran
            jq -r '.messages[-1].error.code' out
            """#)
        #expect(result.lines == (runs ? ["0", name, "null"] : ["77", "denied"]))
        #expect(result.errors.isEmpty == runs)
    }

    @Test(arguments: [
        "yes", "yes y", "yes a", "printf 'y\\ny\\ny\\n'", "yes always", "cat /dev/zero",
    ])
    func `nothing on standard input can approve a call`(command: String) async throws {
        let result = try await run(
            """
            { record write '{"text":"x"}'; \(command) | head -c 100000; } |
                tool > out 2> errors
            echo $?
            tool call write --text x < <(\(command)); echo $?
            ran
            """)
        #expect(result.lines == ["77", "77"])
    }

    @Test func `a denied call of many leaves the others, and the status tells`() async throws {
        let result = try await run(
            """
            record echo '{"text":"a"}' write '{"text":"b"}' echo '{"text":"c"}' | tool > out
            echo $?
            jq -r '.messages[2:][] | .error.code // .content' out
            """)
        #expect(result.lines == ["77", "a", "denied", "c"])
    }

    @Test func `an approver refuses under a parent that ignores the ends of children, too`()
        async throws
    {
        let result = try await run(
            """
            cat > ignoring.py <<'END'
            import os, signal, sys
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            os.execvp(sys.argv[1], sys.argv[1:])
            END
            for approver in true false; do
                python3 ignoring.py hector-tool $plugin call --approver $approver write --text x > out
                echo $?
            done
            ran
            """)
        #expect(result.lines == ["0", "77", "write"])
    }

    @Test func `an approver gets the call as JSON`() async throws {
        let result = try await run(
            """
            record erase '{"what":"all"}' | tool --approver 'cat > asked' > /dev/null
            jq -c '[.tool_call_id, .name, .arguments, .plugin, .annotations.destructiveHint]' asked
            """)
        #expect(result.lines == [#"["c1","erase",{"what":"all"},"python-tools",true]"#])
    }

    /// Runs a script on its own terminal, whose user answers each question in turn.
    private func onTerminal(
        _ script: String, answers: [String], then: String = "", in shell: Shell
    ) async throws -> Shell.Result {
        try shell.write(
            #"""
            import os, pty, select, sys
            process, terminal = pty.fork()
            if process == 0:
                os.execvp("bash", ["bash", "-c", ". ./functions; " + sys.argv[1]])
            answers, shown = sys.argv[2:], b""
            while True:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
                sys.stdout.buffer.write(data)
                while answers and b"]: " in shown:
                    shown = shown.split(b"]: ", 1)[1]
                    os.write(terminal, answers.pop(0).encode())
            _, status = os.waitpid(process, 0)
            print("ended", os.waitstatus_to_exitcode(status))
            """#, to: "terminal.py")
        let words = ([script] + answers).map {
            "'\($0.replacingOccurrences(of: "'", with: "'\\''"))'"
        }
        return try await run(
            """
            declare -f tool record ran > functions
            declare -p TOOLS_LOG plugin >> functions
            export TOOLS_LOG
            python3 terminal.py \(words.joined(separator: " "))
            \(then)
            """, in: shell)
    }

    @Test(arguments: [
        (["y\n"], "0", true), (["n\n"], "77", false), (["\n"], "77", false),
        (["\u{4}"], "77", false), (["what\n", "YES\n"], "0", true), (["v\n", "y\n"], "0", true),
        (["s\n"], "0", true),
    ])
    func `a person is asked on the terminal, whatever the streams are`(
        answers: [String], status: String, runs: Bool
    ) async throws {
        let shell = try Shell()
        let result = try await onTerminal(
            #"record erase '{"what":"all \u0007"}' | tool > out 2> errors < <(cat); echo "status $?""#
                .replacingOccurrences(of: " < <(cat)", with: ""),
            answers: answers, then: "ran; jq -r '.messages[-1].error.code' out", in: shell)
        #expect(result.output.contains("status \(status)\r\n"))
        #expect(result.output.contains("erase of python-tools is to run"))
        #expect(result.output.contains("\r\n  Destroy everything. Really.\r\n"))
        #expect(result.output.contains("may destroy something and reaches beyond this machine"))
        // Characters that could ring, move or hide text are shown in visible form.
        #expect(result.output.contains(#""what": "all \u0007""#))
        #expect(!result.output.contains("\u{7}"))
        #expect(result.lines.last == (runs ? "null" : "denied"))
        #expect(result.lines.contains("erase") == runs)
    }

    @Test func `an approval is for once, the session, or always`() async throws {
        let shell = try Shell()
        let calls =
            #"record write '{"text":"1"}' write '{"text":"2"}' | tool > out; echo "status $?""#
        let once = try await onTerminal(calls, answers: ["y\n", "n\n"], in: shell)
        #expect(once.output.contains("status 77"))
        let session = try await onTerminal(calls, answers: ["s\n"], in: shell)
        #expect(session.output.contains("status 0"))
        let always = try await onTerminal(
            calls, answers: ["a\n"],
            then: """
                stat -c %a $HOME/.local/state/hector/approvals
                record write '{"text":"3"}' | tool >/dev/null; echo $?
                record erase '{}' | tool >/dev/null; echo $?
                """, in: shell)
        #expect(always.output.contains("status 0"))
        // Without a terminal only remembered calls are approved.
        #expect(always.lines.suffix(3) == ["600", "0", "77"])
    }

    @Test func `a session may be more than one process`() async throws {
        let shell = try Shell()
        let calls = #"""
            approved() { record write '{"text":"x"}' | tool --session-approvals f > out; echo "$1 $?"; }
            approved first; approved second < /dev/null; rm f; approved third
            """#
        let result = try await onTerminal(
            calls, answers: ["s\n", "n\n"], then: "ls -A $HOME/.local/state", in: shell)
        for line in ["first 0", "second 0", "third 77"] {
            #expect(result.output.contains(line), "\(result.output)")
        }
        #expect(!result.output.contains("approvals"))
    }

    @Test func `what cannot be kept for always is kept for the session`() async throws {
        let shell = try Shell()
        let calls = #"""
            mkdir -p $HOME/.local/state/hector/approvals
            approved() { record write '{"text":"x"}' | tool --session-approvals f > out; echo "$1 $?"; }
            approved first; approved second < /dev/null
            """#
        let result = try await onTerminal(calls, answers: ["a\n"], in: shell)
        for line in ["approved for this session only", "first 0", "second 0"] {
            #expect(result.output.contains(line), "\(result.output)")
        }
    }

    @Test func `approvals that others may have written are ignored`() async throws {
        let result = try await run(
            """
            mkdir -p $HOME/.local/state/hector
            printf '{"plugin":"%s","tool":"write"}\\n' "$(realpath $FOREIGN/python-tools)" \
                > $HOME/.local/state/hector/approvals
            chmod 666 $HOME/.local/state/hector/approvals
            record write '{"text":"x"}' | tool > /dev/null
            """)
        #expect(result.status == 77)
        #expect(result.errors.contains("may be written by others"))
    }

    // MARK: What is approved

    @Test func `an approver has its time, and no more`() async throws {
        let result = try await run(
            """
            record erase '{}' | tool --approver 'sleep 100' --approver-timeout 300ms > out 2> errors
            echo $?
            ran
            jq -r '.messages[-1].error.code' out
            grep -c 'took longer than 300ms' errors
            record erase '{}' | tool --approver 'trap "exit 0" TERM; sleep 100 & wait' \
                --approver-timeout 300ms > out 2> errors
            echo $?
            ran
            """)
        #expect(result.lines == ["77", "denied", "1", "77"], "\(result.errors)")
    }

    @Test(arguments: [
        #"{ "what" : "a" }"#, #"{"what":"\u0061\u00e4\/"}"#, "{\n\t\"what\": \"ä\"\r\n}",
        #"{"what":"\u202egnp.exe"}"#, #"{"what":"a\u0000b\u001b[2J"}"#,
    ])
    func `the tool gets the bytes that were approved`(arguments: String) async throws {
        let shell = try Shell()
        try shell.write(arguments, to: "arguments")
        let result = try await run(
            #"""
            record erase "$(cat arguments)" | tool --approver 'cat > asked' > /dev/null
            jq -j .arguments_json asked | cmp - arguments && echo same
            sed '1s/^[^ ]* [^ ]* [^ ]* //' log | head -c -1 | cmp - arguments && echo same
            # The JSON has no character that could hide another one.
            jq -e '.arguments_json as $text | ($text | fromjson) == .arguments' asked
            """#, in: shell)
        #expect(
            result.lines == ["same", "same", "true"], "\(result.output) \(result.errors)")
    }

    @Test(arguments: [
        #"{"what":"a","what":"b"}"#, #"{"what":"a","wh\u0061t":"b"}"#, #"{"what":"\ud800"}"#,
    ])
    func `arguments that can be read in two ways are sent to nobody`(arguments: String)
        async throws
    {
        let shell = try Shell()
        try shell.write(arguments, to: "arguments")
        let result = try await run(
            #"""
            record erase "$(cat arguments)" | tool --approve always > out; echo $?
            jq -r '.messages[-1].error | .code, .message' out
            ran
            """#, in: shell)
        #expect(result.lines.prefix(2) == ["1", "invalid_arguments"])
        #expect(result.lines.count == 3 && result.output.contains("ambiguous"), "\(result.output)")
    }

    @Test func `a question shows what hides, and who asks`() async throws {
        let shell = try Shell()
        let result = try await onTerminal(
            #"record erase '{"what":"\u202eabc\u200b\u001b[2J"}' > in; tool < in > out"#,
            answers: ["n\n"], in: shell)
        #expect(result.output.contains(#""what": "\u202eabc\u200b\u001b[2J""#), "\(result.output)")
        #expect(
            !result.output.unicodeScalars.contains { [0x202E, 0x200B].contains($0.value) })
        #expect(result.output.contains("It is asked for by run 'r', for the question 'go'."))
    }

    @Test func `a tainted call is approved once, and shows what the model had read`() async throws {
        let shell = try Shell()
        let result = try await onTerminal(
            #"""
            record write '{"text":"1"}' write '{"text":"2"}' | jq -c '.results = [{id: "p\u001b1", content: ""}]' |
                hector-tool $plugin --allow '*' > out; echo "status $?"
            """#,
            answers: ["a\n", "s\n", "y\n", "n\n"],
            then: "ran; ls $HOME/.local/state/hector", in: shell)
        #expect(result.output.contains("status 77"))
        #expect(result.output.contains("the model had read what others may have written:"))
        #expect(result.output.contains(#"passage p\u001b1"#), "\(result.output)")
        #expect(!result.output.contains("a always"))
        #expect(result.lines.suffix(2) == ["write", "taint.key"], "\(result.output)")
    }

    @Test func `an approval for always is for calls alike, and can be taken back`() async throws {
        let shell = try Shell()
        let calls =
            #"record write '{"text":"1"}' | tool > out; record erase '{"what":"x"}' | tool > out"#
        let result = try await onTerminal(
            calls, answers: ["a\n", "a\n"],
            then: #"""
                try() { record "$@" | tool > out 2> errors; echo $?; }
                try write '{"text":"2"}'
                (mkdir -p sub; cd sub; try write '{"text":"2"}')
                try erase '{"what":"x"}'
                try erase '{"what":"y"}'
                hector approvals | cut -f 2,5
                hector approvals list --json | jq -c '[.tool, .arguments, .folder == $pwd]' --arg pwd "$(realpath .)"
                hector approvals remove nothing; echo $?
                hector approvals remove write; echo $?
                try write '{"text":"2"}'
                hector approvals remove $(hector approvals | cut -f 1); echo $?
                try erase '{"what":"x"}'
                hector approvals
                yes '{"plugin":"p"}' | head -c 2000000 >> $HOME/.local/state/hector/approvals
                hector approvals; echo $?
                hector approvals remove --all; echo $?
                hector approvals; echo $?
                """#, in: shell)
        let lines = result.lines.drop { !$0.hasSuffix("ended 0") }.dropFirst()
        #expect(
            Array(lines) == [
                "0", "77", "0", "77", "write\t{\"text\":\"string\"}",
                "erase\t{\"what\":{\"is\":\"x\"}}",
                #"["write",{"text":"string"},true]"#, #"["erase",{"what":{"is":"x"}},true]"#,
                "1", "0", "77", "0", "77", "74", "0", "0",
            ], "\(result.output)")
        #expect(result.errors.contains("no approval 'nothing'"))
        #expect(result.errors.contains("'hector approvals remove --all' empties it"))
    }

    @Test func `an approval is not for another folder at the same path`() async throws {
        let shell = try Shell()
        let result = try await onTerminal(
            #"mkdir clone; cd clone; record write '{"text":"1"}' | tool > out"#, answers: ["a\n"],
            then: #"""
                try() { (cd clone; record write '{"text":"2"}' | tool > out 2> errors; echo $?); }
                try
                mv clone old; mkdir clone
                try
                """#, in: shell)
        #expect(result.lines.suffix(2) == ["0", "77"], "\(result.output)")
    }
}
