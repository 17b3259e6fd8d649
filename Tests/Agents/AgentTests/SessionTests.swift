import Agent
import FilterKit
import Foundation
import JSON
import Testing

@Suite struct SessionTests {
    private let state = FileManager.default.temporaryDirectory
        .appendingPathComponent("hector-\(UUID().uuidString)").path

    private var environment: [String: String] { ["XDG_STATE_HOME": state] }

    private func outcome(_ question: String) -> AgentRun.Outcome {
        AgentRun.Outcome(
            answer: "yes",
            messages: [
                ["role": "user", "content": .string(question)],
                ["role": "assistant", "content": "yes"],
            ], tokens: 1, hasDenied: false)
    }

    @Test func `runs are kept in their order, for this user only`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        #expect(try session.entries().isEmpty)
        try session.append(outcome("a"), agent: "x")
        try session.append(outcome("b"), agent: "x")
        #expect(try session.entries().map(\.question) == ["a", "b"])
        let attributes = try FileManager.default.attributesOfItem(atPath: session.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try Session.all(environment: environment).map(\.name) == ["one"])
        try session.delete()
        #expect(throws: Failure.self) { try session.delete() }
    }

    @Test func `a new session has no runs, even if another began in the same second`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let sessions = try (0..<4).map { _ in try Session.new(environment: environment) }
        for (index, session) in sessions.enumerated() {
            #expect(try session.entries().isEmpty)
            let kept = try session.append(outcome("\(index)"), agent: "x").session
            #expect(try kept.entries().map(\.question) == ["\(index)"])
        }
        #expect(try Session.all(environment: environment).count == 4)
    }

    @Test func `a run in place of another has that forgotten, even if one was added since`() throws
    {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        try session.append(outcome("a"), agent: "x")
        let time = try session.append(outcome("b"), agent: "x").time
        try session.append(outcome("c"), agent: "y")
        try session.append(outcome("d"), agent: "x", replaces: time)
        #expect(try session.entries().map(\.question) == ["a", "c", "d"])
    }

    @Test(.timeLimit(.minutes(1))) func `a session that is no regular file is not waited for`()
        throws
    {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        try session.append(outcome("a"), agent: "x")
        try session.delete()
        try #require(mkfifo(session.path, 0o600) == 0)
        #expect(throws: Failure.self) { try session.entries() }
    }

    @Test func `a line that was cut short is left out, and swallows none`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        try session.append(outcome("a"), agent: "x")
        let file = try #require(FileHandle(forWritingAtPath: session.path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"time":"2026","mess"#.utf8))
        try file.close()
        try session.append(outcome("b"), agent: "x")
        #expect(try session.entries().map(\.question) == ["a", "b"])
    }

    @Test func `a session that others may write is not used`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        try session.append(outcome("a"), agent: "x")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o666], ofItemAtPath: session.path)
        let failure = #expect(throws: Failure.self) { try session.entries() }
        #expect(failure?.status == .notPermitted)
    }

    @Test func `many processes may add to one session`() async throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let session = try Session(named: "one", environment: environment)
        try await withThrowingTaskGroup { group in
            for number in 0..<100 {
                group.addTask { try session.append(outcome("\(number)"), agent: "x") }
            }
            try await group.waitForAll()
        }
        #expect(Set(try session.entries().map(\.question)).count == 100)
    }

    @Test(arguments: [
        "", ".", "..", "../x", "a/b", ".hidden", "a b", "ä", String(repeating: "a", count: 101),
    ])
    func `a name that could lead elsewhere is refused`(name: String) {
        #expect(throws: Failure.self) { try Session(named: name, environment: environment) }
    }

    @Test func `a new session has a name of its own`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        // Both begin before either has run.
        let (first, second) = (
            try Session.new(environment: environment), try Session.new(environment: environment)
        )
        let kept = try first.append(outcome("a"), agent: "x").session
        let other = try second.append(outcome("b"), agent: "x").session
        #expect(kept.name != other.name)
        try kept.append(outcome("c"), agent: "x")
        #expect(try kept.entries().map(\.question) == ["a", "c"])
        #expect(try other.entries().map(\.question) == ["b"])
    }
}
