import Foundation
import Testing

/// Rebuilds that fill a second collection while the first one is searched.
@Suite(.serialized) struct IndexSwapTests: IndexShells {
    @Test func `a rebuild that is killed at any time never costs a reader an answer`() async throws
    {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                one: { path: "\(Shell.foreign)/faulty" }
                two: { path: "\(Shell.foreign)/faulty", config: { fault: "dimension:5" } }
            document_stores: { docs: { path: ./docs, embedder: one } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir docs; hector index cache --limit 0
            for n in $(seq 120); do echo "number $n is $(echo $n | md5sum)" > docs/$n.md; done
            find docs -exec touch -d '1 hour ago' {} +
            hector index; echo $?
            start=${EPOCHREALTIME/./}; hector index --rebuild; length=$((${EPOCHREALTIME/./} - start))
            # Asks all the time, and notes each answer that is not a full one.
            (while [ ! -e stop ]; do
                found=$(hector query docs number --json 2>>words | jq -r .content | grep -c '^number ')
                echo "${PIPESTATUS[0]} $found" >> answers
            done) & reader=$!
            for round in $(seq 20); do
                sed -i "s/embedder: .*/embedder: $([ $((round % 2)) = 1 ] && echo two || echo one) } }/" hector.yaml
                hector-index --rebuild 2>/dev/null & run=$!
                sleep $(awk "BEGIN { print $length / 1e6 * ($round % 10 + 1) / 10.5 }")
                kill -KILL $run 2>/dev/null && killed=$((killed + 1)); wait $run 2>/dev/null
            done
            touch stop; wait $reader
            [ $killed -ge 10 ] && echo killed; sort answers | uniq -c | wc -l; sort -u answers; cat words
            [ $(wc -l < answers) -ge 10 ] && echo asked
            sed -i "s/embedder: .*/embedder: two } }/" hector.yaml
            hector index --rebuild; echo $?; hector index --json | jq -c '[.unchanged, .chunks]'
            hector-search collections --json | jq -c '[.dimension, .count]'
            """)
        #expect(
            result.lines == [
                "0", "killed", "1", "0 5", "asked", "0", "[120,120]", "[5,120]",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `an agent that stays searches on when its collection is replaced`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              embedder_providers:
                one: { path: "\(Shell.foreign)/faulty" }
                two: { path: "\(Shell.foreign)/faulty", config: { fault: "dimension:5" } }
            document_stores: { docs: { path: ./docs, embedder: one } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir docs; echo 'number one' > docs/a.md; hector index
            collection=$(hector index status --json | jq -r .collection)
            coproc hector-search -C $collection --embed --eager
            ask() { echo '{"content":"number"}' >&${COPROC[1]}; read -r line <&${COPROC[0]}; jq -c '[.results[]?.id, .error?.message]' <<< "$line"; }
            ask
            sed -i "s/embedder: one/embedder: two/" hector.yaml; hector index; echo $?
            hector query docs number --json | jq -r .id
            hector index --rebuild; ask; hector query docs number --json | jq -r .id
            """)
        #expect(
            result.lines == [
                #"["a.md#1",null]"#, "78", "a.md#1", #"["a.md#1",null]"#, "a.md#1",
            ], "\(result.output)\(result.errors)")
    }

    @Test func `a rebuild that is stopped leaves nothing behind`() async throws {
        let result = try await makeShell().run(
            Self.tools + """
                for n in 1 2 3; do echo "text $n" > docs/$n.md; done; age; hector index; stored > before
                FAULT=exit hector index --rebuild 2>/dev/null; echo $?
                hector-search collections --json | jq -r .name
                hector index; hector-search collections --json | jq -r .name; stored | cmp - before && echo same
                FAULT=error hector index --rebuild 2>/dev/null; echo $?
                hector-search collections --json | jq -r .name; stored | cmp - before && echo same
                rm docs/*; hector index --rebuild; echo $? $(stored | wc -l); hector-search collections --json | jq -c .name
                """)
        #expect(
            result.lines.filter { $0 != "docs.next" } == [
                "69", "docs", "docs", "same", "1", "docs", "same", "0 0", #""docs""#,
            ], "\(result.output)\(result.errors)")
        #expect(result.lines.count { $0 == "docs.next" } <= 1)
    }
}
