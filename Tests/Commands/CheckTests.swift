import Foundation
import Testing

/// hector-plugin check, which tests a plugin against its contract. Perl's own TAP reader reads the
/// output.
@Suite(.serialized) struct CheckTests {
    /// The results that a TAP reader finds in a check.
    private struct Reading {
        let status: Int32
        let errors: String
        /// The descriptions of the test points, by result.
        var passed: [String] = []
        var failed: [String] = []
        var skipped: [String] = []
        /// The problem of each test point that failed.
        var messages: [String] = []
        var planned = 0
        var parseErrors: [String] = []
    }

    private static let reader = #"""
        my $parser = TAP::Parser->new({tap => do { local $/; <STDIN> }});
        while (my $result = $parser->next) {
            print "message ", $result->data->{message}, "\n" if $result->is_yaml;
            print "unknown ", $result->raw, "\n" if $result->is_unknown;
            next unless $result->is_test;
            my $word = $result->has_skip ? "skipped" : $result->is_ok ? "passed" : "failed";
            print "$word ", $result->description =~ s/^- //r, "\n";
        }
        print "planned ", $parser->tests_planned // 0, "\n";
        print "error $_\n" for $parser->parse_errors;
        """#

    private func check(
        _ arguments: String, in shell: Shell? = nil, _ variables: String = ""
    ) async throws -> Reading {
        let shell = try shell ?? Shell()
        try shell.write(Self.reader, to: "read.pl")
        let result = try await shell.run(
            """
            \(variables) hector-plugin check --tap-version 13 \(arguments) > tap; status=$?
            perl -MTAP::Parser read.pl < tap; exit $status
            """)
        var reading = Reading(status: result.status, errors: result.errors)
        for line in result.lines {
            let text = String(line.drop { $0 != " " }.dropFirst())
            switch line.prefix(while: { $0 != " " }) {
            case "passed": reading.passed.append(text)
            case "failed": reading.failed.append(text)
            case "skipped": reading.skipped.append(text)
            case "message": reading.messages.append(text)
            case "planned": reading.planned = Int(text) ?? 0
            default: reading.parseErrors.append(line)
            }
        }
        return reading
    }

    @Test func `a database is held to its words and its catalog if it says that it has them`()
        async throws
    {
        let shell = try Shell()
        try shell.write(
            """
            plugin:
              name: catalog-database
              version: 1.0.0
              type: database_provider
              protocol: grpc
              config_schema: { optional: [path] }
              capabilities: { catalog: true, filter: true, hybrid: true, include_vectors: true }
            """, to: "catalog-database.plugin.yaml")
        try await shell.run("ln -s $(command -v catalog-database) catalog-database")
        let reading = try await check("./catalog-database -o path=$PWD/db", in: shell)
        #expect(reading.failed.isEmpty, "\(reading.failed) \(reading.messages)")
        #expect(reading.passed.contains("Search by words alone finds the document that has them"))
        #expect(reading.passed.contains("MoveCollection gives a collection another name"))
        let lacking = try await check(
            "./catalog-database -o path=$PWD/db", in: shell, "PLAIN=1")
        #expect(
            lacking.failed.contains("MoveCollection gives a collection another name"),
            "\(lacking.failed)")
    }

    /// A method of the kind that must have been found good, and all those that may be skipped.
    @Test(arguments: [
        ("hash-embedder", "EmbedBatch answers each text", 1),
        ("local-vectors -o path=store", "DeleteBatch answers each id", 1),
        ("extractive-llm", "GenerateStreaming ends with DONE", 1),
        ("chain-of-thought", "custom_state is taken back in the next iteration", 1),
        ("system-tools", "the parameters of each tool are a JSON Schema of an object", 2),
        (
            "mcp-tools -o command=$ROOT/.build/venv/bin/python "
                + #"-o 'args=["'$ROOT'/Tests/Foreign/python/mcp_server.py"]'"#,
            "GetTool finds each tool as it is listed", 2
        ),
        ("$FOREIGN/python-embedder", "Embed answers with a finite vector of that dimension", 3),
        (
            "$FOREIGN/python-database",
            "Search finds the nearest first, with its content and metadata", 7
        ),
        ("$FOREIGN/python-llm", "a stream that is cancelled leaves the plugin answering", 2),
        ("$FOREIGN/python-strategy", "custom_state is taken back in the next iteration", 2),
        (
            "$FOREIGN/python-reranker",
            "a text that answers the question comes before one that does not", 2
        ),
        ("$FOREIGN/python-tools", "the parameters of each tool are a JSON Schema of an object", 3),
        ("$FOREIGN/go-embedder", "32 texts embedded side by side are not mixed up", 3),
        (
            "$FOREIGN/go-llm", "a tool that is offered is called with a JSON object, or not at all",
            2
        ),
    ])
    func `a plugin that keeps the contract passes`(plugin: String, point: String, skipped: Int)
        async throws
    {
        let reading = try await check(plugin)
        #expect(reading.failed == [])
        #expect(reading.messages == [])
        #expect(reading.parseErrors == [])
        #expect(reading.status == 0)
        #expect(reading.errors == "")
        #expect(reading.passed.contains(point))
        #expect(reading.skipped.count <= skipped, "\(reading.skipped)")
        #expect(reading.planned == reading.passed.count + reading.skipped.count)
        for common in [
            "the manifest file is correct", "the plugin starts and shakes hands",
            "a method that there is not is UNIMPLEMENTED", "a message of 1 MiB is taken",
            "the process ends within 2.0 seconds", "no socket is left behind",
            "Initialize refuses or ignores an unknown setting",
        ] {
            #expect(reading.passed.contains(common), "\(common)")
        }
    }

    @Test(arguments: [
        ("", "no socket is left behind", "not removed"),
        ("not-serving", "grpc.health.v1.Health says that 'plugin' is serving", "not serving"),
        ("initialize", "Initialize takes the settings", "no API key"),
        ("initialize-status", "Initialize takes the settings", "INTERNAL"),
        (
            "nan", "Embed answers with a finite vector of that dimension",
            "number 1 of the vector is nan"
        ),
        (
            "infinity:2", "the same text has a vector of the same length",
            "number 1 of the vector is inf"
        ),
        ("short:2", "the same text has a vector of the same length", "another length"),
        ("long", "Embed answers with a finite vector of that dimension", "another length"),
        (
            "empty", "Embed answers with a finite vector of that dimension",
            "neither a vector nor an error"
        ),
        ("error", "Embed answers with a finite vector of that dimension", "cannot embed text 1"),
        ("status:4", "an empty text has a vector or an error", "Embed failed with INTERNAL"),
        (
            "unavailable:5", "a text of 100 KB has a vector or an error",
            "Embed failed with UNAVAILABLE"
        ),
        ("hang:1", "Embed answers with a finite vector of that dimension", "did not answer within"),
        (
            "freeze:1", "Embed answers with a finite vector of that dimension",
            "did not answer within"
        ),
        ("kill:1", "Embed answers with a finite vector of that dimension", "killed by signal 9"),
        ("batch-short", "EmbedBatch answers each text", "another number of answers"),
        ("batch-long", "EmbedBatch answers each text", "another number of answers"),
        ("shutdown-hang", "Shutdown succeeds", "did not answer within"),
        ("stubborn", "the process ends within 2.0 seconds", "has not ended"),
    ])
    func `a fault is found at the point that it breaks`(
        fault: String, point: String, message: String
    ) async throws {
        let reading = try await check("$FOREIGN/faulty --timeout 1s", "FAULT=\(fault)")
        #expect(reading.failed.first == point)
        #expect(reading.messages.first?.contains(message) == true, "\(reading.messages)")
        #expect(reading.status == 1)
        #expect(reading.parseErrors == [])
        let all = reading.passed + reading.failed + reading.skipped
        #expect(reading.planned == all.count)
        // The check reaches the end of the contract whatever it found before.
        #expect(all.contains("Initialize refuses or ignores an unknown setting"))
    }

    @Test func `a plugin that dies at a point is started again for the next`() async throws {
        let shell = try Shell()
        let reading = try await check(
            "$FOREIGN/faulty", in: shell, "FAULT=kill:2 FAULT_ONCE=once FAULT_LOG=log")
        #expect(
            reading.failed == [
                "the same text has a vector of the same length", "no socket is left behind",
            ])
        #expect(reading.passed.contains("an empty text has a vector or an error"))
    }

    @Test(arguments: ["exit", "crash", "garbage", "wrong-cookie", "version"])
    func `a plugin that does not start is not checked`(fault: String) async throws {
        let shell = try Shell()
        let reading = try await check("$FOREIGN/faulty", in: shell, "FAULT=\(fault)")
        #expect(reading.failed == ["the plugin starts and shakes hands"])
        #expect(reading.status == 69)
        #expect(reading.errors.hasPrefix("hector-plugin: plugin 'faulty' "))
        #expect(try shell.read("tap").contains("\nBail out! plugin 'faulty' "))
    }

    @Test(arguments: [("needs:api_key", true), ("", false)])
    func `a setting that the manifest requires has to be asked for`(fault: String, isGood: Bool)
        async throws
    {
        let shell = try await plugin(
            "faulty",
            manifest("faulty", "embedder_provider", "  config_schema: { required: [api_key] }"))
        let reading = try await check("./faulty -o api_key=x", in: shell, "FAULT=\(fault)")
        let point = "Initialize refuses to go without the setting 'api_key'"
        #expect(reading.passed.contains(point) == isGood)
        #expect(reading.failed.contains(point) == !isGood)

        let without = try await check("./faulty", in: shell)
        #expect(without.status == 78)
        #expect(without.errors.contains("needs the setting 'api_key'"))
    }

    @Test func `a plugin that contradicts its manifest is found out`() async throws {
        let shell = try await plugin(
            "python-llm", manifest("python-llm", "llm_provider", version: "2.0.0"))
        let reading = try await check("./python-llm", in: shell)
        #expect(reading.failed == ["GetManifest agrees with the manifest file"])
        #expect(try shell.read("tap").contains(#"  version: "'1.0.0', in the file '2.0.0'""#))
    }

    @Test func `a plugin of another kind than its manifest says is found out`() async throws {
        let shell = try await plugin("python-llm", manifest("python-llm", "tool_provider"))
        let reading = try await check("./python-llm", in: shell)
        #expect(reading.status == 78)
        #expect(reading.failed == ["the plugin is of the kind tool_provider"])
        #expect(
            reading.messages.first
                == "plugin 'python-llm' is of the kind llm_provider: it serves "
                + "hector.plugin.LLMProvider, not hector.plugin.ToolProvider")
    }

    @Test func `a manifest that is wrong is a point that fails`() async throws {
        let shell = try await plugin("go-llm", "plugin: { name: go-llm, version: 1 }\n")
        let reading = try await check("./go-llm", in: shell)
        #expect(reading.failed == ["the manifest file is correct"])
        #expect(reading.status == 1)
        #expect(reading.planned == 1)
        #expect(reading.parseErrors == [])
    }

    /// The list in hector-plugin(7).
    @Test func `the first plugin in Python of the manual passes`() async throws {
        let shell = try Shell()
        let made = try await shell.run(
            """
            {
                echo '#!'"$ROOT/.build/venv/bin/python"
                echo 'import sys; sys.path[:0] = ["'"$ROOT/examples/sdk/python"'", "'"$ROOT/examples/sdk/python/generated"'"]'
                sed -n '/^from hector_plugin/,/^serve/p' $ROOT/man/hector-plugin.7
            } > lengths
            chmod +x lengths; wc -l < lengths
            hector-embed --plugin ./lengths abc
            """)
        #expect(made.lines == ["11", #"{"content":"abc","vector":[3]}"#], "\(made.errors)")
        let reading = try await check("./lengths --kind embedder", in: shell)
        #expect(reading.failed.isEmpty)
        #expect(reading.status == 0)
    }

    @Test func `a plugin without a manifest needs its kind to be said`() async throws {
        let shell = try await plugin("go-llm", nil)
        #expect(try await check("./go-llm", in: shell).status == 78)
        let reading = try await check("./go-llm --kind llm", in: shell)
        #expect(reading.failed.isEmpty)
        #expect(reading.status == 0)
        #expect(reading.passed.contains("Generate answers"))
    }

    @Test func `no tool is run unless it is named`() async throws {
        let shell = try Shell()
        let log = "TOOLS_LOG=log"
        let silent = try await check("$FOREIGN/python-tools", in: shell, log)
        #expect(silent.skipped.contains("ExecuteTool runs the tool named"))
        #expect(throws: (any Error).self) { try shell.read("log") }

        let arguments = #"--execute echo --arguments '{"text":"hello"}'"#
        let run = try await check("$FOREIGN/python-tools \(arguments)", in: shell, log)
        #expect(run.passed.contains("ExecuteTool runs the tool named"))
        #expect(try shell.read("log").hasSuffix(#" echo {"text":"hello"}"# + "\n"))

        let failing = try await check("$FOREIGN/python-tools --execute fail", in: shell)
        #expect(failing.failed == ["ExecuteTool runs the tool named"])
        #expect(failing.messages == ["'fail' failed: no reason"])
    }

    @Test func `a check leaves no collection behind`() async throws {
        let result = try await Shell().run(
            """
            hector-plugin check local-vectors -o path=store > tap
            name=$(grep -o 'hector-check-[a-z0-9]*' tap | head -1)
            echo '{"vector":[1]}' | hector-search -C "$name" -o path=store | jq -r .error.message
            """)
        #expect(result.output.contains("there is no collection 'hector-check-"), "\(result)")
    }

    @Test func `the version is 14 unless the reader is older`() async throws {
        let result = try await Shell().run(
            """
            hector-plugin check hash-embedder | head -1
            prove -Q -e 'hector-plugin check --tap-version 13' $FOREIGN/go-llm $FOREIGN/go-embedder
            """)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.lines.first == "TAP version 14")
        #expect(result.lines.last == "Result: PASS")
    }

    /// A shell in whose folder a foreign plugin has a different manifest, or none.
    private func plugin(_ name: String, _ manifest: String?) async throws -> Shell {
        let shell = try Shell()
        if let manifest { try shell.write(manifest, to: "\(name).plugin.yaml") }
        try await shell.run(
            """
            printf '#!/bin/sh\\nexec "%s"\\n' "$FOREIGN/\(name)" > \(name) && chmod +x \(name)
            """)
        return shell
    }
}
