import Foundation
import TestSupport
import Testing

/// The plugins for model servers against an independent server: the proxy of PyPI's litellm, which
/// speaks OpenAI's protocol and Anthropic's.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ForeignModelTests {
    /// Runs `script` with the server's address, without a version, in `$SERVER`.
    ///
    /// - Parameter upstream: The address of the server behind its reranker.
    private func withServer(
        _ script: String, upstream: String = ""
    ) async throws -> Shell.Result {
        let result = try await Shell().run(
            """
            export RERANK_UPSTREAM=\(upstream)
            exec 3< <(exec $ROOT/.build/venv/bin/python $ROOT/Tests/Foreign/python/openai_server.py 2> log)
            server=$!
            # It prints a greeting before its port.
            while read -r line <&3; do [[ $line =~ ^[0-9]+$ ]] && break; done
            [[ $line =~ ^[0-9]+$ ]] || { cat log >&2; exit 70; }
            export SERVER=http://127.0.0.1:$line
            export OPENAI_API_KEY=sk-litellm-0123456789 ANTHROPIC_API_KEY=sk-litellm-0123456789
            export OPENAI_BASE_URL=$SERVER/v1 ANTHROPIC_BASE_URL=$SERVER
            \(script)
            kill $server
            """)
        #expect(result.status == 0, "\(result.errors)")
        return result
    }

    @Test func `answers, streams, calls, embeds and is refused`() async throws {
        let result = try await withServer(
            #"""
            generate() { hector-generate --plugin openai-llm -o retry_delay=1ms "$@"; }
            generate -o model=mock hi
            generate -o model=mock --no-stream hi
            echo '{"content":"hi"}' | generate -o model=caller |
                jq -c '.finish_reason, [.messages[-1].tool_calls[].function | .name, .arguments]'
            echo '{"content":"hi"}' | generate -o model=mock --stream | tail -n 1 |
                jq -c '.usage.total_tokens > 0'
            generate -o model=limited -o max_retries=1 hi; echo $?
            generate hi; echo $?
            generate -o model=absent hi; echo $?
            hector-embed --plugin openai-embedder -o model=vectors x | jq -c .vector
            hector-embed --plugin openai-embedder -o model=vectors -o encoding_format=float x |
                jq -c .vector
            hector-embed --plugin openai-embedder -o model=vectors -o dimensions=4 x |
                jq -r .error.code
            hector-embed info --plugin openai-embedder -o model=vectors | jq -c .dimension
            hector-generate --plugin anthropic-llm -o model=mock hi
            hector-generate --plugin anthropic-llm -o model=mock --no-stream hi
            """#)
        let text = "Grüße from litellm €😀"
        #expect(
            result.lines == [
                text, text, #""tool_calls""#,
                #"["weather","{\"city\": \"Rome\"}","time","{}"]"#, "true", "75", "1", "1",
                "[0.25,-1.5,3]", "[0.25,-1.5,3]", "invalid_argument", "3", text, text,
            ], "\(result.errors)")
        #expect(result.errors.contains("(tried 2 times)"))
        #expect(result.errors.contains("setting 'model' is missing: 'http://127.0.0.1:"))
        #expect(result.errors.contains("mock, limited, caller, vectors"))
    }

    @Test func `reranks, and is refused`() async throws {
        // Scores as vLLM has them, by the lengths of the texts.
        let upstream = try Loopback { request, connection in
            let texts = request.json["documents"] as? [String] ?? []
            let results = texts.indices.map { index in
                "{\"index\":\(index),\"document\":{\"text\":\"x\"},"
                    + "\"relevance_score\":0.\(texts[index].utf8.count)}"
            }
            try connection.answer(
                #"{"id":"r","model":"m","usage":{"total_tokens":9},"results":["#
                    + results.joined(separator: ",") + "]}")
        }
        let result = try await withServer(
            #"""
            export RERANK_BASE_URL=$SERVER/v1 RERANK_API_KEY=$OPENAI_API_KEY
            rerank() {
                echo '{"content":"q","results":[{"content":"a"},{"content":"ccc"},{"content":"bb"}]}' |
                    hector-rerank -o retry_delay=1ms -o max_retries=0 "$@"
            }
            rerank -o model=reranker | jq -c '[.results[] | .content, .score]'
            rerank -o model=reranker -o batch_size=1 -k 2 | jq -c '[.results[].content]'
            rerank -o model=absent | jq -r .error.code
            """#, upstream: upstream.url)
        #expect(
            result.lines == [
                #"["ccc",0.3,"bb",0.2,"a",0.1]"#, #"["ccc","bb"]"#, "invalid_argument",
            ], "\(result.output)\(result.errors)")
        // The proxy looks at the server in other ways, too.
        let counts = upstream.received.compactMap { ($0.json["documents"] as? [String])?.count }
        #expect(counts == [3, 1, 1, 1])
    }
}
