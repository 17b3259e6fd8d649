import Foundation
import Testing

/// The built plugin system-tools, as hector-tool runs it.
@Suite(.serialized) struct SystemToolsTests {
    @Test func `it is used when no plugin is named`() async throws {
        let result = try await Shell().run(
            """
            hector-tool list | jq -r '.plugin + " " + .function.name' > default
            hector-tool list --plugin system-tools | jq -r '.plugin + " " + .function.name' | diff default -
            cat default
            hector-tool list -o allowed_commands=ls | jq -r .function.name | grep -c execute_command
            hector-tool list -o read_only=yes | jq -r .function.name | grep -E 'write|replace|execute'
            """)
        let tools = [
            "read_file", "list_directory", "grep_search", "write_file", "search_replace",
            "todo_write",
        ]
        #expect(result.lines == tools.map { "system-tools \($0)" } + ["1", "todo_write"])
        #expect(result.errors.isEmpty)
    }

    @Test func `a tool works in the directory that the settings name`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            mkdir inside
            echo text > inside/file
            hector-tool call --allow '*' --plugin system-tools -o working_directory=inside \
            read_file --path file
            hector-tool --allow '*' -o working_directory=inside write_file --path new --content x
            hector-tool -o working_directory=inside read_file --path ../hidden; echo $?
            hector-tool -o working_directory=absent read_file --path file; echo $?
            """)
        #expect(result.lines == ["text", "created 'new': 1 byte", "1", "78"], "\(result.errors)")
        #expect(result.errors.contains("'../hidden' leads out of the working directory"))
        #expect(result.errors.contains("no file 'absent'"))
        #expect(try shell.read("inside/new") == "x")
    }

    @Test func `the calls of a record are run, and the answers added in order`() async throws {
        let shell = try Shell()
        try shell.write("one\ntwo\n", to: "file")
        try shell.write("one\n", to: "other")
        let calls: [(String, [String: Any])] = [
            ("read_file", ["path": "file", "limit": 1]),
            ("grep_search", ["pattern": "^t"]),
            ("execute_command", ["argv": ["sh", "-c", "echo out; exit 3"]]),
            ("read_file", ["path": "../../etc/passwd"]),
            ("search_replace", ["path": "other", "old": "one", "new": "1"]),
        ]
        let message: [String: Any] = [
            "role": "assistant",
            "tool_calls": try calls.enumerated().map { index, call in
                let arguments = try JSONSerialization.data(withJSONObject: call.1)
                return [
                    "id": "c\(index)", "type": "function",
                    "function": [
                        "name": call.0, "arguments": String(decoding: arguments, as: UTF8.self),
                    ],
                ]
            },
        ]
        let record = try JSONSerialization.data(withJSONObject: ["messages": [message]])
        let result = try await shell.run(
            "hector-tool --allow '*' --approve-tainted always -o allowed_commands=sh,ls",
            input: String(decoding: record, as: UTF8.self) + "\n")
        #expect(result.status == 1)
        let messages = try #require(try result.records().first?["messages"] as? [[String: Any]])
        let answers = messages.dropFirst().map { $0["content"] as? String ?? "" }
        #expect(
            answers == [
                "one\n[lines 1 to 1 of 2; go on with offset 2]", "file:2:two",
                "exit status 3\nstdout:\nout\n",
                "Error: '../../etc/passwd' leads out of the working directory; stay within it",
                "replaced 1 occurrence in 'other', line 1",
            ])
        #expect(messages[3]["metadata"] as? [String: String] == ["exit_status": "3"])
        #expect(try shell.read("other") == "1\n")
    }

    @Test func `what changes something is not run unasked, what reads is`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            echo text > file
            setsid hector-tool read_file --path file
            setsid --wait hector-tool write_file --path file --content x < /dev/null; echo $?
            setsid --wait hector-tool -o allowed_commands=rm execute_command '{"argv":["rm","file"]}' < /dev/null; echo $?
            cat file
            """)
        #expect(result.lines == ["text", "77", "77", "text"], "\(result.errors)")
    }

    @Test func `what the configuration in use runs is not written`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            mkdir scripts tools
            cat > my.yaml <<'END'
            plugins:
              tool_providers:
                files: { path: system-tools, config: { protect_path: [own] } }
              llm_providers: { m: { path: ./tools/llm } }
            agents:
              a: { llm: m, tools: [files], approver: "sh scripts/gen.sh --fast" }
            END
            write() {
                hector-tool --config my.yaml --plugin files --allow '*' write_file --path "$1" \
                    --content x > out 2> errors; echo "$1 $?"
            }
            for file in my.yaml scripts/gen.sh tools/llm own tools/other your.yaml; do
                write $file
            done
            """)
        #expect(
            result.lines == [
                "my.yaml 1", "scripts/gen.sh 1", "tools/llm 1", "own 1", "tools/other 0",
                "your.yaml 0",
            ], "\(result.errors)")
    }

    @Test(arguments: [
        ("colour=red", "unknown setting 'colour' for the plugin"),
        ("command_timeout=never", "setting 'command_timeout' is 'never': expected a duration"),
        ("command_timeout=0", "expected more than 0"),
        ("max_output=10", "expected a whole number from 1000"),
        ("read_only=perhaps", "expected true or false"),
        ("allowed_commands=./run", "has './run': expected the name of a program"),
        ("allowed_commands=[1]", #"expected names such as ls,git or ["ls", "git"]"#),
        ("environment=KEY=secret", "setting 'environment' is '…': expected a JSON object"),
        (#"environment={"A=B":"secret"}"#, "setting 'environment' is '…'"),
        ("todo_file=absent/list", "no file 'absent'"),
    ])
    func `a setting that is wrong is reported`(option: String, reason: String) async throws {
        let result = try await Shell().run("hector-tool list -o '\(option)'")
        #expect(result.status == 78, "\(result.errors)")
        #expect(
            result.errors.contains(reason) && !result.errors.contains("secret"), "\(result.errors)")
    }

    @Test func `settings may come from the configuration`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              tool_providers:
                mine:
                  path: system-tools
                  config:
                    working_directory: inside
                    allowed_commands: [sh, /usr/bin/env]
                    environment: { NUMBER: 5, TEXT: "${TEXT}" }
                    command_timeout: 300ms
                    todo_file: todo.json

            """, to: "hector.yaml")
        let result = try await shell.run(
            #"""
            mkdir inside
            export TEXT='some text' SECRET=secret
            call() { hector-tool --allow '*' execute_command "$1"; }
            call '{"argv":["/usr/bin/env"]}' > environment
            grep -cE '^(NUMBER=5|TEXT=some text)$' environment
            grep -cE 'SECRET|HECTOR|PLUGIN' environment
            call '{"argv":["sh","-c","pwd; exec sleep 1000"]}' | sed 's,/.*/,,'
            hector-tool --allow '*' todo_write '{"todos":[{"content":"a","status":"pending"}]}'
            hector-tool --allow '*' todo_write
            """#)
        #expect(
            result.lines == [
                "2", "0",
                "killed after 0.3 seconds, the time limit; it was killed by signal 15 (Terminated)",
                "stdout:", "inside", "[ ] 1: a", "0 of 1 completed", "[ ] 1: a",
                "0 of 1 completed",
            ], "\(result.errors)")
    }

    @Test func `a flood of output neither blocks nor fills the memory`() async throws {
        let result = try await Shell().run(
            #"""
            hector-tool --allow '*' -o allowed_commands=sh -o max_output=2000 execute_command \
                '{"argv":["sh","-c","head -c 100000000 /dev/zero | tr \"\\\\0\" x; echo end"]}' > out
            wc -c < out
            head -1 out
            grep -o '[0-9]* bytes left out' out
            tail -1 out | tail -c 4
            """#)
        let lines = result.lines
        try #require(lines.count == 4, "\(result)")
        #expect((Int(lines[0]) ?? 0) < 2200)
        #expect(lines[1] == "exit status 0" && lines[2] == "99999004 bytes left out")
        #expect(lines[3] == "end")
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal ends what a command has started, too`(name: String) async throws {
        let shell = try Shell()
        let result = try await shell.run(
            #"""
            mkfifo started
            env --default-signal hector-tool --allow '*' -o allowed_commands=sh execute_command \
                '{"argv":["sh","-c","sleep 1000 & echo $! > started; exec sleep 1000"]}' &
            read grandchild < started
            kill -NAME $!
            wait $!
            echo $?
            while [ -d /proc/$grandchild ] && ! grep -q '^State:.Z' /proc/$grandchild/status 2>/dev/null; do
                sleep 0.02
            done
            echo gone
            """#.replacing("NAME", with: name))
        #expect(result.lines == [name == "INT" ? "130" : "143", "gone"], "\(result.errors)")
        #expect(shell.leftovers.isEmpty)
    }

    /// Runs with a filter of system calls that makes the kernel look older than it is.
    @Test(arguments: ["38", "1"])
    func `files are confined without openat2, too`(code: String) async throws {
        let shell = try Shell()
        try shell.write(
            """
            import ctypes, os, struct, sys
            # Load the number of the call; openat2 fails, all others go ahead: seccomp(2), bpf(4).
            def step(code, jt, jf, k): return struct.pack('HBBI', code, jt, jf, k)
            program = (step(0x20, 0, 0, 0) + step(0x15, 0, 1, 437)
                       + step(0x06, 0, 0, 0x00050000 | int(sys.argv[1])) + step(0x06, 0, 0, 0x7fff0000))
            memory = ctypes.create_string_buffer(program)
            filter = struct.pack('HxxxxxxP', 4, ctypes.addressof(memory))
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.prctl(38, 1, 0, 0, 0) == 0
            assert libc.prctl(22, 2, filter, 0, 0) == 0, os.strerror(ctypes.get_errno())
            os.execvp(sys.argv[2], sys.argv[2:])
            """, to: "without-openat2.py")
        let result = try await shell.run(
            """
            echo text > file
            python3 without-openat2.py \(code) cat file
            tool() { python3 without-openat2.py \(code) hector-tool call --allow '*' --plugin system-tools "$@"; }
            tool read_file --path file
            tool write_file --path new --content more --create_directories true > /dev/null; cat new; echo
            tool read_file --path ../outside; echo $?
            ln -s /etc/passwd link; tool read_file --path link; echo $?
            """)
        #expect(result.lines == ["text", "text", "more", "1", "1"], "\(result.errors)")
        #expect(result.errors.contains("leads out of the working directory"))
    }

    @Test func `the manual has every setting`() async throws {
        let result = try await Shell().run(
            """
            manifest=$ROOT/Sources/Plugins/SystemTools/system-tools.plugin.yaml
            sed -n '/config_schema:/,$s/^ *- //p' $manifest | while read setting; do
                grep -q "^.It Cm $setting$" $ROOT/man/hector-plugins.7 || echo "$setting: not in the manual"
                hector-tool list -o $setting= 2>&1 | grep 'unknown setting'
            done
            sed -n '/config_schema:/,$s/^ *- //p' $manifest | wc -l
            """)
        #expect(result.lines == ["11"])
    }

    @Test func `help is made from the schema`() async throws {
        let result = try await Shell().run("hector-tool grep_search --help")
        for option in [
            "--pattern <string>", "--path <string>", "--include <string>", "--[no-]case_sensitive",
            "--max_results <integer>",
        ] {
            #expect(result.output.contains(option), "\(result.output)")
        }
    }
}
