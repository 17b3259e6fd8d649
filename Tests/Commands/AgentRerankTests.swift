import Testing

/// Agents whose passages are reranked.
@Suite(.serialized) struct AgentRerankTests: AgentShells {
    private func shell(_ rerank: String, more: String = "") throws -> Shell {
        try shell(
            agent: "document_stores: [s]\n\(rerank)",
            more: """
                document_stores: { s: { path: ./s } }
                \(more)
                """)
    }

    /// Five files, of which the search finds all, and one has all words of the question.
    private static let files = """
        mkdir s
        echo 'The ferry leaves at noon, says the timetable.' >s/1.txt
        echo 'Every timetable has a map.' >s/2.txt
        echo 'When does the ferry leave on sundays? At ten.' >s/3.txt
        echo 'The ferry is blue.' >s/4.txt
        echo 'On sundays the shop is closed.' >s/5.txt
        entry='words: { path: "'$FOREIGN'/python-reranker", config: { log: "'$PWD'/reranked" } }'
        sed -i "s|^plugins:|&\\n  rerankers: { $entry }|" hector.yaml
        hector index s
        question='When does the ferry leave on sundays?'

        """

    @Test(arguments: [
        ("rerank: words", 5, 5), ("rerank: { provider: words, top_k: 2 }", 5, 2),
        ("rerank: { provider: words, top_k: 1, candidates: 3 }", 3, 1),
        ("rerank: { provider: words, min_score: 7 }", 5, 1),
        ("search: { top_k: 2 }\nrerank: words", 5, 2), ("rerank: { top_k: 3 }", 5, 3),
    ])
    func `the reranker chooses among the candidates`(
        rerank: String, candidates: Int, kept: Int
    ) async throws {
        let result = try await run(
            Self.files + """
                hector --json "$question" |
                    jq -c 'select(.event == "context").results | [.[].id], length'
                jq '.texts | length' reranked
                jq -r .query reranked
                """, in: shell(rerank))
        try #require(result.lines.count == 4, "\(result.output)\(result.errors)")
        #expect(result.lines[0].hasPrefix(#"["3.txt#1""#))
        #expect(result.lines[1] == "\(kept)")
        #expect(result.lines[2] == "\(candidates)")
        #expect(result.lines[3] == "When does the ferry leave on sundays?")
    }

    @Test func `the stage may be a command of the user's`() async throws {
        let result = try await run(
            Self.files + """
                hector --json "$question" | jq -c 'select(.event == "context").results | length'
                jq -c '.results | length' asked
                """,
            in: shell(
                #"stages: { rerank: "tee -a asked | jq -c --unbuffered '.results |= .[:1]'" }"#))
        #expect(result.lines == ["1", "5"], "\(result.errors)")
    }

    @Test func `a reranker that fails ends the run, and the error names the stage`() async throws {
        let result = try await run(
            Self.files + "hector -- fail; echo $?", in: shell("rerank: words"))
        #expect(result.lines.last != "0")
        #expect(result.errors.contains("out of order"), "\(result.errors)")
    }

    @Test func `a trace can be replayed without the reranker`() async throws {
        let result = try await run(
            Self.files + """
                hector --trace t "$question" >a
                rm reranked
                hector replay t >b
                cmp a b; ls
                """, in: shell("rerank: { provider: words, top_k: 1 }"))
        #expect(
            result.lines.contains("t") && !result.lines.contains("reranked"), "\(result.errors)")
        #expect(!result.output.contains("differ"), "\(result.output)")
    }

    @Test(arguments: [
        ("rerank: wrods", "'agents.a.rerank' names no reranker 'wrods'"),
        ("rerank: { provider: wrods }", "'agents.a.rerank.provider' names no reranker 'wrods'"),
        ("rerank: { top: 1 }", "unknown key 'top' in 'agents.a.rerank'"),
        ("rerank: { top_k: 0 }", "'agents.a.rerank.top_k' is '0'"),
        ("rerank: { top_k: 9, candidates: 8 }", "'agents.a.rerank.candidates' is '8'"),
        ("search: { top_k: 9 }\nrerank: { candidates: 8 }", "'agents.a.rerank.candidates' is '8'"),
    ])
    func `a mistake in it is reported with its place`(
        rerank: String, problem: String
    ) async throws {
        let result = try await run("mkdir s; hector validate", in: shell(rerank))
        #expect(result.status == 78)
        #expect(result.errors.contains(problem), "\(result.errors)")
    }

    @Test func `the pipeline that would have made the answer reranks, too`() async throws {
        let result = try await run(
            Self.files + """
                printf '%s\\n' "$question" .pipeline | hector-shell --no-session
                """, in: shell("rerank: { provider: words, top_k: 2 }"))
        #expect(
            result.output.contains("hector-rerank --top-k 2 --plugin words"),
            "\(result.output)\(result.errors)")
        #expect(result.output.contains("--top-k 30"), "\(result.output)")
    }
}
