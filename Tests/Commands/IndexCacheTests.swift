import Foundation
import Synchronization
import TestSupport
import Testing

/// The texts that `hector index` has embedded, of which none is paid for twice.
@Suite(.serialized) struct IndexCacheTests: IndexShells {
    private static let cached = tools + "hector-index cache --limit 1G\n"

    @Test func `only changed chunks are embedded, and renamed, moved and copied ones not at all`()
        async throws
    {
        let result = try await makeShell("{ path: ./docs, chunk: { size: 40, overlap: 0 } }").run(
            Self.cached + """
                mkdir docs/a
                for n in $(seq 50); do
                    printf 'paragraph one of %s is here\\n\\nparagraph two of %s is here\\n' $n $n > docs/a/$n.md
                done
                age; hector index; echo $(calls) $(stored | wc -l); reset
                sed -i 's/two of 7 is here/two of 7 was here/' docs/a/7.md
                hector index --json | jq -c '[.added, .changed]'; echo $(calls) $(stored | wc -l); reset
                mv docs/a docs/b; hector index --json | jq -c '[.added, .removed]'; echo $(calls)
                cp -r docs/b docs/c; mv docs/c/1.md docs/1.md; hector index; echo $(calls) $(stored | wc -l)
                hector index --rebuild; echo $(calls) $(stored | wc -l)
                # Another store of the same user.
                cp -r docs other; sed -i 's,^  docs:,  more: { path: ./other\\, chunk: { size: 40\\, overlap: 0 } }\\n&,' hector.yaml
                hector index more; echo $(calls)
                hector index cache --json | jq -c '[.vectors, .bytes > 0, .limit]'
                hector index cache | head -1; hector index cache --clear
                hector index cache --json | jq .vectors; hector index --rebuild docs; echo $(calls)
                """)
        #expect(
            result.lines == [
                "100 100", "[0,1]", "1 100", "[50,50]", "0", "0 200", "0 200", "0",
                "[101,true,1073741824]", "vectors  101", "0", "100",
            ], "\(result.output)\(result.errors)")
        #expect(result.errors == "")
    }

    @Test func `a thousand renames and five hundred deletions embed nothing`() async throws {
        let result = try await makeShell().run(
            Self.cached + """
                for n in $(seq 1500); do echo "text $n" > docs/$n.md; done; age
                hector index; echo $(calls); reset; mkdir docs/new
                for n in $(seq 1000); do mv docs/$n.md docs/new/; done; rm docs/1???.md
                hector index --plan | tail -2; hector index --json | jq -c '[.added, .removed, .chunks]'
                echo $(calls)
                """)
        #expect(
            result.lines == [
                "1500", "docs: 1000 documents, 1000 chunks, 0 texts to embed, about 0 tokens",
                "docs: 1000 to add, 0 to change, 1500 to remove, 0 unchanged; 8893 bytes to read",
                "[1000,1500,1000]", "0",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a server gets exactly the texts that changed, and no others`() async throws {
        let inputs = Mutex<[String]>([])
        let server = try Loopback { request, connection in
            let texts = request.json["input"] as? [String] ?? []
            inputs.withLock { $0 += texts }
            let data = texts.indices.map { #"{"index":\#($0),"embedding":[1,2,3]}"# }
            try connection.answer(#"{"data":[\#(data.joined(separator: ","))]}"#)
        }
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                served: { path: openai-embedder, config: { base_url: "\(server.url)", model: m, encoding_format: float } }
            document_stores: { docs: { path: ./docs, chunk: { size: 30, overlap: 0 } } }

            """, to: "hector.yaml")
        try await shell.run(
            "mkdir docs; printf 'the first of a few\\n\\nthe second of a few\\n' > docs/a.md; hector index"
        )
        #expect(
            inputs.withLock { $0.filter { $0.hasPrefix("the ") } } == [
                "the first of a few", "the second of a few",
            ])
        inputs.withLock { $0 = [] }
        let result = try await shell.run(
            """
            sed -i 's/second/third/' docs/a.md; hector index; mv docs/a.md docs/b.md; hector index
            hector index --json | jq -c '[.added, .changed, .unchanged]'
            """)
        #expect(inputs.withLock { $0 } == ["the third of a few"], "\(result.errors)")
        #expect(result.lines == ["[0,0,1]"])
    }

    @Test func `the cache has a limit, and an unusable one costs only money`() async throws {
        let result = try await makeShell().run(
            Self.cached + """
                for n in $(seq 200); do echo "text $n" > docs/$n.md; done; age
                hector index cache --limit 20K; hector index
                hector index cache --json | jq -c '[.vectors > 10, .vectors < 100, .bytes <= 20480]'
                hector index cache --limit nothing; echo $?
                reset; echo nonsense > ~/.cache/hector/vectors/data.mdb; echo new > docs/new.md
                hector index; echo $? $(calls) $(stored | wc -l)
                """)
        #expect(result.lines == ["[true,true,true]", "64", "0 1 201"], "\(result.output)")
        #expect(result.errors.contains("cannot use the cache of vectors, so texts may be embedded"))
    }
}
