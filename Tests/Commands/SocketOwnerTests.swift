import Foundation
import Testing

/// Sockets that belong to another user, or at which another user's process answers.
@Suite(.serialized, .enabled(if: geteuid() == 0, "only root can act as another user"))
struct SocketOwnerTests {
    /// Makes a folder `shared` like /tmp, and functions to listen as another user: what the listener
    /// gets is in the file `got`.
    private func shell() throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            import ctypes, os, signal, socket, sys
            # It ends with the shell, however that ends.
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            path, log = sys.argv[1:]
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen()
            os.chmod(path, 0o777)
            open(log + ".ready", "w").close()
            while True:
                connection, _ = listener.accept()
                data = connection.recv(65536)
                with open(log, "ab") as file:
                    file.write(data)
                connection.close()

            """, to: "listen.py")
        try shell.write(
            """
            mkdir -m 1777 shared && mkdir -m 777 log
            chmod 755 . ..
            as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
            # listen PATH: in the background, as another user.
            listen() {
                # The process itself, and not a shell that waits for it, is ended by the trap.
                (exec setpriv --reuid=65534 --regid=65534 --clear-groups \\
                    python3 listen.py "$1" "$PWD/log/got") & listener=$!
                until [ -e log/got.ready ]; do sleep 0.05; done
                rm log/got.ready
            }
            # serve PATH: a plugin of this user's, in the background.
            serve() {
                hector-plugin serve hash-embedder -q --socket "$1" & server=$!
                until [ -S "$1" ]; do sleep 0.05; done
            }
            got() { cat log/got 2>/dev/null | wc -c; }
            trap 'kill $(jobs -p) 2>/dev/null' EXIT

            """, to: "functions")
        return shell
    }

    private func run(_ script: String) async throws -> Shell.Result {
        try await shell().run(". ./functions\n" + script)
    }

    @Test func `a socket of another user gets nothing`() async throws {
        let result = try await run(
            """
            listen shared/s
            hector-embed --socket shared/s -o api_key=secret a; echo $?
            hector-embed --socket ./shared/s a; echo $?
            echo 'plugins: { embedder_providers: { e: { socket: shared/s, config: { k: v } } } }' >hector.yaml
            hector-embed a; echo $?
            hector-plugin info --start e; echo $?
            got
            """)
        #expect(result.lines == ["77", "77", "77", "77", "0"], "\(result.output)\(result.errors)")
        #expect(
            result.errors.contains("shared/s' belongs to user 65534, who is neither you nor root"))
        #expect(!result.errors.contains("secret"))
    }

    @Test func `the process that listens counts as well as the path's owner`() async throws {
        let result = try await run(
            """
            listen shared/s
            chown 0:0 shared/s
            hector-embed --socket shared/s -o api_key=secret a; echo $?
            got
            mv shared/s mine
            hector-embed --socket mine -o api_key=secret a; echo $?
            got
            """)
        #expect(result.lines == ["77", "0", "77", "0"], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("shared/s' is answered by user 65534"))
    }

    @Test func `a link that another user has made is not followed`() async throws {
        let result = try await run(
            """
            serve e.sock
            as_nobody ln -s "$PWD/e.sock" shared/link
            hector-embed --socket shared/link a; echo $?
            ln -s "$PWD/e.sock" shared/own
            hector-embed --socket shared/own a | jq '.vector | length'
            hector-embed --socket e.sock a | jq '.vector | length'
            """)
        #expect(result.lines == ["77", "1024", "1024"], "\(result.output)\(result.errors)")
    }

    @Test func `settings are not given to another user's socket beside the plugin's`() async throws
    {
        let result = try await run(
            """
            serve e.sock
            ln e.sock shared/e.sock
            listen shared/e.sock.settings
            hector-embed --socket shared/e.sock a | jq '.vector | length'
            got
            """)
        #expect(result.lines == ["1024", "0"], "\(result.output)\(result.errors)")
    }

    @Test func `a socket that takes the place of one that was used gets nothing`() async throws {
        let result = try await run(
            """
            serve e.sock
            ln e.sock shared/e.sock
            mkfifo records
            hector-embed -j1 --batch-size 1 --socket shared/e.sock <records >out & filter=$!
            exec 9>records
            echo '{"content":"first"}' >&9
            until [ -s out ]; do sleep 0.05; done
            rm shared/e.sock
            kill $server; wait $server
            listen shared/e.sock
            echo '{"content":"secret"}' >&9
            exec 9>&-
            wait $filter; echo $?
            wc -l <out
            got
            """)
        #expect(
            result.lines.count == 3 && result.lines[2] == "0", "\(result.output)\(result.errors)")
        #expect(result.lines[0] != "0")
    }

    @Test func `serve refuses a folder in which others could replace its socket`() async throws {
        let result = try await run(
            """
            mkdir -m 777 open; mkdir -m 755 open/inner
            for path in shared/s open/s open/inner/s; do
                hector-plugin serve hash-embedder --socket $path; echo $?
            done
            find shared open -type s; ls shared
            """)
        #expect(result.lines == ["77", "77", "77"], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("shared' may be written by others (mode 1777)"))
        #expect(result.errors.contains("open' may be written by others (mode 777)"))
        #expect(result.errors.contains("choose a folder that only you can write to"))
    }

    @Test(arguments: [
        ("192.0.2.1:7000", "77"), ("plugins.example:7000", "77"), ("[2001:db8::1]:7000", "77"),
        ("[::ffff:192.0.2.1]:7000", "77"), ("127.0.0.1:9", "69"), ("127.1.2.3:9", "69"),
        ("localhost:9", "69"), ("[::1]:9", "69"), ("[::ffff:127.0.0.1]:9", "69"),
    ])
    func `a plugin elsewhere is not called without mutual TLS`(
        address: String, status: String
    ) async throws {
        let result = try await run("hector-embed --socket '\(address)' -o k=v a; echo $?")
        #expect(result.lines == [status], "\(result.errors)")
        #expect(result.errors.contains("is not on this machine") == (status == "77"))
    }

    @Test func `a plugin that listens on a network without mutual TLS is refused`() async throws {
        let result = try await run(
            """
            printf '#!/bin/sh\\necho "1|1|tcp|192.0.2.1:7000|grpc"\\nsleep 60\\n' >plugin
            chmod +x plugin
            echo 'plugins: { embedder_providers: { e: { path: ./plugin, mtls: false } } }' >hector.yaml
            hector-embed a; echo $?
            """)
        #expect(result.lines == ["77"], "\(result.errors)")
        #expect(result.errors.contains("or needs 'mtls: true' in its entry"))
    }
}
