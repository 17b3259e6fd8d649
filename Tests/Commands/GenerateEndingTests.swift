import Foundation
import Testing

/// Failures of hector-generate and how it ends.
@Suite(.serialized) struct GenerateEndingTests: GenerateShells {
    @Test(arguments: [
        ("error", Int32(1), "the model is out of order"), ("busy", 75, "come back tomorrow"),
        ("chunk:2", 1, "lost the thread"), ("die:1", 69, "exited with status 3"),
        ("cut:1", 1, "without saying that it is done"),
    ])
    func `a model that fails is reported, after what it has said`(
        fault: String, status: Int32, message: String
    ) async throws {
        let result = try await run("generate -o fault=\(fault) 'a b c'")
        #expect(result.status == status)
        #expect(result.errors.contains(message))
        let said = ["chunk:2": "You said:\n", "die:1": "You\n", "cut:1": "You\n"][fault] ?? ""
        #expect(result.output == said)
    }

    @Test(arguments: [
        ("error", "plugin_error"), ("busy", "resource_exhausted"), ("die:1", "plugin_died"),
    ])
    func `of records a failure is the record's own`(fault: String, code: String) async throws {
        let result = try await run(
            "generate --stream -o fault=\(fault) | tail -1 | jq -r .error.code", input: "\"q\"\n")
        #expect(result.lines.first == code)
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal in the middle of an answer cancels it in the plugin`(signal: String)
        async throws
    {
        let shell = try shell()
        let result = try await run(
            """
            env --default-signal hector-generate --plugin $FOREIGN/python-llm \
                -o log=$PWD/log -o wait=$PWD/never 'one two' > out &
            until [ "$(cat out)" = You ]; do sleep 0.01; done
            kill -\(signal) $!
            wait $!; echo $?
            grep -c cancelled log
            """, in: shell)
        #expect(result.lines == [signal == "INT" ? "130" : "143", "1"])
        #expect(shell.leftovers.isEmpty)
    }

    @Test func `a reader that leaves ends the answer quietly`() async throws {
        let result = try await run(
            """
            generate -o stamps=100000 hi | head -1 | wc -l
            echo ${PIPESTATUS[0]}
            grep -c cancelled log
            """)
        #expect(result.lines == ["1", "141", "1"])
        #expect(result.errors.isEmpty)
    }

    @Test func `a full disk is an error`() async throws {
        let result = try await run("generate hi > /dev/full")
        #expect(result.status == 74)
        #expect(result.errors == "hector-generate: cannot write: No space left on device\n")
    }

    @Test(arguments: [
        "-n", "-p a=b hi", "-p novalue hi", "--schema", "--null hi", "--errors x hi",
    ])
    func `what makes no sense is wrong usage`(arguments: String) async throws {
        let result = try await run("generate \(arguments)")
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
    }
}
