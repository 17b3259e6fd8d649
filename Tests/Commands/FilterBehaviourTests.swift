import Foundation
import Testing

/// The filters as processes: signals, streams and exit status.
@Suite(.serialized) struct FilterBehaviourTests {
    @Test func `a reader that leaves ends the filter by SIGPIPE, quietly`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            "yes '{\"content\":\"x\"}' | hector-embed | head -1 | wc -l; echo ${PIPESTATUS[1]}")
        #expect(result.lines == ["1", "141"])
        #expect(result.errors.isEmpty)
        #expect(shell.leftovers.isEmpty)
    }

    @Test(arguments: [
        "hector-embed", "hector-embed info", "hector-embed --help", "hector-embed --version",
    ])
    func `a full disk is an error`(command: String) async throws {
        let result = try await Shell().run("\(command) > /dev/full", input: "{\"content\":\"x\"}\n")
        #expect(result.status == 74)
        #expect(result.errors == "hector-embed: cannot write: No space left on device\n")
    }

    @Test(arguments: [
        ("-dash", "unknown option '-dash'"), ("-qxh", "unknown option '-qxh'"),
        ("$'a\\xff'", "argument 1 is not UTF-8"),
    ])
    func `what only looks like a question for help is wrong usage`(
        argument: String, message: String
    ) async throws {
        let result = try await Shell().run("hector-embed \(argument)")
        #expect(result.status == 64)
        #expect(result.errors.contains(message))
        #expect(result.output.isEmpty)
    }

    @Test(arguments: [
        (
            "hector-plugin lst",
            "no command 'lst', expected one of list, info, serve, check, install, update, remove, "
                + "verify"
        ),
        ("hector session shw x", "no command 'shw', expected one of list, show, delete"),
        ("hector-plugin list x", "unexpected argument 'x'"),
        ("hector-generate What now", "unexpected argument 'now'"),
    ])
    func `an unknown command is reported with the known ones`(
        words: String, message: String
    ) async throws {
        let result = try await Shell().run(words)
        #expect(result.status == 64)
        #expect(result.errors.contains(": \(message)\n"), "\(result.errors)")
    }

    @Test(arguments: [0, 10, 26, 200])
    func `help says what options do however narrow the terminal`(columns: Int) async throws {
        let result = try await Shell().run(
            "COLUMNS=\(columns) hector-embed --help | tr -s ' \\n' ' '")
        #expect(result.output.contains("Keep up to N calls in flight."))
        #expect(result.output.contains("OVERVIEW: Add to each record the vector of its text."))
    }

    @Test func `a file for errors that is full is named`() async throws {
        let result = try await Shell().run("hector-embed --errors /dev/full", input: "oops\n")
        #expect(result.status == 74)
        #expect(
            result.errors == "hector-embed: cannot write '/dev/full': No space left on device\n")
    }

    @Test func `nothing that is said moves a cursor`() async throws {
        let result = try await Shell().run("hector-embed --plugin $'\\e[2Jx' hello")
        #expect(result.errors.contains(#"\u001b[2Jx"#))
        #expect(!result.errors.contains("\u{1b}"))
    }

    @Test(arguments: ["< /dev/null", "< empty", "<&-"])
    func `without input nothing is started and nothing is wrong`(input: String) async throws {
        let shell = try Shell()
        let result = try await shell.run("touch empty; hector-embed --plugin /bin/false \(input)")
        #expect(result.output.isEmpty)
        #expect(result.status == (input == "<&-" ? 74 : 0))
    }

    @Test func `input that cannot be read is an error`() async throws {
        let result = try await Shell().run("hector-embed < /")
        #expect(result.status == 74)
        #expect(result.errors == "hector-embed: cannot read: Is a directory\n")
    }

    @Test(arguments: [("INT", Int32(130)), ("TERM", 143), ("HUP", 129)])
    func `a signal stops the plugin and then the filter, by that signal`(
        name: String, status: Int32
    ) async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            export FAULT=hang:2 FAULT_LOG=$PWD/log
            mkfifo in
            env --default-signal hector-embed --plugin $FOREIGN/faulty < in > out &
            exec 3> in
            printf '{"content":"a"}\\n{"content":"b"}\\n' >&3
            until [ "$(grep -c '^embed ' log 2>/dev/null)" = 2 ]; do sleep 0.02; done
            kill -\(name) $!
            wait $!
            echo $?
            grep -c '^shutdown' log
            kill -0 $(sed -n 's/^start //p' log) 2>/dev/null && echo alive
            """)
        #expect(result.lines == ["\(status)", "1"])
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a plugin ends with a filter that is killed, and the next start sweeps its socket`()
        async throws
    {
        let shell = try Shell()
        let result = try await shell.run(
            """
            export FAULT=hang:1 FAULT_LOG=$PWD/log
            mkfifo in
            hector-embed --plugin $FOREIGN/faulty < in &
            exec 3> in
            echo '{"content":"a"}' >&3
            until grep -q '^embed ' log 2>/dev/null; do sleep 0.02; done
            kill -KILL $!
            wait $! 2>/dev/null
            plugin=$(sed -n 's/^start //p' log)
            for i in $(seq 500); do kill -0 $plugin 2>/dev/null || break; sleep 0.02; done
            kill -0 $plugin 2>/dev/null && echo alive
            for i in $(seq 100); do
                hector-embed x > /dev/null
                [ -z "$(ls $TMPDIR)" ] && break
            done
            ls $TMPDIR
            """)
        #expect(result.output.isEmpty)
    }

    @Test func `a plugin does not eat the filter's input`() async throws {
        let result = try await Shell().run(
            """
            cat > greedy <<'END'
            #!/bin/sh
            cat > /dev/null
            exec $FOREIGN/faulty
            END
            chmod +x greedy
            seq 200 | jq -c '{content: "\\(.)"}' | hector-embed --plugin ./greedy | wc -l
            """)
        #expect(result.output == "200\n")
    }

    @Test func `a TMPDIR of 120 characters does no harm`() async throws {
        let result = try await Shell().run(
            """
            export TMPDIR=$PWD/$(printf 'x%.0s' $(seq 120))
            mkdir $TMPDIR
            hector-embed hello | jq '.vector | length'
            hector-embed --plugin $FOREIGN/go-embedder hello | jq '.vector | length'
            ls $TMPDIR
            """)
        #expect(result.lines == ["1024", "384"])
    }

    @Test func `what plugins say is shown with --debug and not without`() async throws {
        let shell = try Shell()
        let quiet = try await shell.run("hector-embed --plugin $FOREIGN/go-embedder hello")
        #expect(quiet.errors.isEmpty)
        let loud = try await shell.run("hector-embed --plugin $FOREIGN/go-embedder --debug hello")
        #expect(loud.errors.contains("go-embedder: debug: plugin address"))
        #expect(loud.output == quiet.output)
    }

    @Test(arguments: [
        ("--bogus", Int32(64), "unknown option '--bogus'"),
        ("--jobs 0", 64, "--jobs must be from 1 to 10000, not 0"),
        ("--query --document x", 64, "--query and --document exclude each other"),
        ("-o novalue x", 64, "--option needs KEY=VALUE, not 'novalue'"),
        ("-o =hunter2secret x", 64, "--option needs KEY=VALUE, and there is nothing before '='"),
        ("-o sk-hunter2 x", 64, "--option needs KEY=VALUE, and there is no '='"),
        ("--plugin nonesuch x", 78, "nonesuch"),
        ("--plugin ./missing x", 69, "/missing': No such file"),
        ("-o dimension=none x", 78, "plugin 'hash-embedder' refused its configuration"),
        ("-o bogus=1 x", 78, "bogus"),
        ("--plugin /bin/true x", 69, "exited with status 0 before its handshake"),
        ("--plugin /bin/echo x", 69, "where its handshake belongs"),
        ("--plugin local-vectors x", 78, "database"),
        ("--socket /no/such.sock x", 69, "no plugin answers at /no/such.sock"),
        ("--config missing.yaml x", 78, "missing.yaml"),
    ])
    func `what cannot be done is said in one line and by the status`(
        arguments: String, status: Int32, message: String
    ) async throws {
        let result = try await Shell().run("hector-embed \(arguments)")
        #expect(result.status == status)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("hector-embed: "))
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func `a plugin that runs already is used and left running`() async throws {
        let result = try await Shell().run(
            """
            export FAULT_LOG=$PWD/log
            mkdir sockets
            HECTOR_PLUGIN=hector_plugin_v1 PLUGIN_PROTOCOL_VERSIONS=1 PLUGIN_UNIX_SOCKET_DIR=$PWD/sockets \
                $FOREIGN/faulty > handshake &
            until [ -s handshake ]; do sleep 0.02; done
            socket=$(cut -d'|' -f4 handshake)
            for i in 1 2; do hector-embed --socket $socket hello | jq -c .vector; done
            kill -0 $! && echo alive
            grep -c '^start' log
            grep '^shutdown' log
            kill $!
            """)
        #expect(result.lines == ["[5,1,1,1]", "[5,1,1,1]", "alive", "1"])
    }
}
