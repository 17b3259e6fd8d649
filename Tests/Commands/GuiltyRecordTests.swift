import Testing

/// Records that kill a plugin, among other records.
@Suite(.serialized) struct GuiltyRecordTests {
    @Test(arguments: ["", ",batch"], ["", "-j 1", "--batch-size 1", "--unordered"])
    func `only the records that kill the plugin fail`(batch: String, options: String) async throws {
        let result = try await Shell().run(
            """
            jq -nc 'range(600) | if . == 200 then "p0" elif . == 201 then "p1"
                elif . == 500 then "p2" else "t\\(.)" end | {id: ., content: .}' > in
            export FAULT='poison:p0+p1+p2\(batch)'
            hector-embed --plugin $FOREIGN/faulty --summary \(options) < in > out 2> errors
            echo $?
            wc -l < out
            jq -r 'select(.error) | "\\(.id) \\(.error.code)"' out | sort
            jq -r 'select(.vector) | .id' out | sort -u | wc -l
            jq -s 'map(.restarts > 5) | all' <(grep '^{' errors)
            grep -v '^{' errors | sort -u
            hector-embed --plugin $FOREIGN/faulty -q < in > out 2> errors
            grep -c . errors
            """)
        #expect(
            result.lines == [
                "1", "600", "p0 plugin_died", "p1 plugin_died", "p2 plugin_died", "597", "true",
                "hector-embed: plugin 'faulty' was killed by signal 9 (Killed); started again", "0",
            ])
    }

    @Test func `a plugin that froze is not said to have died by itself`() async throws {
        let result = try await Shell().run(
            """
            jq -nc 'range(4) | {content: "t\\(.)"}' > in
            export FAULT=freeze:3
            hector-embed --plugin $FOREIGN/faulty --timeout 2s -j 1 --batch-size 1 < in > out
            """)
        #expect(
            result.errors.contains("plugin 'faulty' was frozen and has been killed; started again"),
            "\(result.errors)")
    }
}
