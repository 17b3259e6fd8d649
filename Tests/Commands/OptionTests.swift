import FilterKit
import Testing

@Suite struct OptionTests {
    @Test(arguments: [
        ("1", 1), ("512K", 512 << 10), ("64M", 64 << 20), ("2g", 2 << 30),
        ("0", nil), ("-1", nil), ("M", nil), ("1.5M", nil), ("99999999999G", nil), ("", nil),
    ])
    func `a number of bytes may have a unit`(text: String, bytes: Int?) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test(arguments: [(64 << 20, "64M"), (1000, "1000"), (3 << 10, "3K")])
    func `a number of bytes is shown as one would type it`(bytes: Int, text: String) {
        #expect(ByteCount(bytes).defaultValueDescription == text)
    }

    @Test(arguments: [
        ("90", Duration.seconds(90)), ("90s", .seconds(90)), ("500ms", .milliseconds(500)),
        ("5m", .seconds(300)), ("1.5h", .seconds(5400)), ("0", nil), ("-1", nil), ("x", nil),
        ("inf", nil), ("nan", nil), ("", nil),
    ])
    func `a length of time may have a unit`(text: String, duration: Duration?) {
        #expect(Timeout(argument: text)?.duration == duration)
    }

    // MARK: One option, one name

    /// The options of every command that calls a plugin, and the further ones of a command that
    /// calls it for many records.
    private static let calling = ["config", "timeout", "debug", "quiet", "q"]
    private static let many = calling + ["jobs", "j", "progress"]

    @Test(arguments: [
        ("hector", "run", many + ["plugin", "llm", "option", "o", "model", "m"]),
        ("hector", "query", calling),
        ("hector-shell", "", calling + ["plugin", "llm", "model", "m"]),
        ("hector-embed", "records", many + ["plugin"]),
        ("hector-embed", "info", calling + ["plugin"]),
        ("hector-search", "query", many + ["plugin"]),
        ("hector-search", "upsert", many + ["plugin"]),
        ("hector-search", "delete", many + ["plugin"]),
        ("hector-search", "create", calling + ["plugin"]),
        ("hector-search", "drop", calling + ["plugin"]),
        ("hector-generate", "records", many + ["plugin", "model", "m"]),
        ("hector-generate", "info", calling + ["plugin", "model", "m"]),
        ("hector-tool", "run", many + ["plugin"]), ("hector-tool", "list", calling + ["plugin"]),
        ("hector-tool", "call", calling + ["plugin"]),
        ("hector-reason", "records", many + ["plugin"]),
        ("hector-reason", "slots", calling + ["plugin"]),
        ("hector-reason", "info", calling + ["plugin"]),
        ("hector-rerank", "records", many + ["plugin"]),
        ("hector-rerank", "info", calling + ["plugin"]),
        ("hector-bench", "", calling + ["plugin", "option", "o"]),
        ("hector-index", "run", many), ("hector-index", "status", calling),
        ("hector-plugin", "info", calling + ["option", "o", "model", "m"]),
        ("hector-plugin", "check", calling + ["option", "o", "model", "m"]),
        ("hector-chunk", "", ["jobs", "j", "progress", "quiet", "q"]),
    ])
    func `an option has one name in all commands`(
        program: String, command: String, options: [String]
    ) async throws {
        let result = try await Shell().run(
            """
            \(program) --experimental-dump-help | jq -r '.command
                | if "\(command)" == "" then . else .subcommands[] | select(.commandName == "\(command)") end
                | .arguments[].names[]?.name'
            """)
        #expect(Set(options).subtracting(result.lines).isEmpty, "\(result.errors)")
    }

    @Test func `what the options say is obeyed`() async throws {
        let shell = try Shell()
        try shell.write(
            """
            plugins:
              llm_providers: { model: { path: "${FOREIGN}/python-llm" } }
              embedder_providers:
                e: { path: "${FOREIGN}/python-embedder" }
                slow: { path: "${FOREIGN}/faulty", config: { fault: hang } }
            defaults: { embedder: e, llm: extractive-llm }
            document_stores: { notes: { path: ./notes } }

            """, to: "hector.yaml")
        let result = try await shell.run(
            """
            mkdir notes; for i in 1 2 3; do echo "note $i" > notes/$i.md; done
            hector --plugin model --no-tools 'a b'; hector --llm model --no-tools 'a b'
            hector-generate info --plugin model -m other | jq -r .model
            hector-plugin info --start model -m third --json | jq -r .running.model
            printf 'a\\nb\\n' | hector --plugin model --no-tools --progress 2>&1 >/dev/null |
                grep -o '2 runs'
            hector-chunk --progress notes/*.md 2>&1 >/dev/null | grep -o '3 files'
            hector index -j 2 --timeout 60s -q -v; echo $?
            hector query notes 'note 1' --timeout 60s -q -k 1 | head -1 | cut -d' ' -f2
            """)
        #expect(
            result.lines == [
                "You said: a b", "You said: a b", "other", "third", "2 runs", "3 files", "0",
                "1.md#1",
            ], "\(result.errors)")
        #expect(result.errors == "")
    }
}
