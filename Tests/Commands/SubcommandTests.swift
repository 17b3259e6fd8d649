import Testing

@Suite struct SubcommandTests {
    private func run(_ script: String) async throws -> Shell.Result {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                m: { path: ./m }
            document_stores:
              d: { path: . }
            """, to: "hector.yaml")
        return try await shell.run(script)
    }

    @Test(arguments: [
        ("hector-embed -o dimension=3 info", "hector-embed info -o dimension=3"),
        ("hector-embed --timeout 5m --debug info", "hector-embed info --debug --timeout 5m"),
        (
            "hector-generate --plugin extractive-llm info",
            "hector-generate info --plugin extractive-llm"
        ),
        ("hector-reason --plugin chain-of-thought info", "hector-reason info"),
        (
            "hector-rerank --plugin $FOREIGN/python-reranker info",
            "hector-rerank info --plugin $FOREIGN/python-reranker"
        ),
        ("hector-tool -o read_only=true list", "hector-tool list -o read_only=true"),
        ("hector-tool --allow 'read_*' list", "hector-tool list --allow 'read_*'"),
        ("hector-plugin --json --config hector.yaml list", "hector-plugin list --json"),
        ("hector-plugin --json info hash-embedder", "hector-plugin info --json hash-embedder"),
        ("hector-index --json status", "hector-index status --json"),
        ("hector-search -C c --ack --create upsert", "hector-search upsert -C c --create --ack"),
        ("hector-search --help upsert", "hector-search upsert --help"),
        ("hector --json session list", "hector session list --json"),
        ("hector session --json list", "hector session list --json"),
        ("hector --config hector.yaml validate", "hector validate --config hector.yaml"),
        ("hector --config=hector.yaml plugin --json list", "hector plugin list --json"),
        ("hector --json plugin info hash-embedder", "hector plugin info hash-embedder --json"),
    ])
    func `options may stand before the subcommand`(before: String, after: String) async throws {
        let result = try await run(
            """
            for i in 1 2 3; do echo '{"id":"'$i'","content":"x","vector":[1,'$i']}'; done > in
            \(before) < in > a 2>&1; echo $?
            \(after) < in > b 2>&1; echo $?
            cmp a b && wc -c < a
            """)
        #expect(result.lines.count == 3, "\(result.output)")
        #expect(result.lines.first == result.lines.dropFirst().first)
        #expect(result.lines.first != "64")
    }

    @Test func `an option's value and what follows an operand or -- are not a subcommand`()
        async throws
    {
        let result = try await run(
            """
            hector-embed a info | jq -r .content
            hector-embed -o dimension=2 -- info | jq -r .content
            printf '{"content":"x"}\\n' | hector-embed --field content -qj 2 | jq -r .content
            printf '{"info":"y"}\\n' | hector-embed --field info | jq -r .info
            hector-search -C upsert upsert --create <<< '{"id":"1","vector":[1]}'
            hector-search -C upsert <<< '{"vector":[1]}' | jq -c '.results | length'
            """)
        #expect(result.errors == "")
        #expect(result.lines == ["a", "info", "info", "x", "y", "1"])
    }

    @Test(arguments: [
        ("hector-search -k 3 -C c upsert", "unknown option '-k'", "hector-search upsert --help"),
        ("hector-embed --query info", "unknown option '--query'", "hector-embed info --help"),
        ("hector --json validate", "unknown option '--json'", "hector validate --help"),
    ])
    func `an option that the subcommand does not have is named with it`(
        command: String, problem: String, help: String
    ) async throws {
        let result = try await run(command)
        #expect(result.status == 64)
        #expect(result.errors.contains(problem), "\(result.errors)")
        #expect(result.errors.contains(help), "\(result.errors)")
    }
}
