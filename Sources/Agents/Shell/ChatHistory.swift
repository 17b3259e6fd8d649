internal import Agent
internal import FilterKit
internal import JSON
internal import Text
internal import Unix

/// The conversation so far: the messages of its runs, the session that keeps them, and the last
/// question.
@MainActor final class ChatHistory {
    /// The tools that the user has approved for the session: a hector-tool forgets them, as another
    /// one is started with each change of the agent, and after ^C.
    let approvals: MemoryFile

    /// The session; nil until there is something to keep.
    private(set) var session: Session?

    /// The messages of each run.
    private(set) var runs: [[Value]] = []

    /// Nil if nothing was asked since this conversation began or was taken up.
    private(set) var last: LastRun?

    /// The time by which the session has the last run; nil if it has not.
    private var lastTime: String?

    /// False for a script, which keeps only a session that was named.
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
    /// - Parameter replaces: True to forget the last question and its answer once this one has an
    ///   answer. False is meant where there is nothing to replace.
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

    /// Takes notice of what happens in the run.
    func add(_ event: Event, run: String) {
        last?.transcript.add(event, run: run, time: "\(Timestamp.now)")
    }

    /// Keeps what the run has come to.
    ///
    /// - Throws: `Failure` if the session cannot be written.
    func keep(_ outcome: AgentRun.Outcome) throws {
        guard let replaces = last?.replaces else { return }
        last?.answer = outcome.failure == nil ? outcome.answer : nil
        // A retry that fails leaves the answer that it was to replace.
        if outcome.failure != nil, replaces { return }
        try store(outcome)
    }

    /// Keeps the part that came of an answer that was stopped.
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

    /// Begins a conversation with nothing said.
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

    // MARK: What was said

    func lastRun() throws(Failure) -> LastRun {
        if let last { return last }
        throw Failure(
            .usage,
            runs.isEmpty
                ? "nothing was asked yet" : "nothing was asked since the session was taken up")
    }

    /// Returns the last question, with the context that a command line gave to it.
    func lastMessage() throws(Failure) -> UserMessage {
        if let last { return last.transcript.message }
        if let message = runs.last?.first { return UserMessage(value: message) }
        throw Failure(.usage, "nothing was asked yet")
    }

    /// Returns the last answer, or the part of it that came.
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

    /// Returns the conversation as a record, in the form that filters pass on.
    func record() throws(Failure) -> String {
        _ = try answer()
        var record: Members = ["id": "1"]
        if let last { record.append("results", .array(last.transcript.passages)) }
        record.append("messages", .array(messages))
        return Value.object(record).description
    }

    /// The conversation for people.
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

/// A question, the messages before it, and what it has come to.
struct LastRun {
    /// The plan of the agent that answered.
    let plan: AgentPlan
    var transcript: Transcript
    let history: [Value]
    var answer: String?

    /// True if the last of the conversation's runs answers this question.
    var isKept: Bool

    /// True if its answer takes the place of the one before.
    let replaces: Bool
}
