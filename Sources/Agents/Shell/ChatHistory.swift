internal import Agent
internal import FilterKit
internal import JSON
internal import Text
internal import Unix

/// The conversation so far: the messages of its runs, the session that keeps them, and the last
/// question.
@MainActor final class ChatHistory {
    /// The tools that the user has approved for the session. They are kept here because each change
    /// of the agent and each ^C starts a new hector-tool.
    let approvals: MemoryFile

    /// The session; nil until there is something to store.
    private(set) var session: Session?

    /// The messages of each run.
    private(set) var runs: [[Value]] = []

    /// The last run; nil if nothing was asked since the conversation was started or resumed.
    private(set) var last: LastRun?

    /// The time under which the session has the last run; nil if it does not have it.
    private var lastTime: String?

    /// False for a script, which stores its conversation only in a session that was named.
    private let beginsSession: Bool
    private let environment: [String: String]

    init(beginsSession: Bool, environment: [String: String]) throws(SystemError) {
        approvals = try MemoryFile()
        self.beginsSession = beginsSession
        self.environment = environment
    }

    /// The messages of all runs.
    var messages: [Value] { runs.flatMap { $0 } }

    // MARK: Runs

    /// Begins a run.
    ///
    /// - Parameter replaces: True to replace the last question and its answer once this question
    ///   has an answer. Ignored if there is nothing to replace.
    /// - Returns: The messages before the question.
    func begin(_ message: UserMessage, with plan: AgentPlan, replaces: Bool) -> [Value] {
        // A question without an answer has nothing to replace.
        let replaces = replaces && last?.isKept != false && !runs.isEmpty
        let before = runs.dropLast(replaces ? 1 : 0).flatMap { $0 }
        last = LastRun(
            plan: plan, transcript: Transcript(message), history: before, isKept: replaces,
            replaces: replaces)
        return before
    }

    /// Adds an event of the run.
    func add(_ event: Event, run: String) {
        last?.transcript.add(event, run: run, time: "\(Timestamp.now)")
    }

    /// Stores the outcome of the run.
    ///
    /// - Throws: `Failure` if the session cannot be written.
    func keep(_ outcome: AgentRun.Outcome) throws {
        guard let replaces = last?.replaces else { return }
        last?.answer = outcome.failure == nil ? outcome.answer : nil
        // A retry that fails does not replace the answer.
        if outcome.failure != nil, replaces { return }
        try store(outcome)
    }

    /// Stores the received part of an answer that was stopped.
    ///
    /// - Throws: `Failure` if the session cannot be written.
    func keepCut() throws {
        guard let transcript = last?.transcript else { return }
        last?.answer = transcript.text
        try store(
            AgentRun.Outcome(
                answer: transcript.text, messages: transcript.cutMessages, tokens: 0,
                hasDenied: false))
    }

    private func store(_ outcome: AgentRun.Outcome) throws {
        guard let last else { return }
        if last.replaces { _ = runs.popLast() }
        runs.append(outcome.messages)
        self.last?.isKept = true
        let replaced = last.replaces ? lastTime : nil
        lastTime = nil
        if session == nil, beginsSession { session = try Session.new(environment: environment) }
        guard let session else { return }
        (lastTime, self.session) = try session.append(
            outcome, agent: last.plan.name, replaces: replaced)
    }

    // MARK: Sessions

    /// Starts an empty conversation.
    func beginAgain() {
        session = nil
        approvals.clear()
        runs = []
        lastTime = nil
        last = nil
    }

    /// Continues the conversation of a session.
    ///
    /// - Throws: `Failure` if it cannot be read.
    func goOn(with session: Session) throws {
        let entries = try session.entries()
        runs = entries.map(\.messages)
        lastTime = entries.last?.time
        if session.name != self.session?.name { approvals.clear() }
        self.session = session
        last = nil
    }

    // MARK: Contents

    func lastRun() throws(Failure) -> LastRun {
        if let last { return last }
        throw Failure(
            .usage,
            runs.isEmpty
                ? "nothing was asked yet" : "nothing was asked since the session was taken up")
    }

    /// Returns the last question, with its context from the command line.
    func lastMessage() throws(Failure) -> UserMessage {
        if let last { return last.transcript.message }
        if let message = runs.last?.first { return UserMessage(value: message) }
        throw Failure(.usage, "nothing was asked yet")
    }

    /// Returns the last answer, or the received part of it.
    func answer() throws(Failure) -> String {
        if let text = last?.answer ?? last?.transcript.text, !text.isEmpty { return text }
        if last?.isKept != false, let text = runs.last?.last?["content"]?.string,
            text != AgentRun.failureMark
        {
            return text
        }
        throw Failure(
            .usage,
            last == nil ? "there is no answer yet" : "the last question has no answer")
    }

    /// Returns the conversation as a record for filters.
    func record() throws(Failure) -> String {
        _ = try answer()
        var record: Members = ["id": "1"]
        if let last { record.append("results", .array(last.transcript.passages)) }
        record.append("messages", .array(messages))
        return Value.object(record).description
    }

    /// The conversation as text for the user.
    var text: String {
        var text = ""
        for message in messages {
            let role = message["role"]?.string ?? ""
            let content = message["content"]?.string ?? ""
            if !content.isEmpty {
                text += "\(role): \(content)\(content.hasSuffix("\n") ? "" : "\n")"
            }
            for call in message["tool_calls"]?.array ?? [] {
                let function = call["function"]
                let words =
                    "\(function?["name"]?.string ?? "") "
                    + "\(function?["arguments"]?.string ?? "")"
                text += "\(role): [calls \(VisibleText(words))]\n"
            }
        }
        return text
    }
}

/// A question, the messages before it, and its outcome.
struct LastRun {
    /// The plan of the agent that answered.
    let plan: AgentPlan
    var transcript: Transcript
    let history: [Value]
    var answer: String?

    /// True if the last of the conversation's runs answers this question.
    var isKept: Bool

    /// True if the answer replaces the one before.
    let replaces: Bool
}
