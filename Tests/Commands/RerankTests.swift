import Foundation
import TestSupport
import Testing

/// hector-rerank with a reranker that counts the words of the question in each text.
@Suite(.serialized) struct RerankTests {
    private func run(
        _ script: String, input: String = "", in shell: Shell? = nil
    ) async throws -> Shell.Result {
        try await (shell ?? Shell()).run(
            """
            rerank() { hector-rerank --plugin $FOREIGN/python-reranker "$@"; }

            """ + script, input: input)
    }

    private static let record =
        #"{"q":1.0, "content":"red keys","results":[{"id":"a","score":0.90,"content":"blue","metadata":{"n":1.50}},"#
        + #" {"id":"b", "score":0.8,"x":[1e2],"content":"red keys"},{"id":"c","score":0.7,"content":"red"}]}"#
        + "\n"

    @Test func `results come in the reranker's order, and keep every other byte`() async throws {
        let result = try await run("rerank", input: Self.record)
        #expect(
            result.output
                == #"{"q":1.0, "content":"red keys","results":["#
                + #"{"id":"b", "score":2,"x":[1e2],"content":"red keys","scores":{"search":0.8,"rerank":2}},"#
                + #"{"id":"c","score":1,"content":"red","scores":{"search":0.7,"rerank":1}},"#
                + #"{"id":"a","score":0,"content":"blue","metadata":{"n":1.50},"scores":{"search":0.90,"rerank":0}}]}"#
                + "\n", "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test func `the parts of a score are kept, and a second reranking replaces the first`()
        async throws
    {
        let scores = #""scores":{"vector":0.50,"text":null}"#
        let result = try await run(
            "rerank | rerank",
            input: #"{"content":"red","results":[{"score":0.4,\#(scores),"content":"red"}]}"# + "\n"
        )
        #expect(
            result.output
                == #"{"content":"red","results":[{"score":1,"scores":{"vector":0.50,"text":null,"search":0.4,"rerank":1},"content":"red"}]}"#
                + "\n", "\(result.errors)")
    }

    @Test(arguments: [
        ("-k 1", ["b"]), ("-k2", ["b", "c"]), ("--top-k 9", ["b", "c", "a"]),
        ("--min-score 1", ["b", "c"]), ("--min-score 1.5 -k 3", ["b"]), ("--min-score 5", []),
        ("--min-score -2", ["b", "c", "a"]), ("--min-score=-0.5 -k 1", ["b"]),
    ])
    func `the best are kept`(options: String, ids: [String]) async throws {
        let result = try await run("rerank \(options)", input: Self.record)
        let results = try #require(result.records()[0]["results"] as? [[String: Any]])
        #expect(results.map { $0["id"] as? String } == ids)
        #expect(result.status == 0)
    }

    /// The records and the question that each is reranked for.
    @Test(arguments: [
        (#""content":"c","prompt":"p","messages":[{"role":"user","content":"m"}]"#, "", "c"),
        (#""prompt":"p""#, "", "p"),
        (#""body":{"input":"b"}"#, "", "b"),
        (
            #""messages":[{"role":"user","content":"old"},{"role":"assistant","content":"x"},{"role":"user","content":"new"}]"#,
            "", "new"
        ),
        (
            #""messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]"#,
            "", "one\ntwo"
        ),
        (#""content":"c","title":"t""#, "--field title", "t"),
    ])
    func `the question is the text that was searched for`(
        members: String, options: String, question: String
    ) async throws {
        let shell = try Shell()
        let result = try await run(
            "rerank -o log=log \(options) > out; jq -r .query log",
            input: "{\(members),\"results\":[{\"content\":\"x\"}]}\n", in: shell)
        #expect(result.output == question + "\n", "\(result.errors)")
    }

    @Test(arguments: [
        (#"{"content":"c"}"#, "no_results", "hector-search"),
        (#"{"content":"c","results":null}"#, "no_results", "hector-search"),
        (#"{"content":"c","results":{}}"#, "invalid_results", "'results' is an object"),
        (#"{"content":"c","results":[{"id":"a"}]}"#, "invalid_results", "result 1 has no text"),
        (
            #"{"content":"c","results":[{"content":"x"},{"content":7}]}"#, "invalid_results",
            "result 2 has no text"
        ),
        (#"{"content":"c","results":["x"]}"#, "invalid_results", "result 1 is not an object"),
        (#"{"results":[{"content":"x"}]}"#, "no_content", "--field"),
        (
            #"{"messages":[{"role":"assistant","content":"x"}],"results":[{"content":"x"}]}"#,
            "no_content", "--field"
        ),
        (#"{"content":"fail","results":[{"content":"x"}]}"#, "plugin_error", "out of order"),
        (
            #"{"content":"few","results":[{"content":"x"},{"content":"y"}]}"#, "plugin_misbehaved",
            "scored 1 of 2 texts"
        ),
        (
            #"{"content":"twice","results":[{"content":"x"},{"content":"y"}]}"#,
            "plugin_misbehaved",
            "scored text 0 twice"
        ),
        (
            #"{"content":"range","results":[{"content":"x"},{"content":"y"}]}"#,
            "plugin_misbehaved",
            "scored text 7"
        ),
        (
            #"{"content":"nan","results":[{"content":"x"},{"content":"y"}]}"#, "plugin_misbehaved",
            "the score nan"
        ),
        (#"{"content":"die","results":[{"content":"x"}]}"#, "plugin_died", "exited with status 3"),
    ])
    func `only the guilty record fails`(line: String, code: String, words: String) async throws {
        let good = #"{"content":"red","results":[{"content":"red"}]}"#
        let result = try await run(
            "rerank -q", input: [good, line, good, ""].joined(separator: "\n"))
        let records = try result.records()
        try #require(records.count == 3, "\(result.output)\(result.errors)")
        let error = try #require(records[1]["error"] as? [String: Any])
        #expect(error["stage"] as? String == "rerank")
        #expect(error["code"] as? String == code)
        #expect((error["message"] as? String)?.contains(words) == true, "\(error)")
        for place in [0, 2] {
            let results = try #require(records[place]["results"] as? [[String: Any]])
            #expect(results[0]["score"] as? Int == 1)
        }
        #expect(result.status == 1)
    }

    @Test func `scores that are out of order are sorted`() async throws {
        let result = try await run(
            "rerank | jq -c '[.results[].content]'",
            input: #"{"content":"unsorted","results":[{"content":"x"},{"content":"y"}]}"# + "\n")
        #expect(result.output == "[\"y\",\"x\"]\n", "\(result.errors)")
    }

    @Test func `a record that nothing was found for passes, and starts no plugin`() async throws {
        let line = #"{"results": [ ], "content":"x"}"# + "\n"
        let result = try await Shell().run("hector-rerank --plugin /bin/false", input: line)
        #expect(result.output == line)
        #expect(result.status == 0)
    }

    @Test func `the order of records is kept while several are in flight`() async throws {
        let result = try await run(
            """
            for i in {1..200}; do
                echo '{"id":"'$i'","content":"red","results":[{"content":"red","n":'$i'}]}'
            done | rerank -j 8 --summary | jq -r '.id, .results[0].n' | uniq | tr '\\n' ' '
            """)
        #expect(
            result.output == (1...200).map { "\($0) " }.joined(), "\(result.output)\(result.errors)"
        )
        #expect(
            result.errors.hasPrefix(#"{"stage":"rerank","records":200,"failed":0,"restarts":0,"#))
    }

    @Test func `it describes its plugin, and the configuration chooses it`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              rerankers:
                mine: { path: "${FOREIGN}/python-reranker" }
                other: { path: openai-reranker, config: { base_url: "http://127.0.0.1:9" } }
            defaults: { reranker: mine }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            hector-rerank info
            hector rerank -k 1 < in | jq -c '[.results[].id]'
            hector config names rerankers
            hector plugin list --kind reranker --json | jq -r .name
            hector plugin info mine --json | jq -r .kind
            hector validate
            sed -i 's/reranker: mine/reranker: mien/' hector.yaml
            hector validate; echo $?
            """.replacing("< in", with: "<<< '\(Self.record.replacing("\n", with: ""))'"))
        #expect(
            result.lines.prefix(2) == [
                #"{"plugin":"mine","model":"words","max_tokens":512}"#, #"["b"]"#,
            ], "\(result.errors)")
        #expect(result.output.contains("\nmine\n"))
        #expect(result.output.contains("reranker_provider") || result.output.contains("reranker"))
        #expect(
            result.errors.contains("'defaults.reranker' names no reranker 'mien'"),
            "\(result.errors)")
        #expect(result.lines.last == "78")
    }

    @Test func `the plugin that comes with Hector wants the address of a server`() async throws {
        let result = try await run("hector-rerank", input: Self.record)
        #expect(result.status == 78)
        #expect(result.errors.contains("base_url"), "\(result.errors)")
        let list = try await run("hector plugin list --kind reranker")
        #expect(list.output.contains("openai-reranker"), "\(list.output)")
        #expect(list.output.contains("base_url (or $RERANK_BASE_URL)"), "\(list.output)")
    }

    @Test(arguments: ["/v1", ""])
    func `a server's scores sort the results`(version: String) async throws {
        let server = try Loopback { request, connection in
            let texts = request.json["documents"] as? [String] ?? []
            let results = texts.indices.map {
                "{\"index\":\($0),\"relevance_score\":0.\(texts[$0].utf8.count)}"
            }
            try connection.answer("{\"results\":[\(results.joined(separator: ","))]}")
        }
        let result = try await run(
            """
            hector-rerank --plugin openai-reranker -o base_url=\(server.url)\(version) -o model=m \
                -o api_key=k | jq -c '[.results[] | .id, .score]'
            hector-rerank info --plugin openai-reranker -o base_url=\(server.url) -o model=m
            """, input: Self.record)
        #expect(
            result.lines == [
                #"["b",0.8,"a",0.4,"c",0.3]"#, #"{"plugin":"openai-reranker","model":"m"}"#,
            ], "\(result.errors)")
        #expect(server.received.map(\.path) == ["\(version)/rerank"])
        #expect(server.received[0].headers["authorization"] == "Bearer k")
    }

    @Test(arguments: [(429, 75, "resource_exhausted"), (401, 1, "not_permitted")])
    func `a server's refusal is the record's error`(
        answer: Int, status: Int32, code: String
    ) async throws {
        let server = try Loopback { _, connection in try connection.answer("", status: answer) }
        let result = try await run(
            """
            hector-rerank --plugin openai-reranker -o base_url=\(server.url) -o max_retries=0 \
                -o retry_delay=1ms
            """, input: Self.record)
        #expect(result.output.contains(#""code":"\#(code)""#), "\(result.errors)")
        #expect(result.status == status)
    }

    @Test(arguments: ["-k 0", "-k x", "--min-score nan", "--no-such"])
    func `wrong options are refused`(option: String) async throws {
        let result = try await run("rerank \(option) < /dev/null")
        #expect(result.status == 64)
    }
}
