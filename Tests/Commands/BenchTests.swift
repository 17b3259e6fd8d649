import Testing

/// hector-bench with the plugins that come with Hector.
@Suite(.serialized) struct BenchTests {
    /// Three documents in chunks, and a collection `c` of them.
    private static let collection = """
        documents() {
            echo '{"id":"sea.md#1","content":"The sea is deep and cold."}'
            echo '{"id":"sea.md#2","content":"Fish live in the sea."}'
            echo '{"id":"tea.md#1","content":"A kettle whistles when the water boils."}'
            echo '{"id":"key.md#1","content":"Rotate the signing key twice a year."}'
        }
        documents | hector-search upsert --embed -C c --create --property alpha=0.2 || echo failed

        """

    private func run(_ script: String) async throws -> Shell.Result {
        try await Shell().run(Self.collection + script)
    }

    @Test func `every mode and weight is measured, and the best weight can be set`() async throws {
        let result = try await run(
            #"""
            cat > questions.jsonl <<'END'
            {"id":"1","content":"how deep is the sea","relevant":["sea.md"]}
            {"text":"when does a kettle whistle","relevant":{"tea.md":2,"key.md#1":1}}

            {"prompt":"rotating keys","relevant":["key.md#1","lost.md"]}
            END
            hector bench -C c questions.jsonl > out; echo $?
            jq -r 'select(.mode) | "\(.mode) \(.alpha // "-")"' out | tr '\n' ' '; echo
            jq -c 'select(.mode == "text") | [.k, .questions, .mrr]' out
            jq -c 'select(.mode | not) | [.questions, .failed, .never_found, .collection_alpha]' out
            jq -e 'select(.mode) | .ndcg > 0.5 and .ndcg < 1 and .recall < 1' out | sort -u
            set=$(jq -r '.set_with // empty' out)
            echo "$set" | grep -c 'create -C c --dimension 1024 --property alpha=0.05'
            sh -c "$set"; hector-search collections c | jq -r .properties.alpha
            hector bench -C c --mode hybrid --alpha 0.5,0.05 -k 1 < questions.jsonl |
                jq -c 'if .mode then [.alpha, .k] else [.best_alpha, .set_with] end'
            """#)
        #expect(
            result.lines == [
                "0",
                "text - vector - hybrid 0.05 hybrid 0.1 hybrid 0.2 hybrid 0.3 hybrid 0.4 hybrid 0.5 "
                    + "hybrid 0.6 hybrid 0.7 hybrid 0.8 hybrid 0.9 hybrid 1 ", "[10,3,1]",
                "[3,0,1,0.2]", "true", "1", "0.05", "[0.05,1]", "[0.5,1]", "[0.05,null]",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a question is embedded once, and not if it has a vector`() async throws {
        let result = try await run(
            #"""
            mkdir bin; real=$(dirname "$(command -v hector-bench)")
            for name in hector hector-bench; do cp "$real/hector" bin/$name; done
            for name in hector-search hector-embed; do
                printf '#!/bin/sh\necho %s "$1" >> %s/log; exec %s/%s "$@"\n' $name "$PWD" "$real" $name > bin/$name
            done
            chmod +x bin/*
            q='{"content":"deep sea","relevant":["sea.md"]}'
            echo "$q" | PATH=$PWD/bin:$PATH bin/hector-bench -C c --alpha 0.1,0.9 > out; echo $?
            grep -c 'hector-embed --query' log; grep -c 'hector-search query' log; rm log
            echo "$q" | hector-embed --query --encoding base64 |
                PATH=$PWD/bin:$PATH bin/hector-bench -C c --mode vector | jq 'select(.mode).ndcg'
            grep -c hector-embed log
            """#)
        #expect(
            result.lines == ["0", "1", "4", "1", "0"], "\(result.output)\(result.errors)")
    }

    @Test func `a line that is no question is an error, and the others are measured`() async throws
    {
        let result = try await run(
            #"""
            cat > questions.jsonl <<'END'
            {"content":"deep sea","relevant":["sea.md"]}
            {"content":"deep sea"
            {"content":"deep sea","relevant":[]}
            {"content":"deep sea"}
            {"relevant":["sea.md"]}
            END
            hector-bench -C c --mode text < questions.jsonl > out; echo $?
            jq -c 'if .error then [.error.code, .error.line] else .questions end' out
            tail -n +2 questions.jsonl | hector-bench -C c > /dev/null; echo $?
            hector-bench -C c < /dev/null; echo $?
            hector-bench -C c missing; echo $?
            hector-bench -C other questions.jsonl > /dev/null; echo $?
            hector-bench -C c --embedder nothing questions.jsonl > /dev/null 2>&1; echo $?
            hector-bench -C c --mode words questions.jsonl 2> /dev/null; echo $?
            hector-bench -C c --mode text --alpha 0.1 questions.jsonl; echo $?
            echo '{"content":"zebra","relevant":["sea.md"]}' | hector-bench -C c --mode text | jq -c .never_found; echo ${PIPESTATUS[1]}
            """#)
        #expect(
            result.lines == [
                "1", #"["invalid_json",2]"#, #"["no_relevant",3]"#, #"["no_relevant",4]"#,
                #"["no_content",5]"#, "1", "1", "65", "65", "74", "1", "78", "64", "64", "null",
                "1", "1",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors.contains("hector-bench: there are no questions\n"))
        #expect(
            result.errors.contains(
                "hector-bench: no collection 'other'; hector-search collections lists them\n"))
    }

    @Test func `a database without words is measured by the vector alone`() async throws {
        let result = try await Shell().run(
            #"""
            printf '#!/bin/sh\nPLAIN=1 exec %s\n' "$(command -v catalog-database)" > plain
            chmod +x plain; db="--plugin $PWD/plain -o path=$PWD/plain.db"
            echo '{"id":"a","content":"the sea"}' | hector-search upsert --embed -C c --create $db || echo failed
            q='{"content":"sea","relevant":["a"]}'
            echo "$q" | hector-bench -C c $db | jq -c '[.mode, .ndcg]'
            echo "$q" | hector-bench -C c $db --mode text; echo $?
            """#)
        #expect(
            result.lines == [#"["vector",1]"#, "[null,null]", "78"],
            "\(result.output)\(result.errors)")
        #expect(
            result.errors.hasPrefix(
                "hector-bench: the database does not search by words, so only the mode vector is "
                    + "measured\n"), "\(result.errors)")
    }
}
