import Foundation
import Testing

/// `hector validate` about collections, and about pipelines of filters.
@Suite(.serialized) struct ValidateStoreTests {
    @Test func `a configuration is compared with the collections`() async throws {
        let result = try await Shell().run(
            """
            cat > hector.yaml <<YAML
            plugins: { embedder_providers: { small: { path: hash-embedder, config: { dimension: 8 } } } }
            document_stores:
              docs: { path: ./docs, embedder: hash-embedder }
              kb: { path: ./kb, collection: kb, embedder: hash-embedder }
            YAML
            mkdir docs kb other; echo one > docs/a.md; echo two > kb/b.md
            hector validate; echo $?
            hector index; hector validate; echo $?
            sed -i 's/docs, embedder: hash-embedder/docs, embedder: small/' hector.yaml; hector validate; echo $?
            sed -i 's/embedder: small/embedder: hash-embedder/; s,./kb,./other,' hector.yaml; hector validate; echo $?
            sed -i 's,./other,./kb,' hector.yaml; hector-search drop -C kb; hector validate; echo $?
            """)
        #expect(result.lines == ["0", "0", "78", "78", "78"], "\(result.output)\(result.errors)")
        for message in [
            "hector.yaml:3:3: document store 'docs': the collection 'docs-",
            "has vectors of 1024 numbers, and 'small' makes 8; make it again: hector index --rebuild docs",
            "hector.yaml:4:3: document store 'kb': the collection 'kb' holds '",
            "the database has no collection 'kb'; make it again: hector index --rebuild kb",
        ] {
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test(arguments: [
        (
            "hector-chunk a | hector-search upsert -C new --create",
            "2: hector-search: records have no vector"
        ),
        (
            "hector-chunk | hector-embed --plugin small | hector-search upsert -C docs",
            "'small' makes vectors of 8 numbers, and the collection 'docs' has 1024, made by "
                + "'hash-embedder'"
        ),
        ("hector-embed | hector-search -C none", "2: hector-search: there is no collection 'none'"),
        ("hector-embed | hector-search", "2: hector-search: missing"),
        (
            "hector-chunk | hector-search upsert -C docs --embed | hector-generate",
            "3: hector-generate: nothing comes out of the filter before"
        ),
        ("hector-embed --plugin extractive-llm", "1: hector-embed: "),
        ("hector-embed | hector-rerank", "hector-rerank: records have no 'results'"),
        (
            "hector-generate --tools tools.jsonl",
            "line 2: the parameters are not the schema of an object"
        ),
        ("hector-nothing", "1: hector-nothing: it is not a filter"),
        ("hector-chunk --size 0 | hector-embed", "1: hector-chunk: --size"),
        ("hector-chunk --sizzle 5 | hector-embed", "1: hector-chunk: unknown option '--sizzle'"),
        ("hector-chunk | hector-embed --foo", "2: hector-embed: unknown option '--foo'"),
        ("hector-chunk \"open", "the quote \" is not closed"),
        ("hector-chunk a; rm -r b", "only a pipeline can be checked, and this has ';'"),
        ("hector-chunk a\nrm -r b", "this has the end of a line in it"),
    ])
    func `a pipeline is checked before it is run`(pipeline: String, problem: String) async throws {
        let result = try await Shell().run(
            """
            echo 'plugins: { embedder_providers: { small: { path: hash-embedder, config: { dimension: 8 } } } }' > hector.yaml
            printf '%s\\n' '{"name":"a"}' '{"name":"b","parameters":{"type":"array"}}' > tools.jsonl
            echo '{"id":"1","content":"x"}' | hector-search upsert -C docs --create --embed --embedder hash-embedder
            hector validate --pipeline '\(pipeline)'; echo $?
            """)
        #expect(result.lines == ["78"])
        #expect(result.errors.contains(problem), "\(result.errors)")
        let lines = result.errors.split(separator: "\n")
        #expect(Set(lines).count == lines.count)
    }

    @Test func `a pipeline that can work has nothing said of it but its price`() async throws {
        let result = try await Shell().run(
            """
            echo 'prices: { hash-embedder: { input: 2 }, extractive-llm: { input: 1, output: 1 } }' > hector.yaml
            echo '{"id":"1","content":"x"}' | hector-search upsert -C docs --create --embed
            hector validate --pipeline "find . -name '*.md' | hector-chunk | hector-embed | hector-search -C docs | hector-generate | jq ." --records 1000
            echo $?
            hector validate --pipeline 'hector chunk a | hector search upsert -C new --create --embed'; echo $?
            hector validate --pipeline 'hector-chunk <a 2>/dev/null |
                hector-embed > out.jsonl
            '; echo $?
            hector validate --records 5; echo $?
            """)
        #expect(
            result.lines == [
                "3: hector-embed: about 1 USD for 1000 records of 500 tokens",
                "5: hector-generate: about 1 USD for 1000 records of 500 tokens", "0", "0",
                "0", "64",
            ], "\(result.output)\(result.errors)")
    }
}
