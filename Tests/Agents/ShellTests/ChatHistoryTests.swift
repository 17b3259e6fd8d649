import Agent
import FilterKit
import FilterProcesses
import Foundation
import JSON
import Testing
import Unix

@testable import Shell

/// An environment with folders of its own.
final class Home {
    let path: String

    init() throws {
        path = "\(NSTemporaryDirectory())/shell-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var environment: [String: String] { ["HOME": path, "PATH": "/bin:/usr/bin"] }
}

@MainActor @Suite struct ChatHistoryTests {
    private let home: Home
    private let plan = AgentPlan(name: "a", generate: nil, longestWait: .seconds(1))

    init() throws { home = try Home() }

    private func history(beginsSession: Bool = true) throws -> ChatHistory {
        try ChatHistory(beginsSession: beginsSession, environment: home.environment)
    }

    private func outcome(_ question: String, _ answer: String) -> AgentRun.Outcome {
        AgentRun.Outcome(
            answer: answer,
            messages: [
                ["role": "user", "content": .string(question)],
                ["role": "assistant", "content": .string(answer)],
            ],
            tokens: 1, hasDenied: false)
    }

    private func ask(
        _ history: ChatHistory, _ question: String, _ answer: String, replaces: Bool = false
    ) throws {
        _ = history.begin(UserMessage(question), with: plan, replaces: replaces)
        try history.keep(outcome(question, answer))
    }

    private func fail(_ history: ChatHistory, _ question: String, replaces: Bool = false) throws {
        _ = history.begin(UserMessage(question), with: plan, replaces: replaces)
        var failed = outcome(question, AgentRun.failureMark)
        failed.failure = StageError("generate", "broken", "it broke")
        try history.keep(failed)
    }

    @Test func `nothing was said at first`() throws {
        let history = try history()
        #expect(history.messages.isEmpty && history.text.isEmpty && history.session == nil)
        let none = #expect(throws: Failure.self) { try history.lastMessage() }
        #expect(none?.message == "nothing was asked yet")
        #expect(#expect(throws: Failure.self) { try history.lastRun() }?.message == none?.message)
        let answer = #expect(throws: Failure.self) { try history.answer() }
        #expect(answer?.message == "there is no answer yet")
        #expect(throws: Failure.self) { try history.record() }
    }

    @Test func `a question has what was said before it`() throws {
        let history = try history()
        try ask(history, "q1", "a1")
        let before = history.begin(UserMessage("q2"), with: plan, replaces: false)
        #expect(before == outcome("q1", "a1").messages)
        try history.keep(outcome("q2", "a2"))
        #expect(history.runs.count == 2)
        #expect(try history.answer() == "a2")
        #expect(try history.lastMessage().question == "q2")
        #expect(history.text == "user: q1\nassistant: a1\nuser: q2\nassistant: a2\n")
        #expect(try history.session?.entries().map(\.question) == ["q1", "q2"])
    }

    @Test func `a retry takes the place of the last answer`() throws {
        let history = try history()
        try ask(history, "q1", "a1")
        try ask(history, "q2", "a2")
        let before = history.begin(UserMessage("q2"), with: plan, replaces: true)
        #expect(before == outcome("q1", "a1").messages)
        try history.keep(outcome("q2", "b2"))
        #expect(history.text == "user: q1\nassistant: a1\nuser: q2\nassistant: b2\n")
        #expect(try history.session?.entries().count == 2)
    }

    @Test func `a retry that fails leaves the answer that it was to replace`() throws {
        let history = try history()
        try ask(history, "q1", "a1")
        try fail(history, "q1", replaces: true)
        #expect(history.text == "user: q1\nassistant: a1\n")
        #expect(try history.answer() == "a1")
        try ask(history, "q1", "b1", replaces: true)
        #expect(history.text == "user: q1\nassistant: b1\n")
    }

    @Test func `a question that fails is kept, and has no answer`() throws {
        let history = try history()
        try fail(history, "q1")
        #expect(history.runs.count == 1)
        let failure = #expect(throws: Failure.self) { try history.answer() }
        #expect(failure?.message == "the last question has no answer")
        try ask(history, "q1", "a1", replaces: true)
        #expect(history.runs.count == 1)
        #expect(try history.answer() == "a1")
    }

    @Test func `what came of an answer that was stopped is kept`() throws {
        let history = try history()
        _ = history.begin(UserMessage("q"), with: plan, replaces: false)
        history.add(Event(.delta, ["iteration": 1, "text": "Hal"]), run: "1")
        try history.keepCut()
        #expect(try history.answer() == "Hal")
        #expect(history.text == "user: q\nassistant: Hal\n\n\(Transcript.cutMark)\n")
        #expect(try history.session?.entries().count == 1)
    }

    @Test func `a script keeps only a session that was named`() throws {
        let script = try history(beginsSession: false)
        try ask(script, "q", "a")
        #expect(script.session == nil)
        let session = try Session(named: "s", environment: home.environment)
        try script.goOn(with: session)
        #expect(script.messages.isEmpty)
        try ask(script, "q", "a")
        #expect(try session.entries().count == 1)
    }

    @Test func `a session is gone on with, on the disk too`() throws {
        let session = try Session(named: "s", environment: home.environment)
        let first = try history()
        try first.goOn(with: session)
        try ask(first, "q", "a")
        let second = try history()
        try second.goOn(with: session)
        #expect(second.text == "user: q\nassistant: a\n")
        #expect(try second.lastMessage().question == "q")
        #expect(try second.answer() == "a")
        let failure = #expect(throws: Failure.self) { try second.lastRun() }
        #expect(failure?.message == "nothing was asked since the session was taken up")
        try ask(second, "q", "b", replaces: true)
        #expect(try session.entries().map { $0.messages.last?["content"]?.string } == ["b"])
    }

    @Test func `what was approved ends with the session`() throws {
        let history = try history()
        let session = try Session(named: "s", environment: home.environment)
        func approve() {
            try? "x".write(toFile: history.approvals.path, atomically: false, encoding: .utf8)
        }
        func isApproved() -> Bool {
            FileManager.default.contents(atPath: history.approvals.path)?.isEmpty == false
        }
        try history.goOn(with: session)
        approve()
        #expect(isApproved())
        try history.goOn(with: session)
        #expect(isApproved())
        try history.goOn(with: Session(named: "t", environment: home.environment))
        #expect(!isApproved())
        approve()
        history.beginAgain()
        #expect(!isApproved() && history.session == nil)
    }

    @Test func `the conversation is a record for filters`() throws {
        let history = try history()
        try ask(history, "q", "a")
        let record = try Value(parsing: Array(history.record().utf8))
        #expect(record["id"] == "1")
        #expect(record["results"] == [])
        #expect(record["messages"] == .array(outcome("q", "a").messages))
    }

    @Test func `calls are told in the text`() throws {
        let history = try history()
        _ = history.begin(UserMessage("q"), with: plan, replaces: false)
        var called = outcome("q", "a")
        called.messages.insert(
            [
                "role": "assistant", "content": "",
                "tool_calls": [["function": ["name": "echo", "arguments": "{\n}"]]],
            ], at: 1)
        try history.keep(called)
        #expect(history.text == "user: q\nassistant: [calls echo {\\u000a}]\nassistant: a\n")
    }
}
