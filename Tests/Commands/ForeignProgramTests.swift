import Foundation
import Testing

/// Programs that are not the plugins they are taken for, and plugins that other hosts start
/// differently from Hector.
@Suite(.serialized) struct ForeignProgramTests {
    @Test(arguments: [
        (
            "cp $FOREIGN/go-llm it", "embedder", 78,
            "is of the kind llm_provider: it serves hector.plugin.LLMProvider, not "
                + "hector.plugin.EmbedderProvider"
        ),
        (
            "cp $FOREIGN/python-embedder it", "tools", 78,
            "is of the kind embedder_provider: it serves hector.plugin.EmbedderProvider, not "
                + "hector.plugin.ToolProvider"
        ),
        (
            "script 'exit 0'", "llm", 69,
            "exited with status 0 before its handshake; is it a plugin at all?"
        ),
        (
            "script 'echo This binary is a plugin. >&2; echo Please execute >&2; exit 1'", "llm",
            69,
            "exited with status 1 before its handshake; it expects another magic cookie than "
                + "Hector's, so it is a plugin of something else"
        ),
        (
            "script \"echo '1|5|unix|/nowhere|grpc'; exec sleep 1000\"", "llm", 69,
            "speaks version '5' of the plugin protocol, not 1; it was built for another host than "
                + "this Hector"
        ),
    ])
    func `a check of something else says so in one line`(
        preparation: String, kind: String, status: Int32, message: String
    ) async throws {
        let result = try await Shell().run(
            """
            script() { printf '#!/bin/sh\\n%s\\n' "$1" > it; chmod +x it; }
            \(preparation)
            hector-plugin check ./it --kind \(kind)
            """)
        #expect(result.status == status)
        #expect(result.errors == "hector-plugin: plugin 'it' \(message)\n")
        #expect(result.lines.last == "Bail out! plugin 'it' \(message)")
        #expect(result.lines.count { $0.hasPrefix("not ok") } == 1)
    }

    @Test func `a filter says of what kind a plugin is`() async throws {
        let result = try await Shell().run(
            "cp $FOREIGN/go-llm it; hector-embed --plugin ./it hello")
        #expect(result.status == 78)
        #expect(result.errors.contains("is of the kind llm_provider: it serves"))
    }

    @Test func `a plugin on TCP is checked with what the message tells to type`() async throws {
        let result = try await Shell().run(
            """
            export PYTHON_PLUGIN_TRANSPORT=tcp
            hector-plugin check $FOREIGN/python-embedder > /dev/null; echo $?
            hector-plugin check --no-mtls $FOREIGN/python-embedder > tap || cat tap
            hector-plugin check --mtls $FOREIGN/go-embedder > tap || cat tap
            hector-plugin check --mtls $FOREIGN/faulty 2>&1 > /dev/null | head -1
            """)
        #expect(result.errors.contains("'hector plugin' has --mtls and --no-mtls"))
        #expect(
            result.lines == [
                "69",
                "hector-plugin: plugin 'faulty' sent no certificate, but mTLS was asked for; if it "
                    + "cannot speak it, set 'mtls: false' in its entry of hector.yaml, or give "
                    + "'hector plugin' --no-mtls",
            ])
    }

    @Test func `a check says that a newline is missing, and what the plugin takes`() async throws {
        let result = try await Shell().run(
            #"""
            # The last byte that the plugin prints is kept back.
            cat > it <<'END'
            #!/bin/sh
            "$FOREIGN/go-embedder" | { read -r line; printf %s "$line"; exec cat; }
            END
            chmod +x it
            hector-plugin check ./it --kind embedder
            """#)
        #expect(result.output.contains("# there is no newline after the handshake"))
        #expect(result.output.contains("of address space"))
    }

    @Test func `the socket of an old go-plugin goes after the host has been killed`() async throws {
        let result = try await Shell().run(
            """
            # It does not know the socket directory, like go-plugin before 1.6.
            printf '#!/bin/sh\\nunset PLUGIN_UNIX_SOCKET_DIR\\nexec "%s/go-embedder"\\n' "$FOREIGN" > old
            chmod +x old
            mkfifo in
            exec 3<>in
            hector-embed --plugin ./old < in > out 2> errors &
            host=$!
            echo '"a"' >&3
            until [ -s out ]; do sleep 0.05; done
            ls "$TMPDIR" | grep -c '^plugin'
            kill -KILL $host
            wait $host 2> /dev/null
            exec 3>&-
            ls "$TMPDIR" | grep -c '^plugin'
            # The plugin may still be ending at the first of these runs.
            until [ -z "$(ls "$TMPDIR")" ]; do hector-embed b > out; sleep 0.1; done
            echo gone
            hector-embed --plugin ./old b > out
            ls "$TMPDIR" | grep -c '^plugin'
            """)
        #expect(result.lines == ["1", "1", "gone", "0"], "\(result.errors)")
    }
}
