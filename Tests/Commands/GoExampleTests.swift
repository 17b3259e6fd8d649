import Foundation
import TestSupport
import Testing

/// The examples in Go, as Tests/Examples/build-go has built them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct GoExampleTests {
    private static let llm = "$ROOT/.build/examples/custom-llm-go/my-plugin"
    private static let tools = "$ROOT/.build/examples/custom-tools/my-plugin"
    private static let reasoning = "$ROOT/.build/examples/custom-reasoning/my-plugin"
    private static let guide = "$ROOT/.build/examples/guide/my-first-plugin"

    @Test(arguments: [
        (llm, "GenerateStreaming ends with DONE"),
        (tools + " --execute text_statistics --arguments '{\"text\":\"a\"}'", "ExecuteTool runs"),
        (tools + " -o tools_dir=$ROOT/examples/plugins/custom-tools/tools", "ListTools names"),
        (reasoning, "custom_state is taken back in the next iteration"),
    ])
    func `an example keeps the contract`(plugin: String, point: String) async throws {
        let result = try await Shell().run(
            """
            hector plugin check \(plugin) > tap; status=$?
            grep '^not ok' tap
            grep -c '^ok [0-9]* - \(point)' tap
            exit $status
            """)
        #expect(result.lines == ["1"])
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
    }

    @Test(arguments: ["custom-llm-go", "custom-tools", "custom-reasoning"])
    func `its page says what its commands print`(example: String) async throws {
        let page = "examples/plugins/\(example)/README.md"
        let result = try await Shell().run("cd $ROOT && Tests/Examples/run-readme \(page)")
        #expect(result.output.hasPrefix("\(page): "))
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `a command that prints something else than its page is found`() async throws {
        let page = """
            ```console
            $ echo one
            one
            $ for i in 1 2; do
            >     echo $i x; done
            …
            2…
            ```

            ```sh
            $ echo three
            ```

            """
        let shell = try Shell()
        try shell.write(page, to: "good.md")
        try shell.write(page.replacingOccurrences(of: "\none\n", with: "\ntwo\n"), to: "bad.md")
        try shell.write("nothing", to: "empty.md")
        let result = try await shell.run(
            "for page in good bad empty; do $ROOT/Tests/Examples/run-readme $page.md; echo $?; done"
        )
        #expect(result.lines == ["good.md: 2 commands print what it says", "0", "1", "1"])
        #expect(result.errors.contains("bad.md:2: $ echo one\nexpected:\ntwo\nfound:\none\n"))
        #expect(result.errors.contains("no commands in 'empty.md'"))
    }

    @Test func `the guide's program answers an agent with the guide's configuration`()
        async throws
    {
        let shell = try Shell()
        try shell.write(GuideTests.testConfiguration, to: "test-config.yaml")
        let result = try await shell.run(
            """
            cp \(Self.guide) \(Self.guide).plugin.yaml .
            hector --config test-config.yaml --agent test-agent hi
            hector-generate --config test-config.yaml --plugin my-first-plugin hi
            """)
        #expect(result.lines == ["Hello from my custom LLM!", "Hello from my custom LLM!"])
        #expect(result.errors.isEmpty)
        #expect(result.status == 0)
    }

    /// The guide's manifest requires a key that the guide's program does not read; the SDK checks
    /// it.
    @Test func `the guide's program and manifest keep the contract`() async throws {
        let result = try await Shell().run(
            """
            cp \(Self.guide) \(Self.guide).plugin.yaml .
            hector plugin check ./my-first-plugin -o api_key=k > tap; echo $?
            grep -c "^ok .*without the setting 'api_key'" tap
            sed -i '/required:/,/api_key/d' *.yaml
            hector plugin check ./my-first-plugin | grep '^not ok'
            """)
        #expect(
            result.lines == ["0", "1"])
        #expect(result.errors.isEmpty)
    }

    private static let count = 100_000

    /// The program is killed once in the middle.
    @Test func `100,000 calls are answered, though the plugin dies on the way`() async throws {
        let result = try await Shell().run(
            """
            seq \(Self.count) | jq -c '{id: "\\(.)", content: "What is \\(.)?"}' > in
            : > out
            hector-generate --plugin \(Self.llm) -o max_tokens=2 < in > out &
            filter=$!
            until [ "$(wc -l < out)" -gt 2000 ]; do sleep 0.01; done
            first=$(pgrep -P $filter)
            kill -KILL $first
            [ "$(wc -l < out)" -lt \(Self.count) ] || echo too late
            until second=$(pgrep -P $filter) && [ "$second" != "$first" ]; do sleep 0.01; done
            wait $filter
            echo $?
            jq -r .id out | cmp - <(seq \(Self.count)) && echo in order
            jq -c 'select(.error or (.messages[1].content | length) < 3)' out | wc -l
            """)
        #expect(result.lines == ["0", "in order", "0"])
        #expect(
            result.errors
                == "hector-generate: plugin 'my-plugin' was killed by signal 9 (Killed); "
                + "started again\n")
    }

    @Test func `calls that no host waits for any more end in the plugin`() async throws {
        let shell = try Shell()
        let result = try await shell.run(
            """
            generate="hector-generate --plugin \(Self.llm) -o pause=1h --debug"
            seq 8 | jq -c '{content: "\\(.)"}' | $generate --timeout 2s 2> late > answers
            echo $?
            jq -r .error.code answers | sort | uniq -c | xargs
            grep -c 'info: an answer was cancelled' late

            env --default-signal $generate 'What is a plugin?' 2> interrupted > begun &
            until [ -s begun ]; do sleep 0.01; done
            kill -INT $!; wait $!; echo $?
            grep -c 'info: an answer was cancelled' interrupted
            """)
        #expect(result.lines == ["1", "8 timeout", "8", "130", "1"], "\(result.errors)")
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a model behind a server streams, calls tools and counts`() async throws {
        let server = try Loopback { request, connection in
            try connection.begin()
            let isAnswered = request.text.contains("tool_call_id")
            try connection.events(
                isAnswered
                    ? [#"{"choices":[{"delta":{"content":"It is 42."}}]}"#, "[DONE]"]
                    : [
                        #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"calculate","arguments":"{\"expression\":"}}]}}]}"#,
                        #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"6*7\"}"}}]},"finish_reason":"tool_calls"}]}"#,
                        "[DONE]",
                    ])
            try connection.end()
        }
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers:
                server:
                  path: \(Self.llm.replacing("$ROOT", with: "${ROOT}"))
                  config: { endpoint: "\(server.url)/v1", model: m, api_key: secret }
              tool_providers:
                tools: { path: "\(Self.tools.replacing("$ROOT", with: "${ROOT}"))" }
            agents:
              a: { llm: server, tools: [tools] }

            """, to: "hector.yaml")
        let result = try await shell.run("hector --agent a 'How much is 6 times 7?'")
        #expect(result.output == "It is 42.\n")
        #expect(result.status == 0, "\(result.errors)")
        let asked = server.received
        try #require(asked.count == 2)
        #expect(asked.map(\.path) == ["/v1/chat/completions", "/v1/chat/completions"])
        #expect(asked[0].headers["authorization"] == "Bearer secret")
        #expect((asked[0].json["tools"] as? [Any])?.count == 4)
        let last = (asked[1].json["messages"] as? [[String: Any]])?.last
        #expect(last?["content"] as? String == "42")
    }

    @Test(arguments: [(429, 75, "resource_exhausted"), (503, 69, "plugin_unavailable")])
    func `a server that refuses is reported by its kind`(status: Int, exit: Int32, code: String)
        async throws
    {
        let server = try Loopback { _, connection in
            try connection.answer(#"{"error":{"message":"slow down"}}"#, status: status)
        }
        let result = try await Shell().run(
            """
            options="--plugin \(Self.llm) -o endpoint=\(server.url) -o model=m"
            echo '{"content":"hi"}' | hector-generate $options | jq -r .error.code
            hector-generate $options hi
            """)
        #expect(result.lines == [code])
        #expect(result.errors.contains("answered \(status): slow down"))
        #expect(result.status == exit)
    }
}
