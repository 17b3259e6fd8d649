import FilterProcesses
import JSON
import Testing

@testable import Agent

/// Stages that do not answer as they should.
@Suite struct FilterProcessTests {
    private func start(
        _ script: String, asksPerson: Bool = false, longestWait: Duration
    ) async throws -> FilterProcess {
        let command = try FilterCommand(
            "tool", "sh", ["-c", script], usesTerminal: asksPerson,
            environment: ["PATH": "/usr/bin:/bin"])
        return try await FilterProcess.start(
            "tool", command, environment: ["PATH": "/usr/bin:/bin"], longestWait: longestWait,
            trace: nil)
    }

    private let record = try! Record(Array(#"{"id":"1"}"#.utf8))

    @Test func `who never answers or greets is given up`() async throws {
        let stage = try await start("exec sleep 1000", longestWait: .milliseconds(50))
        let answer = await #expect(throws: StageError.self) {
            _ = try await stage.answer(record, id: "1") { _ in }
        }
        #expect(answer?.code == "timeout")
        let greeting = await #expect(throws: StageError.self) { _ = try await stage.greeting() }
        #expect(greeting?.code == "timeout")
        let end = Task { await stage.end() }
        // It ignores the end of its input.
        end.cancel()
        await end.value
    }

    @Test func `who asks a person may take longer`() async throws {
        let stage = try await start(
            #"read -r line; sleep 0.3; echo "$line""#, asksPerson: true,
            longestWait: .milliseconds(50))
        #expect(try await stage.answer(record, id: "1") { _ in }.bytes == record.bytes)
        await stage.end()
    }

    @Test func `an answer without an id that comes too late is not the next record's`()
        async throws
    {
        // Answers the first record only when it gets the second.
        let stage = try await start(
            #"read -r a; read -r b; echo '{"n":1}'; echo '{"n":2}'; cat"#,
            longestWait: .seconds(1000))
        let first = Task { try await stage.answer(record, id: "1") { _ in } }
        // Sent, and given up.
        first.cancel()
        _ = await first.result
        let second = try await stage.answer(try Record(Array(#"{"id":"2"}"#.utf8)), id: "2")
        #expect(second.value("n")?.int == 2)
        await stage.end()
    }

    @Test func `the first record of a stage that greets is no answer`() async throws {
        let command = try FilterCommand(
            "tool", "sh", ["-c", #"read -r a; echo '{"tools":[]}'; echo '{"n":1}'; cat"#],
            environment: ["PATH": "/usr/bin:/bin"])
        let stage = try await FilterProcess.start(
            "tool", command, environment: ["PATH": "/usr/bin:/bin"], greets: true,
            longestWait: .seconds(1000), trace: nil)
        #expect(try await stage.answer(record, id: "1").value("n")?.int == 1)
        #expect(try await stage.greeting().has("tools"))
        await stage.end()
    }
}
