import Testing

/// Many pairs of records with the same id, in batches that run side by side.
@Suite(.serialized) struct UpsertOrderTests {
    @Test(arguments: [
        "", "--unordered", "--ack", "--embed", "--embed --unordered", "--batch-size 1", "-j 1",
    ])
    func `a later record always wins`(options: String) async throws {
        let result = try await Shell().run(
            """
            jq -nc 'range(0;600;40) as $b | ("OLD","NEW") as $v | range($b; $b + 40) as $i |
                {id: "p\\($i)", content: ($v + "x" * ([1,900,3000][$i % 3])), vector: [1,$i]}' > in
            for run in 1 2; do
                hector-search upsert -C c$run --create \(options) < in > /dev/null || echo failed
                jq -nc '{vector: ([1] + [range(1; \(options.contains("embed") ? 1024 : 2)) | 0])}' |
                    hector-search -C c$run --all -k 100000 |
                    jq -c '[.results[].content[:3]] | group_by(.) | map([.[0], length])'
            done
            """)
        #expect(result.lines == [String](repeating: #"[["NEW",600]]"#, count: 2))
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: ["", "--unordered", "--ack", "--batch-size 40"])
    func `a later record wins in a database that refuses batches`(options: String) async throws {
        let result = try await Shell().run(
            """
            jq -nc 'range(0;400;40) as $b | ("OLD","NEW") as $v | range($b; $b + 40) as $i |
                {id: "p\\($i)", content: ($v + "x" * ([1,900,3000][$i % 3])), vector: [1,$i]}' > in
            hector-plugin serve $FOREIGN/python-database --socket socket 2> served &
            served=$!
            until [ -S socket ]; do sleep 0.05; done
            for run in 1 2; do
                hector-search upsert --socket socket -C c$run --create \(options) < in > /dev/null ||
                    echo failed
                echo '{"vector":[1,1]}' | hector-search --socket socket -C c$run --all -k 100000 |
                    jq -c '[.results[].content[:3]] | group_by(.) | map([.[0], length])'
            done
            kill $served; wait $served
            """)
        #expect(result.lines == [String](repeating: #"[["NEW",400]]"#, count: 2))
        #expect(result.errors.isEmpty)
    }
}
