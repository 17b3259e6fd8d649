import Testing

/// A slow record at the head of the line.
@Suite(.serialized) struct WindowTests {
    @Test(arguments: ["", "--window 64K --spill"])
    func `a slow record does not stop the reading`(options: String) async throws {
        let result = try await Shell().run(
            """
            export FAULT=gate:$PWD/open
            # The gate opens when all has been read, except for what a pipe holds.
            { echo '"gate"'; seq 40000 | jq -c '"text \\(.)"'; touch open; } |
                hector-embed --plugin $FOREIGN/faulty \(options) 2> errors | jq -r .content > out
            cat errors
            wc -l < out
            cmp out <(echo gate; seq 40000 | sed 's/^/text /') && echo same
            """)
        #expect(result.lines == ["40001", "same"])
    }

    @Test func `a full window is reported once, with what to do`() async throws {
        let result = try await Shell().run(
            """
            export FAULT=gate:$PWD/open
            { echo '"gate"'; seq 20000 | jq -c '"text \\(.)"'; } > in
            hector-embed --plugin $FOREIGN/faulty --window 64K < in > out 2> errors & filter=$!
            until grep -q unordered errors; do kill -0 $filter || break; sleep 0.02; done
            touch open
            wait $filter; echo $?
            wc -l < errors
            wc -l < out
            """)
        #expect(result.lines == ["0", "1", "20001"])
    }
}
