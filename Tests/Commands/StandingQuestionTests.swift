import Foundation
import Testing

/// Questions that are kept, and the records and chunks that answer them.
@Suite(.serialized) struct StandingQuestionTests {
    private static let questions = """
        printf '%s\\n' '{"id":"q1","content":"rotate the signing key"}' '{"id":"q2","content":"backups run at night"}' |
            hector-search upsert -C standing --create --embed

        """

    @Test func `a record comes out with the questions that it answers, as soon as that is known`()
        async throws
    {
        let result = try await Shell().run(
            Self.questions + """
                coproc hector-search watch -C standing --min-score 0.2 -k 1
                echo '{"id":"a","content":"the weather is fine"}' >&${COPROC[1]}
                echo '{"id":"b","content":"how to rotate the signing key"}' >&${COPROC[1]}
                read -t 100 -r line <&${COPROC[0]}; jq -c '[.id, .results[].id]' <<< "$line"
                echo '{"id":"c","content":"nightly backups run at night"}' >&${COPROC[1]}
                read -t 100 -r line <&${COPROC[0]}; jq -c '[.id, .results[].id]' <<< "$line"
                echo '{"content":"nothing"}' | hector-search watch -C standing --min-score 0.9; echo $?
                """)
        #expect(result.lines == [#"["b","q1"]"#, #"["c","q2"]"#, "1"], "\(result.errors)")
    }

    @Test func `new and changed chunks are put through the questions, others are not`() async throws
    {
        let result = try await Shell().run(
            Self.questions + """
                mkdir docs; printf 'how to rotate the signing key today\\n\\nthe weather is fine\\n' > docs/a.md
                echo 'document_stores: { docs: { path: ./docs, chunk: { size: 40, overlap: 0 } } }' > hector.yaml
                run() { hector index --notify --min-score 0.2 "$@" | jq -c '[.id, .results[0].id]'; }
                run; run
                sed -i 's/weather is fine/backups run at night/' docs/a.md; run
                echo 'unrelated words' > docs/b.md; run; hector index --min-score 1; echo $?
                hector index --notify --standing none 2>/dev/null; echo $?
                """)
        #expect(
            result.lines == [#"["a.md#1","q1"]"#, #"["a.md#2","q2"]"#, "64", "0"],
            "\(result.output)\(result.errors)")
    }

    @Test func `a chunk is due until it was printed, whatever comes in between`() async throws {
        let result = try await Shell().run(
            Self.questions + """
                mkdir docs; printf 'how to rotate the signing key today\\n' > docs/a.md
                echo 'document_stores: { docs: { path: ./docs, chunk: { size: 40, overlap: 0 } } }' > hector.yaml
                run() { hector index --notify --min-score 0.2 "$@" | jq -c '[.id, .vector, .results[0].id]'; }
                hector index --notify --min-score 0.2 > /dev/full; echo $?
                hector index --notify --standing none 2> errors; echo $?; cat errors
                run; run
                # One that is stored without the option is due as well.
                echo 'nightly backups run at night' > docs/b.md; hector index; run; run
                echo 'rotate the signing key' > docs/c.md; hector index; rm docs/c.md; run
                # So is what a rebuild has found.
                echo 'the signing key: how to rotate it' > docs/d.md; hector index --rebuild; run; run
                """)
        #expect(
            result.lines == [
                "74", "1",
                "hector-index: store 'docs': cannot ask the standing questions: plugin 'local-vectors': "
                    + "there is no collection 'none': hector index makes that of a document "
                    + "store, hector-search upsert --create any",
                #"["a.md#1",null,"q1"]"#, #"["b.md#1",null,"q2"]"#, #"["d.md#1",null,"q1"]"#,
            ], "\(result.output)\(result.errors)")
    }

    @Test func `more chunks than are asked about together are all asked about once`() async throws {
        let result = try await Shell().run(
            Self.questions + """
                mkdir docs; head -c 900000 /dev/zero | tr '\\0' x | fold -w 90 > filler
                for n in $(seq 12); do { cat filler; printf '\\n\\nrotate the signing key %s\\n' $n; } > docs/$n.txt; done
                hector index --notify docs > notices
                jq -r 'select(.content | test("rotate")).id' notices | wc -l
                jq -r .id notices | sort | uniq -d | wc -l
                hector index --notify docs | wc -l
                """)
        #expect(result.lines == ["12", "0", "0"], "\(result.errors)")
    }
}
