import Foundation
import TestSupport
import Testing

/// A day's use of all programs with marked keys, after which the marks are looked for.
@Suite(.serialized, .timeLimit(.minutes(15))) struct KeyScanTests {
    /// The word that is in all keys.
    private static let mark = "MARKED"
    private static let keys = [
        "file": "sk-MARKED-in-a-file-0001", "stored": "MARKED/stored+key=0002",
        "typed": "MARKED-typed-key-0003", "command": "MARKED-of-a-command-0004",
        "header": "MARKED-in-a-header-0005", "password": "MARKED-password-0006",
        "variable": "MARKED-in-a-variable-0007",
    ]

    /// A server that repeats in its errors all that it is sent.
    private func server(_ facts: ProcessFacts) throws -> Loopback {
        try Loopback { request, connection in
            facts.addCommandLines()
            facts.addEnvironments()
            let sent = request.headers.map { "\($0): \($1)" }.joined(separator: "; ")
            let text = request.text
            if text.contains("please fail") || request.path.contains("refused") {
                let message = "\(request.path) with \(sent)".replacing("\"", with: "'")
                try connection.answer(
                    #"{"error":{"message":"wrong key: \#(message)"}}"#, status: 401)
            } else if request.path.hasSuffix("embeddings") {
                let count = (request.json["input"] as? [Any])?.count ?? 1
                let vectors = (0..<count).map { #"{"index":\#($0),"embedding":[1,0,0.5]}"# }
                try connection.answer(
                    #"{"data":[\#(vectors.joined(separator: ","))],"model":"e"}"#)
            } else if request.path.hasSuffix("rerank") {
                try connection.answer(#"{"results":[{"index":0,"relevance_score":0.5}]}"#)
            } else {
                try connection.answer(
                    #"{"choices":[{"message":{"content":"fine"},"finish_reason":"stop"}]}"#)
            }
        }
    }

    private func configuration(_ url: String) -> String {
        let address = url.dropFirst("http://".count)
        return """
            plugins:
              llm_providers:
                file:
                  path: openai-llm
                  api_key_file: ./file.key
                  config: { base_url: "\(url)", model: m, max_retries: 0 }
                stored:
                  path: openai-llm
                  config: { base_url: "\(url)", api_key: "${STORED_KEY}", model: m, max_retries: 0 }
                command:
                  path: anthropic-llm
                  api_key_command: [cat, command.key]
                  config: { base_url: "\(url)/refused", model: m, max_retries: 0 }
                header:
                  path: openai-llm
                  config:
                    base_url: "\(url)"
                    model: m
                    headers: { X-Api-Key: "\(Self.keys["header"]!)" }
                password:
                  path: openai-llm
                  config: { base_url: "http://me:\(Self.keys["password"]!)@\(address)/refused", model: m }
                python:
                  path: "${FOREIGN}/python-llm"
                  config: { api_key: "${VARIABLE_KEY}", fault: error }
              embedder_providers:
                e: { path: openai-embedder, api_key_file: file.key,
                     config: { base_url: "\(url)", model: e } }
              rerankers:
                r: { path: openai-reranker, api_key_file: file.key,
                     config: { base_url: "\(url)", model: r } }
            defaults: { embedder: e, llm: file }
            document_stores: { docs: { path: ./docs, embedder: e } }
            agents:
              a: { llm: file, embedder: e, document_stores: [docs] }
            """
    }

    /// Commands of a day; failures are part of it.
    private static let tour = """
        hector keys set STORED_KEY < stored.key
        export VARIABLE_KEY=$(cat variable.key)
        hector validate; hector config show; hector config show --config hector.yaml
        hector plugin list; hector plugin list --json; hector plugin info file; hector keys list
        hector plugin check openai-llm -o api_key=@file.key -o base_url=$URL -o model=m --debug
        for llm in file stored command header password python; do
            hector-generate --debug --plugin $llm --no-stream hi
            hector-generate --debug --plugin $llm --no-stream 'please fail'
            printf '{"content":"please fail"}\\n{"content":"x"}\\n' |
                hector-generate --debug --plugin $llm --summary --errors errors.$llm
        done
        hector-generate --plugin openai-llm -o base_url=$URL -o model=m -o api_key=@typed.key hi
        hector-generate --plugin openai-llm -o base_url="ht!tp://x:$(cat password.key)@h" -o model=m hi
        hector-generate --plugin file -o timeout=@typed.key hi
        mkdir docs; echo 'A text about keys.' > docs/a.md
        hector index run --debug; hector index status; hector query docs keys
        echo text | hector-embed --text --debug --plugin e > embedded
        hector-search upsert --create -C c < embedded; hector-search -C c --embed keys
        echo '{"content":"q","results":[{"id":"1","score":1,"content":"a"}]}' |
            hector-rerank --plugin r --debug
        hector-tool list; hector-tool call list_directory '{"path":"."}'
        echo '{"content":"q"}' | hector-reason
        hector --debug --agent a --trace trace.jsonl --session s 'What of keys?'
        hector --debug --agent a --trace trace2.jsonl --session s 'please fail'
        hector --debug --plugin openai-llm -o base_url=$URL -o model=m -o api_key=@typed.key --no-tools q
        hector session show s; hector replay trace.jsonl
        printf '.set base_url=%s\\n.set api_key=%s\\nhello\\n.set\\n.pipeline\\nplease fail\\n' \\
            $URL $(cat typed.key) > lines
        hector-shell --agent a --debug < lines
        hector plugin serve file --socket $PWD/s.sock --debug 2>served & server=$!
        until [ -S s.sock ]; do kill -0 $server || break; sleep 0.05; done
        hector-generate --socket s.sock -u 'please fail'; hector-generate --socket s.sock hi
        kill $server; wait $server; cat served
        hector-bench --help > /dev/null
        """

    @Test func `after a day, keys are nowhere except where they were put`() async throws {
        let facts = ProcessFacts()
        let server = try server(facts)
        let shell = try Shell()
        for (name, key) in Self.keys {
            try shell.write(key, to: "\(name).key")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: "\(shell.path)/\(name).key")
        }
        try shell.write(configuration(server.url), to: "hector.yaml")
        let day = try await shell.run(
            "ulimit -c $(ulimit -Hc); export URL=\(server.url) HECTOR_CONFIG=$PWD/hector.yaml\n"
                + Self.tour)

        // Servers were reached with each key, so that there was something to leak.
        let sent = server.received.flatMap { $0.headers.values }
        for (name, key) in Self.keys where !["password", "variable"].contains(name) {
            #expect(sent.contains { $0.contains(key) }, "\(name): \(day.errors)")
        }
        for (output, text) in [("output", day.output), ("errors", day.errors)] {
            let lines = text.split(separator: "\n").filter { $0.contains(Self.mark) }
            #expect(lines == [], "\(output)")
        }
        let commands = Set(facts.all.filter { $0.contains(Self.mark) })
            // Only a variable may be in environments: that of the user's own shell.
            .filter { line in
                Self.keys.contains { $0.key != "variable" && line.contains($0.value) }
            }
        #expect(commands == [])
        let files = try await shell.run(
            """
            rm -rf *.key hector.yaml lines $HOME/.local/share/hector/keys
            grep -rlF \(Self.mark) . $HOME $TMPDIR; ls -A | grep -i core
            echo searched
            """)
        #expect(files.lines == ["searched"], "\(files.output)")
        #expect(shell.leftovers == [])
    }
}
