import Foundation
import Testing

/// Runs that end without an answer, and what Hector sends to a model with the question.
@Suite(.serialized) struct AgentAnswerTests: AgentShells {
    // MARK: No answer

    @Test(arguments: [
        (#"[""]"#, "the model's answer is empty"), (#"[" \n"]"#, "the model's answer is empty"),
        (
            #"[{"text":"","finish_reason":"content_filter"}]"#,
            "the model's answer is empty (finish_reason 'content_filter')"
        ),
        (
            #"[{"text":"Nothing fits.","finish_reason":"nothing_found"}]"#, "Nothing fits."
        ),
    ])
    func `a run without an answer fails`(answers: String, reason: String) async throws {
        let shell = try shell(answers: answers)
        let result = try await run(
            """
            hector 'a question'; echo $?
            hector --json 'a question' | jq -r '.event, .error.message // empty' | grep -v delta
            echo 'a question' | hector; echo $?
            """, in: shell)
        #expect(
            result.lines.filter { $0 != "Nothing fits." && $0 != " " } == [
                "1", "run.started", "usage", "run.failed",
            ] + (reason == "Nothing fits." ? [] : [reason]) + ["1"])
        #expect(result.errors.contains("hector: \(reason)\n"), "\(result.errors)")
    }

    @Test func `a strategy that stops before the model has answered is a failure`() async throws {
        let shell = try shell(
            agent: """
                tools: [tools]
                stages: { reason: "jq --unbuffered -c '.reasoning = {stop: true}'" }
                """, answers: Self.calls([("echo", #"{"text":"x"}"#)]))
        let result = try await run(
            """
            hector --no-stream 'a question'; echo $?
            hector session show $(hector config names sessions) | grep -c '^tool: Error'
            """, in: shell)
        #expect(result.lines == ["1", "1"])
        let reason = "the strategy stopped the run before the model had answered"
        #expect(result.errors.contains(reason), "\(result.errors)")
    }

    @Test func `the built-in model that finds nothing says so, and fails`() async throws {
        let result = try await Shell().run(
            """
            hector --no-stream 'Who was Napoleon?'; echo $?
            hector --json 'Who was Napoleon?' | jq -r 'select(.event == "run.failed").error.code'
            echo 'Keys rotate.' | hector-generate 'Who was Napoleon?'; echo $?
            echo '{"content":"Who was Napoleon?"}' | hector-generate | jq -r .finish_reason
            """)
        #expect(
            result.lines == [
                "1", "nothing_found",
                "Nothing in the context fits the question. (I compared its words with 1 sentence.)",
                "1", "nothing_found",
            ], "\(result.errors)")
    }

    // MARK: What is sent

    /// Makes collections that the run does not name: `docs`, and one with the agent's name.
    private static let collections = """
        printf '{"id":"a","content":"rotate the signing key"}\\n' > records
        for name in docs default; do
            hector-embed --document < records | hector-search upsert -C $name --create
        done
        # sent FILE: the ids of the passages that the model of a trace got.
        sent() {
            jq -c 'select(.stage == "generate" and .direction == "to").line | fromjson |
                [.results[]?.id]' $1
        }

        """

    @Test func `no store is searched that was not named`() async throws {
        let result = try await Shell().run(
            Self.collections + """
                hector --trace t 'how do I rotate a key?' || echo $?
                sent t; grep -c '"stage":"search"' t
                hector --json 'how do I rotate a key?' | grep -c '"event":"context"'
                """)
        #expect(result.lines == ["1", "[]", "0", "0"], "\(result.errors)")
    }

    @Test func `a store that is named is searched, and what is sent is reported`() async throws {
        let result = try await Shell().run(
            Self.collections + """
                hector --store docs --trace t 'how do I rotate a key?'
                sent t
                hector replay t
                hector --store docs --json 'how do I rotate a key?' |
                    jq -c 'select(.event == "context") | [.stores, [.results[].id]]'
                hector --store nowhere 'how do I rotate a key?' || echo $?
                """)
        #expect(
            result.lines == [
                "rotate the signing key [a]", #"["a"]"#, "rotate the signing key [a]",
                #"[["docs"],["a"]]"#, "1",
            ], "\(result.errors)")
        #expect(result.errors.contains("nowhere"))
    }

    @Test func `a store that is named takes the place of the agent's`() async throws {
        let shell = try shell(
            agent: "document_stores: [other]",
            more: """
                document_stores:
                  other: { path: ./docs, collection: gone }
                  mine: { path: ./docs, collection: docs }
                """)
        let result = try await run(
            Self.collections + """
                hector --store mine --json 'how do I rotate a key?' |
                    jq -c 'select(.event == "context") | [.stores, [.results[].id]]'
                hector --store mien 'how do I rotate a key?' || echo $?
                """, in: shell)
        #expect(result.lines == [#"[["mine"],["a"]]"#, "78"], "\(result.errors)")
        #expect(result.errors.contains("no document store 'mien', did you mean 'mine'?"))
    }

    @Test func `a user at a terminal sees what is sent`() async throws {
        let shell = try Shell()
        try shell.write(
            #"""
            from terminal import *

            t = Terminal("hector", "--store", "docs", "how do I rotate a key?")
            t.expect("hector: sends the model from docs: a\r\n")
            t.expect("rotate the signing key [a]\r\n")
            print(t.end())
            """#, to: "drive.py")
        let result = try await shell.run(
            Self.collections + """
                export PYTHONPATH=$ROOT/Tests/Foreign/python PYTHONDONTWRITEBYTECODE=1
                python3 drive.py
                """)
        #expect(result.lines == ["0"], "\(result.errors)")
    }
}
