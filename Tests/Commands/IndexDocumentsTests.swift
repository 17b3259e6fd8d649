import Foundation
import Testing

/// `hector index` over the files of `Tests/Documents`, one of each kind and encoding.
@Suite(.serialized) struct IndexDocumentsTests: IndexShells {
    @Test func `documents are read and cut as by hector-chunk`() async throws {
        let result = try await makeShell("{ path: ./docs, chunk: { size: 300, overlap: 30 } }").run(
            Self.tools + #"""
                cp $ROOT/Tests/Documents/*.* docs; age
                hector index --json | jq -c '[.added > 40, .failed]'
                cd docs; hector-chunk --size 300 --overlap 30 *.* 2>/dev/null |
                    jq -r '"\(.id) \(.metadata.sha256)"' | sort > ../chunked
                cd ..; stored | diff - chunked && echo same
                grep -c ^embed.*Backups log
                """#)
        #expect(result.lines.prefix(2) == ["[true,0]", "same"], "\(result.output)\(result.errors)")
        // The formats of programs that may not be installed are left out.
        #expect(
            result.errors.split(separator: "\n").filter { !$0.contains("not installed") } == [
                "hector-index: 'binary.dat' is not indexed: it is binary",
                "hector-index: 'not-a-notebook.ipynb' is not indexed: it is not a notebook: "
                    + "not a JSON object",
                "hector-index: 'random.dat' is not indexed: it is binary",
            ])
    }

    @Test func `an extractor's pattern and limit are its own`() async throws {
        let result = try await makeShell(
            #"{ path: ./docs, max_file_size: 10, extractor_max_file_size: 100, extractors: { "*.up": "head -c 8 {}" } }"#
        ).run(
            Self.tools + #"""
                printf 'x%.0s' $(seq 50) > docs/a.UP; cp docs/a.UP docs/a.txt
                printf 'x%.0s' $(seq 101) > docs/b.up; age
                hector index --json | jq -c '[.added, .too_large, .failed]'
                hector-search dump -C docs | jq -c '[.id, .content, .metadata.extractor]'
                """#)
        #expect(
            result.lines == ["[1,2,0]", #"["a.UP#1","xxxxxxxx","head"]"#],
            "\(result.output)\(result.errors)")
    }

    @Test func `the context of chunks is a setting, and a change of it makes all again`()
        async throws
    {
        let result = try await makeShell("{ path: ./docs }").run(
            Self.tools + #"""
                printf '# Keys\n\n## Rotation\n\nTwice a year.\n' > docs/a.md; age
                hector index; grep '^embed ' log | cut -d' ' -f3-
                sed -i 's/path: .\/docs/&, chunk: { context: none }/' hector.yaml
                reset; hector index; echo $?
                hector index --rebuild; grep '^embed ' log | cut -d' ' -f3-
                hector-search dump -C docs | jq -c '[.metadata.title, .metadata.headings]'
                """#)
        #expect(
            result.lines == ["Keys > Rotation", "78", "# Keys", #"["Keys",["Keys","Rotation"]]"#],
            "\(result.output)\(result.errors)")
        #expect(result.errors.contains("the headings of chunks embedded with them, not without"))
    }
}
