import Foundation
import Testing

/// hector-plugin serve: a plugin that outlives the commands that use it.
@Suite(.serialized) struct ServeTests {
    /// Starts a server and waits until it can be found.
    private static func serve(_ plugin: String) -> String {
        """
        serve() { hector-plugin serve "$@" --socket "$PWD/e.sock" > out 2>> log & server=$!; }
        ready() { until [ -S e.sock ]; do kill -0 $server || exit; sleep 0.01; done; }
        embed() { hector-embed --socket e.sock hello | jq -c '.vector | length'; }
        serve \(plugin)
        ready

        """
    }

    private static let stop = """

        kill $server
        wait $server
        echo status $?
        ls -A | grep -vxE 'log|out|notes' || echo nothing left
        cat out
        """

    @Test(arguments: [
        ("hash-embedder -o dimension=64", "64"), ("$FOREIGN/python-embedder", "64"),
        ("$FOREIGN/go-embedder", "384"),
    ])
    func `a plugin is served over the deaths of its process`(plugin: String, dimension: String)
        async throws
    {
        let shell = try Shell()
        let result = try await shell.run(
            Self.serve(plugin) + """
                stat -L -c %a e.sock
                embed
                kill -9 $(pgrep -P $server)
                embed
                """ + Self.stop)
        #expect(result.lines == ["600", dimension, dimension, "status 0", "nothing left"])
        #expect(try shell.read("log").contains("error: was killed by signal 9"))
        #expect(shell.leftovers == [])
    }

    @Test(arguments: [
        ("go-embedder", "GO_EMBEDDER_IDLE=300ms", "384"),
        ("go-embedder", "GO_EMBEDDER_AGE=300ms", "384"),
        ("node-embedder", "NODE_EMBEDDER_IDLE=300", "4"),
        ("node-embedder", "NODE_EMBEDDER_AGE=300", "4"),
    ])
    func `a plugin that closes its connections is not started again`(
        plugin: String, limit: String, dimension: String
    ) async throws {
        let shell = try Shell()
        let result = try await shell.run(
            "export \(limit)\n" + Self.serve("$FOREIGN/\(plugin)") + """
                plugin=$(pgrep -P $server)
                # The pauses are for the plugin's clock, which no other process can read.
                for i in 1 2 3 4; do echo '"text"'; sleep 0.7; done |
                    hector-embed --socket e.sock | jq -c '.vector | length'
                [ "$(pgrep -P $server)" = "$plugin" ] && echo same
                """ + Self.stop)
        #expect(
            result.lines == Array(repeating: dimension, count: 4) + [
                "same", "status 0", "nothing left",
            ], "\(result.errors)")
        #expect(result.errors.isEmpty)
    }

    /// Streams records while others bring settings; the server sends `own`, the stream `first`.
    private static func share(_ plugin: String, own: String, first: String) -> String {
        serve("\(plugin) \(own)") + """
            seq 3000 | jq -c '{id: ., content: "text \\(.)"}' > in
            mkfifo pipe
            hector-embed --socket e.sock \(first) < pipe > all 2> notes & filter=$!
            exec 3> pipe
            head -100 in >&3
            until [ "$(wc -l < all)" -ge 100 ]; do kill -0 $filter || exit; sleep 0.01; done
            hector-embed --socket e.sock -o dimension=32 hello 2>&1 | sed "s|$PWD|.|"
            echo status ${PIPESTATUS[0]}
            embed
            tail -n +101 in >&3
            exec 3>&-
            wait $filter
            echo stream $?
            jq -c '.vector | length' all | sort | uniq -c | tr -s ' '
            jq .id all | cmp - <(seq 3000)

            """
    }

    @Test(arguments: [
        ("hash-embedder", "-o dimension=48", "", "48"),
        ("hash-embedder", "", "-o dimension=48", "48"),
        ("hash-embedder", "", "", "1024"),
        ("$FOREIGN/python-embedder", "", "-o dimension=48", "48"),
        ("$FOREIGN/node-embedder", "-o dimension=48", "-o dimension=48", "48"),
        ("$FOREIGN/node-embedder", "", "-o dimension=48", "48"),
    ])
    func `the settings stay, and who comes with others is refused`(
        plugin: String, own: String, first: String, dimension: String
    ) async throws {
        let result = try await Shell().run(
            Self.share(plugin, own: own, first: first) + """
                kill -9 $(pgrep -P $server)
                embed
                rm in all pipe
                """ + Self.stop)
        #expect(
            result.lines == [
                "hector-embed: the plugin served at './e.sock' keeps its settings: 'dimension' is "
                    + "'\(dimension)', not '32'; leave them out, or serve another one with them",
                "status 78", dimension, "stream 0", " 3000 \(dimension)", dimension, "status 0",
                "nothing left",
            ], "\(result.errors)")
    }

    @Test func `settings that no client has used yet are not there to stay`() async throws {
        let result = try await Shell().run(
            Self.serve("$FOREIGN/node-embedder") + """
                hector-embed --socket e.sock -o dimension=none hello 2>&1; echo $?
                hector-embed --socket e.sock -o dimension=5 hello | jq '.vector | length'
                hector-embed --socket e.sock --plugin $FOREIGN/node-embedder hello |
                    jq '.vector | length'
                """ + Self.stop)
        #expect(
            result.lines == [
                "hector-embed: plugin 'node-embedder' refused its configuration: "
                    + "'dimension' cannot be 'none'", "78", "5", "5", "status 0", "nothing left",
            ], "\(result.errors)")
    }

    @Test func `of two that come first with different settings one wins`() async throws {
        let result = try await Shell().run(
            Self.serve("hash-embedder") + """
                for n in 1 2 3 4 5 6 7 8; do
                    hector-embed --socket e.sock -o dimension=$((n * 8)) hello > $n 2> notes$n &
                    clients="$clients $!"
                done
                for client in $clients; do wait $client; echo $? >> statuses; done
                sort statuses | uniq -c | tr -s ' '
                winner=$(jq -s '.[0].vector | length' [1-8])
                grep -l "is '$winner', not '" notes* | wc -l
                [ "$(embed)" = "$winner" ] && echo the same
                rm [1-8] notes* statuses
                """ + Self.stop)
        #expect(
            result.lines == [" 1 0", " 7 78", "7", "the same", "status 0", "nothing left"],
            "\(result.errors)")
    }

    @Test(arguments: ["hash-embedder", "$FOREIGN/python-embedder", "$FOREIGN/go-embedder"])
    func `a client that goes to the plugin itself is refused by it`(plugin: String) async throws {
        let setting = plugin.hasSuffix("go-embedder") ? "fail" : "dimension"
        let result = try await Shell().run(
            Self.serve(setting == "fail" ? plugin : "\(plugin) -o dimension=48") + """
                ln -s e.sock other.sock
                hector-embed --socket other.sock hello | jq '.vector | length > 0'
                hector-embed --socket other.sock -o \(setting)=9 hello 2>&1 |
                    grep -o "keeps its settings: '\(setting)' is .*"
                echo ${PIPESTATUS[0]}
                rm other.sock
                """ + Self.stop)
        let difference =
            setting == "fail"
            ? "'fail' is not set, and would be '9'" : "'dimension' is '48', not '9'"
        #expect(
            result.lines == [
                "true", "keeps its settings: \(difference)", "78", "status 0", "nothing left",
            ], "\(result.errors)")
    }

    @Test func `secrets that differ are not shown`() async throws {
        let result = try await Shell().run(
            Self.serve("openai-embedder -o model=m -o api_key=SECRET1") + """
                hector-embed --socket e.sock -o api_key=SECRET2 hello 2>&1 | tee said |
                    grep -o "'api_key' is another than the one given"
                grep -c SECRET said log
                rm said
                """ + Self.stop)
        #expect(
            result.lines == [
                "'api_key' is another than the one given", "said:0", "log:0", "status 0",
                "nothing left",
            ], "\(result.errors)")
    }

    @Test func `records in flight when the process dies come through`() async throws {
        let result = try await Shell().run(
            Self.serve("$FOREIGN/python-embedder") + """
                seq 2000 | jq -c '{id: ., content: "text \\(.)"}' > in
                hector-embed --socket e.sock < in > all &
                filter=$!
                until [ "$(wc -l < all)" -gt 100 ]; do sleep 0.01; done
                kill -9 $(pgrep -P $server)
                wait $filter
                echo filter $?
                jq .id all | cmp - <(seq 2000) && rm in all
                """ + Self.stop)
        #expect(result.lines == ["filter 0", "status 0", "nothing left"], "\(result.errors)")
    }

    @Test func `a socket in another file system is led to by a link`() async throws {
        let result = try await Shell().run(
            """
            other=$(mktemp -d -p /dev/shm) || exit
            trap 'rm -r $other' EXIT
            [ "$(stat -c %d $other)" != "$(stat -c %d .)" ] || exit
            export TMPDIR=$other
            """ + "\n" + Self.serve("$FOREIGN/go-embedder") + """
                stat -c %F e.sock
                embed
                kill -9 $(pgrep -P $server)
                embed
                """ + Self.stop + "\nls $other | wc -l")
        #expect(
            result.lines == ["symbolic link", "384", "384", "status 0", "nothing left", "0"],
            "\(result.errors)")
    }

    @Test func `a live server is left alone, and what a dead one has left is replaced`()
        async throws
    {
        let result = try await Shell().run(
            Self.serve("hash-embedder -o dimension=8") + """
                hector-plugin serve hash-embedder --socket e.sock 2> notes; echo $?
                cat notes
                embed
                kill -9 $server
                wait $server 2> /dev/null
                while [ -e e.sock ]; do sleep 0.05; done
                python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("e.sock")'
                [ -S e.sock ] && echo dead
                serve hash-embedder -o dimension=9
                until embed 2> /dev/null; do kill -0 $server || exit; done
                """ + Self.stop)
        let lines = result.lines
        #expect(lines.first == "69")
        #expect(lines.dropFirst().first?.contains("another server listens at '") == true)
        #expect(
            lines.dropFirst(2) == ["8", "dead", "9", "status 0", "nothing left"], "\(lines)")
    }

    @Test(arguments: ["10.0.0.1:9009", "a:1,b:2", "localhost:80", ":9", "[::1]:9"])
    func `what reads as a host and a port is not made a file`(address: String) async throws {
        let result = try await Shell().run(
            """
            hector-plugin serve hash-embedder --socket '\(address)' 2> log; echo $?
            grep -c 'reads as HOST:PORT' log
            ls -A
            """)
        #expect(result.lines == ["64", "1", "log"])
    }

    @Test(arguments: ["a:1,b:2", "a b:1", ":9", "host:", "host:x"])
    func `what is neither a path nor one host and port is refused`(address: String) async throws {
        let result = try await Shell().run(
            "hector-embed --socket '\(address)' hello 2>&1; echo $?")
        #expect(
            result.lines == [
                "hector-embed: '\(address)' is not a socket: expected one path or HOST:PORT", "64",
            ])
    }

    @Test func `a plugin that dies again and again is given up`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            Self.serve("hash-embedder") + """
                while kill -0 $server 2> /dev/null; do pkill -9 -P $server; sleep 0.01; done
                wait $server
                echo status $?
                [ -e e.sock ] || echo nothing left
                """)
        #expect(result.lines == ["status 69", "nothing left"])
        #expect(try shell.read("log").contains("within a minute and given up"))
    }

    @Test func `the entry of a configuration may be served, and another use it`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                mine: { path: hash-embedder, config: { dimension: 12 } }
                served: { socket: ./e.sock }
            """, to: "hector.yaml")
        let result = try await shell.run(
            Self.serve("mine") + """
                hector-embed --plugin served hello | jq '.vector | length'
                hector-plugin list --json | jq -r 'select(.name == "served").status'
                rm hector.yaml
                """ + Self.stop)
        #expect(result.lines == ["12", "running", "status 0", "nothing left"], "\(result.errors)")
    }

    @Test(arguments: ["", "\\0"])
    func `the systemd unit serves a plugin and notifies systemd`(prefix: String) async throws {
        let unit = try String(
            contentsOfFile: "\(Shell.root)/examples/systemd/hector-plugin@.service",
            encoding: .utf8)
        let start = try #require(unit.firstMatch(of: /ExecStart=\/usr\/local\/bin\/(.*)/)).1
        let command = start.replacing("%I", with: "hash-embedder")
            .replacing("%i", with: "hash-embedder").replacing("%t", with: "\"$PWD\"")
        // An abstract name begins with NUL, which the variable writes as '@'.
        let result = try await Shell().run(
            """
            mkdir hector
            name=$PWD/notify
            perl -MIO::Socket::UNIX -MSocket -e '
                $| = 1;
                socket(my $socket, PF_UNIX, SOCK_DGRAM, 0);
                bind($socket, pack_sockaddr_un("\(prefix)$ARGV[0]")) or die;
                print "bound\\n";
                do { recv($socket, $_, 4096, 0); s/\\n/ /g; print "$_\\n" } until /STOPPING/
            ' "$name" > told &
            manager=$!
            until grep -q bound told; do sleep 0.01; done
            NOTIFY_SOCKET=\(prefix.isEmpty ? "" : "@")$name \(command) 2> log &
            server=$!
            until grep -q READY told; do kill -0 $server || exit; sleep 0.01; done
            hector-embed --socket hector/hash-embedder.sock hello | jq '.vector | length'
            kill $server
            wait $server $manager
            echo status $?
            sed "s|$PWD|.|" told
            """)
        #expect(
            result.lines == [
                "1024", "status 0", "bound",
                "READY=1 STATUS=Serving hash-embedder at ./hector/hash-embedder.sock",
                "STOPPING=1",
            ], "\(result.errors)")
    }

    @Test func `a server at the place for another's settings is left alone`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            hector-plugin serve hash-embedder -o dimension=8 --socket e.sock.settings 2> log &
            server=$!
            until [ -S e.sock.settings ]; do kill -0 $server || exit; sleep 0.01; done
            hector-plugin serve hash-embedder --socket e.sock 2> notes; echo $?
            sed "s|$PWD|.|" notes
            hector-embed --socket e.sock.settings hello | jq -c '.vector | length'
            kill $server; wait $server
            : > e.sock.settings
            hector-plugin serve hash-embedder --socket e.sock 2> notes; echo $?
            sed "s|$PWD|.|" notes
            """)
        #expect(
            result.lines == [
                "69",
                "hector-plugin: another server listens at './e.sock.settings'; stop it first, or "
                    + "choose another path",
                "8", "74",
                "hector-plugin: './e.sock.settings' is there already and is no socket; choose "
                    + "another path",
            ], "\(result.errors)")
    }

    @Test(arguments: ["KILL", "QUIT", "ABRT", "TERM", "HUP"])
    func `a server that a signal ends leaves nothing`(signal: String) async throws {
        let shell = try Shell()
        let result = try await shell.run(
            // Without job control, bash starts what is in the background with SIGQUIT ignored.
            "ulimit -c 0; set -m\n" + Self.serve("hash-embedder") + """
                embed
                kill -\(signal) $server
                wait $server
                # Another process removes what a killed one leaves.
                for i in $(seq 600); do
                    ls -A | grep -qvxE 'log|out' || break
                    sleep 0.1
                done
                ls -A | grep -vxE 'log|out' || echo nothing left
                """)
        #expect(result.lines == ["1024", "nothing left"], "\(result.output)\(result.errors)")
        #expect(shell.leftovers == [])
    }

    @Test func `the plugin's lines are shown, and only those wanted`() async throws {
        let result = try await Shell().run(
            """
            for option in --quiet --debug; do
                FAULT=odd-log hector-plugin serve $option $FOREIGN/faulty --socket e.sock 2> log &
                server=$!
                until [ -S e.sock ]; do kill -0 $server || exit; sleep 0.01; done
                kill $server
                wait $server
                cat log
            done
            """)
        let shown = "faulty: warn: odd but fine n=1"
        #expect(result.lines.first == shown)
        #expect(result.lines.dropFirst().contains(shown))
        #expect(result.lines.dropFirst().contains("faulty: debug: [1, 2]"))
    }
}
