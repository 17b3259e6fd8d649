import Foundation
import Testing

/// The examples in Python and Swift, as `Tests/Examples/build-python` and `build-swift` have built
/// them in a tree that stands for a clone.
@Suite(.serialized) struct PythonExampleTests {
    private static let tree = Shell.root + "/.build/examples/tree/examples"

    /// A shell with the embedder, a tiny model and the database.
    private func makeShell() async throws -> Shell {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                embedder:
                  path: \(Self.tree)/plugins/custom-embedder-python/custom-embedder-python
                  config: { model: tiny }
              database_providers:
                database:
                  path: \(Self.tree)/plugins/custom-db-python/custom-db-python
                  config: { uri: vectors }
            defaults: { embedder: embedder, database: database }
            document_stores:
              notes: { path: ./notes, collection: "my notes" }
            agents:
              a: { document_stores: [notes], search: { top_k: 1 } }

            """, to: "hector.yaml")
        let made = try await shell.run(
            """
            cd \(Self.tree)/plugins/custom-embedder-python
            .venv/bin/python -B tests/tiny_model.py "$OLDPWD/tiny"
            """)
        try #require(made.status == 0, "\(made.errors)")
        return shell
    }

    @Test(
        arguments: [
            "custom-db-python", "custom-embedder-python", "custom-embedder-swift", "onnx-embedder",
            "onnx-reranker",
        ].filter { $0 != "onnx-embedder" || hasOnnx })
    func `its page says what its commands print`(example: String) async throws {
        let swift = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let page = "examples/plugins/\(example)/README.md"
        let result = try await Shell().run(
            """
            PATH=$PATH:'\(swift)'
            cd $ROOT && Tests/Examples/run-readme --tree \(page)
            """)
        #expect(result.output.hasPrefix("\(page): "))
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `the first plugin and manifest of the README keep the contract`() async throws {
        let shell = try Shell()
        let page = try String(contentsOfFile: "\(Shell.root)/README.md", encoding: .utf8)
        func block(_ language: String, with text: String) throws -> String {
            try #require(
                page.components(separatedBy: "```").first {
                    $0.hasPrefix(language + "\n") && $0.contains(text)
                }.map { String($0.dropFirst(language.count + 1)) })
        }
        let python = "\(Self.tree)/plugins/custom-embedder-python/.venv/bin/python"
        try shell.write(
            "#!\(python)\n" + block("python", with: "serve(Lengths())"), to: "my-embedder")
        try shell.write(
            block("yaml", with: "my-embedder.plugin.yaml"), to: "my-embedder.plugin.yaml")
        let result = try await shell.run(
            """
            chmod +x my-embedder
            hector plugin check ./my-embedder -o unit=10 > tap || grep -A9 '^not ok' tap
            grep -c "without the setting 'unit'" tap
            hector-embed --plugin ./my-embedder -o unit=10 'one two' | jq -c .vector
            hector plugin info ./my-embedder --json | jq -c '.status, .settings'
            """)
        #expect(
            result.lines == [
                "1", "[0.7,0.2]", #""unconfigured""#,
                #"[{"name":"unit","type":"number","required":true,"configured":false,"lacking":true,"description":"What a length is divided by"}]"#,
            ], "\(result.errors)")
    }

    @Test func `an index and an agent go by both`() async throws {
        let result = try await makeShell().run(
            """
            mkdir notes
            echo 'Rotate the old key every month.' > notes/keys.md
            echo 'Bake the bread with new flour, water and salt.' > notes/bread.md
            find notes -exec touch -d '1 hour ago' {} +
            hector index --json | jq -c '[.added, .unchanged]'
            hector index --json | jq -c '[.added, .unchanged]'
            rm notes/bread.md; echo 'Restart the server.' > notes/server.md
            hector index --json | jq -c '[.added, .removed, .unchanged]'
            hector query notes 'restart the server' -k 1 --json | jq -c '[.id, .metadata.path]'
            hector --agent a 'How do I rotate the old key?'
            ls vectors
            """)
        #expect(
            result.lines == [
                "[2,0]", "[0,2]", "[1,1,1]", #"["server.md#1","server.md"]"#,
                "Rotate the old key every month. [keys.md#1]", "my.20notes.lance",
            ])
        #expect(result.errors == "")
    }

    @Test func `100,000 single calls are answered in order`() async throws {
        let result = try await Shell().run(
            """
            seq 100000 > in
            hector-embed --text --plugin $FOREIGN/python-embedder -o dimension=4 < in > out; echo $?
            jq -r 'select(.vector | length == 4) | .content' out | cmp - in && echo all
            """)
        #expect(result.lines == ["0", "all"])
        #expect(result.errors == "")
    }

    @Test func `a call that no host waits for is left unfinished`() async throws {
        let result = try await makeShell().run(
            """
            yes 'the old key' | head -30000 > in
            hector-embed --text --debug --batch-size 30000 -o batch_size=1 --timeout 500ms < in > out 2> log
            echo $?
            jq -r '.error.code // "answered"' out | sort -u
            # The plugin's report: some texts had been embedded, and the rest not.
            grep -o 'EmbedBatch was cancelled after [0-9]* of [0-9]*' log |
                awk '{ print ($5 > 0), ($5 < $7) }'
            """)
        // The batch came too late, and each of its texts in time.
        #expect(result.lines == ["0", "answered", "1 1"], "\(result.errors)")
    }

    @Test func `when the embedder is killed every record is answered`() async throws {
        let result = try await makeShell().run(
            """
            seq 30000 > in; : > out
            hector-embed --text < in > out & filter=$!
            until [ "$(wc -l < out)" -gt 2000 ]; do sleep 0.01; done
            kill -KILL $(pgrep -P $filter)
            wait $filter; echo $?
            jq -r 'select(.vector | length == 64) | .content' out | cmp - in && echo all
            """)
        #expect(result.lines == ["0", "all"])
    }

    @Test func `when the database is killed every record is stored once`() async throws {
        let result = try await makeShell().run(
            """
            seq 6000 | jq -c '{id: "\\(.)", vector: [., 1], metadata: {n: .}}' > in; : > acked
            hector-search upsert -C numbers --create --ack < in > acked & filter=$!
            until [ "$(wc -l < acked)" -gt 2000 ]; do sleep 0.01; done
            kill -KILL $(pgrep -P $filter)
            wait $filter; echo $?
            jq -r .id acked | cmp - <(seq 6000) && echo acknowledged
            echo '{"vector":[1,1]}' | hector-search -C numbers -k 100000 |
                jq -r '.results[] | select(.id == "\\(.metadata.n)") | .id' | sort -n |
                cmp - <(seq 6000) && echo stored
            """)
        #expect(result.lines == ["0", "acknowledged", "stored"])
    }

    // MARK: The sentence model

    private static let onnx = tree + "/plugins/onnx-embedder/.venv/plugins/hector-onnx-embedder"

    /// True if PyPI, or the mirror of it that pip uses, had the model.
    private static let hasOnnx = FileManager.default.isExecutableFile(atPath: onnx)

    @Test(.enabled(if: hasOnnx, "the model cannot be installed"))
    func `a sentence model puts what means the same together`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            The automobile would not start this morning.
            She fed the kitten some milk.
            The central bank raised interest rates.
            Rotate the signing key twice a year.
            My car failed to turn on today.
            A young cat was given a drink.
            Borrowing money has become more expensive.
            Replace the certificate every six months.

            """, to: "in")
        let result = try await shell.run(
            """
            hector-embed --text --plugin \(Self.onnx) < in > out; echo $?
            jq -c '.vector | length' out | uniq
            # The nearest other sentence of each; all vectors have length 1.
            jq -sc 'map(.vector) as $v | [$v | keys[] as $i | [range($v | length) |
                select(. != $i) | [([$v[$i], $v[.]] | transpose | map(.[0] * .[1]) | add), .]] |
                max | .[1]]' out
            """)
        #expect(result.lines == ["0", "384", "[4,5,6,7,0,1,2,3]"])
        #expect(result.errors == "")
    }

    @Test(.enabled(if: hasOnnx, "the model cannot be installed"))
    func `a sentence has the same vector alone and in a batch`() async throws {
        let result = try await Shell().run(
            """
            { seq 40 | sed 's/$/ bottles of beer/'; yes word | head -300 | tr '\\n' ' '; echo; echo; } > in
            hector-embed --text --plugin \(Self.onnx) < in > together
            hector-embed --text --plugin \(Self.onnx) --batch-size 1 < in > alone
            jq -s length alone
            jq -c '.vector[]' together > a; jq -c '.vector[]' alone > b
            paste a b | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 0.0001) wrong++ }
                END { print NR, wrong + 0 }'
            """)
        #expect(result.lines == ["42", "16128 0"])
        #expect(result.errors == "")
    }

    @Test(.enabled(if: hasOnnx, "the model cannot be installed"))
    func `the sentence model keeps the contract, and suggests its weight`() async throws {
        let result = try await Shell().run(
            """
            hector plugin check \(Self.onnx) > tap; echo $?
            grep -c '^ok' tap; grep '^not ok' tap
            hector plugin info \(Self.onnx) --json | jq -c '.capabilities.alpha'
            hector-embed --plugin \(Self.onnx) -o dimension=385 hello
            """)
        #expect(result.lines == ["0", "25", #""0.5""#])
        #expect(
            result.errors.contains("'dimension' must be at most 384, the model's, not 385"),
            "\(result.errors)")
    }

    // MARK: build.py

    @Test func `build py names the executable and its manifest as requested`() async throws {
        let result = try await Shell().run(
            """
            mkdir example; cd example
            cp $ROOT/examples/plugins/custom-embedder-python/*.* .
            ln -s \(Self.tree)/plugins/custom-embedder-python/.venv .venv
            export HECTOR_SDK=\(Self.tree)/sdk/python
            python3 build.py -o my-plugin; chmod +x my-plugin
            python3 build.py -o my-plugin; python3 build.py
            ls -F | grep -e 'python\\*' -e my-; hector-plugin info ./my-plugin | grep -c embedder_provider
            """)
        #expect(
            result.lines == [
                "custom-embedder-python*", "my-plugin*", "my-plugin.plugin.yaml", "1",
            ])
        #expect(result.errors == "")
    }

    @Test(arguments: [
        ("HECTOR_SDK=/none python3 build.py", "the SDK is not in '/none': set HECTOR_SDK"),
        (
            // Debian's Python without the package.
            "mkdir none; echo 'raise ImportError' > none/ensurepip.py; "
                + "PYTHONPATH=none python3 build.py --venv new",
            "Python's module 'ensurepip' is not there (on Debian: apt-get install python3-venv)"
        ),
        (
            // No server listens there.
            "PIP_INDEX_URL=http://127.0.0.1:1/simple PIP_RETRIES=0 PIP_NO_CACHE_DIR=1 "
                + "PIP_FIND_LINKS= python3 build.py --venv new",
            "It comes from PyPI, or from where pip's settings say: is that within reach?"
        ),
        ("cp *.plugin.yaml b.plugin.yaml; python3 build.py", "one manifest NAME.plugin.yaml"),
    ])
    func `build py says what it lacks`(command: String, message: String) async throws {
        let result = try await Shell().run(
            """
            mkdir example; cd example; cp $ROOT/examples/plugins/custom-db-python/*.* .
            export HECTOR_SDK=\(Self.tree)/sdk/python
            \(command)
            """)
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("build.py: "), "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!result.errors.contains("Traceback"))
    }

    // MARK: The plugin guide

    private static let guidePlugin = """
        # plugin.py
        import grpc
        from concurrent import futures
        from hector_plugin_pb2 import LLMResponse
        from hector_plugin_pb2_grpc import LLMProviderServicer

        class MyLLMProvider(LLMProviderServicer):
            def __init__(self):
                self.config = {}
            
            def Initialize(self, request, context):
                self.config = dict(request.config)
                return InitializeResponse(success=True)
            
            def Generate(self, request, context):
                return LLMResponse(
                    text="Hello from Python plugin!",
                    tool_calls=[],
                    tokens_used=10
                )

        # See examples/ for complete implementation

        """

    @Test func `the guide's plugin in Python runs as it is printed`() async throws {
        let shell = try Shell()
        try shell.write(Self.guidePlugin, to: "plugin.py")
        try shell.write(GuideTests.testConfiguration, to: "test-config.yaml")
        let result = try await shell.run(
            """
            # Create executable wrapper
            cat > my-first-plugin << 'EOF'
            #!/usr/bin/env python3
            from plugin import serve
            serve()
            EOF
            chmod +x my-first-plugin
            # An environment with the SDK: pip install examples/sdk/python
            PATH=\(Self.tree)/plugins/custom-embedder-python/.venv/bin:$PATH
            export PYTHONDONTWRITEBYTECODE=1
            hector --config test-config.yaml --agent test-agent 'Hello?'
            hector-generate --plugin ./my-first-plugin --no-stream 'Hello?'
            hector-plugin check ./my-first-plugin | grep -c '^not ok'
            """)
        #expect(
            result.lines == ["Hello from Python plugin!", "Hello from Python plugin!", "0"],
            "\(result.errors)")
    }
}
