import Agent
import Configuration
import FilterKit
import FilterProcesses
import Glibc
import JSON
import Shell
import Synchronization
import Unix

/// What a line of a person's or of a script's does.
///
/// It works on the main thread and blocks it; what takes time is done by tasks, which it hears of
/// in its mailbox.
@MainActor final class Interpreter {
    let isInteractive = isStandardInputTerminal
    let environment = Environment.current
    let mailbox: Mailbox<Message>
    let screen: Screen
    let config: String?
    private let options: AgentOptions
    private let trace: Trace?
    private let keepsSession: Bool

    /// The tools that the user has approved for the session: a hector-tool forgets them, as it is
    /// started anew with each change of the agent, and after ^C.
    let approvals: MemoryFile

    var preferences: Preferences
    private var agentName: String?
    private(set) var plan: AgentPlan
    private var runningAgent: RunningAgent?

    /// Nil before there is something to keep.
    var session: Session?

    /// The messages of each run of the session.
    var exchanges: [[Value]] = []

    /// The time by which the session has the last of them; nil if it has not.
    private var lastTime: String?

    /// The last run, the messages before it, and what it answered.
    var last: Asked?

    struct Asked {
        /// The plan by which it was answered.
        let plan: AgentPlan
        var transcript: Transcript
        let history: [Value]
        var answer: String?
        /// Whether the last of the exchanges answers this question.
        var isKept: Bool
    }

    private var runs = 0
    private var onEvent: ((Event) -> Void)?
    private var isInterrupted = false

    /// The signal that asks this process to end, or 0.
    private(set) var ending: Int32 = 0

    /// The line of a script that is carried out.
    var scriptLine: Int?

    /// The file that it is in; nil for standard input.
    var scriptFile: String?

    /// Whether a script goes on after a failure.
    let keepsGoing: Bool

    /// How many scripts have run the one under way.
    var scriptDepth = 0

    /// Whether `.exit` was given.
    var isLeaving = false

    init(_ command: HectorShell) throws {
        mailbox = try Mailbox()
        options = command.agent
        config = command.agent.config
        agentName = command.agent.agent
        keepsGoing = command.keepGoing
        screen = Screen(isInteractive: isInteractive, environment: environment)
        approvals = try MemoryFile()
        var overrides = command.agent.overrides(permissions: command.permissions)
        overrides.sessionApprovals = approvals.path
        overrides.tellsStart = isInteractive
        preferences = Preferences(
            overrides, streams: command.stream, isStyled: screen.isStyled)
        plan = try options.plan(preferences.overrides, named: agentName)
        trace = try command.trace.map { path throws(SystemError) in try Trace(creating: path) }
        trace?.begin(plan)
        keepsSession = !command.session.noSession && isInteractive
        if let session = try command.session.chosen(environment: environment) {
            try goOn(with: session)
        }
        Diagnostics.divert { [mailbox] text in mailbox.post(.talk(text)) }
        let suspending = isInteractive ? [SIGTSTP, SIGWINCH] : []
        if isInteractive { signal(SIGQUIT, SIG_IGN) }
        onSignals([SIGINT, SIGTERM, SIGHUP] + suspending) { [mailbox] signal in
            mailbox.post(.signal(signal))
            // The main thread waits for a job and for nothing else.
            if [SIGTERM, SIGHUP].contains(signal) { ForegroundJob.end(by: signal) }
        }
        startShift()
    }

    /// Ends all filters, and then this process.
    func end(_ status: Int32) -> Never {
        if let runningAgent {
            self.runningAgent = nil
            _ = perform { await runningAgent.stop() }
        }
        Diagnostics.divert(to: nil)
        settle()
        if let problem = trace?.problem {
            Diagnostics.error("\(problem)")
            endProcess(ExitStatus.ioError.rawValue)
        }
        if ending != 0 { die(of: ending) }
        endProcess(status)
    }

    // MARK: The agent

    private func startShift() {
        runningAgent = RunningAgent(plan, environment: environment, trace: trace)
    }

    /// The shift, a new one if the last can do nothing any more.
    func currentShift() throws -> RunningAgent {
        if let runningAgent, !runningAgent.hasFailed { return runningAgent }
        let next = try options.plan(preferences.overrides, named: agentName)
        replaceShift(by: next)
        return runningAgent!
    }

    /// The names of the agent's tools, as far as they are known by now.
    var toolNames: [String] {
        guard let runningAgent else { return [] }
        return runningAgent.toolNames.isEmpty ? listedTools : runningAgent.toolNames
    }

    /// What `.tools` has shown.
    var listedTools: [String] = []

    /// Ends the filters in the background, and starts those of another plan.
    private func replaceShift(by plan: AgentPlan) {
        if let runningAgent { Task.detached { await runningAgent.stop() } }
        self.plan = plan
        listedTools = []
        startShift()
    }

    /// Starts the agent anew with other choices, or another agent.
    ///
    /// - Throws: Why it cannot be; then all is as before.
    func change(agent name: String? = nil, _ body: (inout Preferences) throws -> Void) throws {
        var next = preferences
        try body(&next)
        let plan = try options.plan(next.overrides, named: name ?? agentName)
        preferences = next
        agentName = name ?? agentName
        replaceShift(by: plan)
    }

    /// - Throws: `Failure`.
    func settings() throws -> Settings? {
        do { return try Settings.load(explicit: config, environment: environment) } catch {
            throw Failure(error)
        }
    }

    // MARK: Work

    /// Does something that takes time, and shows meanwhile what happens. ^C cancels it.
    func perform<R: Sendable>(
        _ body: @escaping @Sendable () async throws -> R
    ) -> Result<R, any Error> {
        isInterrupted = false
        let outcome = Outcome<R>()
        let task = Task.detached { [mailbox] in
            let result: Result<R, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
            mailbox.post(.done)
        }
        while true {
            for message in mailbox.wait(atMost: screen.longestWait) {
                switch message {
                case .done: break
                case .talk(let text): screen.talk(text)
                case .event(let event, let continuation):
                    onEvent?(event)
                    continuation.resume()
                case .signal(SIGTSTP): stop(by: SIGTSTP)
                case .signal(SIGWINCH): break
                case .signal(let signal):
                    isInterrupted = true
                    if signal == SIGINT, isInteractive {
                        screen.beginLineAfterKey()
                    } else {
                        ending = signal
                    }
                    task.cancel()
                }
            }
            if let result = outcome.value.withLock({ $0 }) { return result }
            screen.spin()
        }
    }

    private final class Outcome<R: Sendable>: Sendable {
        let value = Mutex<Result<R, any Error>?>(nil)
    }

    /// Tells why something failed, after all that was said before.
    func tell(_ message: String) {
        settle()
        let file = scriptFile.map { "\($0): " } ?? ""
        let place = scriptLine.map { "\(file)line \($0): " } ?? ""
        screen.talk(
            VisibleText(message: "\(Diagnostics.programName): \(place)\(message)\n").description)
    }

    /// Shows what was said while nobody was told.
    func settle() {
        for message in mailbox.takeAll() {
            switch message {
            case .talk(let text): screen.talk(text)
            case .event(_, let continuation): continuation.resume()
            case .signal(SIGTERM): ending = SIGTERM
            case .signal(SIGHUP): ending = SIGHUP
            case .signal(SIGINT): if !isInteractive { ending = SIGINT }
            case .signal, .done: break
            }
        }
    }

    /// Has this process end by a signal as soon as it can.
    func end(by signal: Int32) { ending = signal }

    // MARK: Questions

    /// Asks the agent.
    ///
    /// - Parameter replaces: Whether the last question and its answer are forgotten.
    /// - Returns: The exit status that a script would have.
    func ask(_ question: String, replaces: Bool = false) throws -> Int32 {
        if question.isEmpty { return 0 }
        return try ask(UserMessage(question), replaces: replaces)
    }

    func ask(_ message: UserMessage, replaces: Bool) throws -> Int32 {
        let runningAgent = try currentShift()
        // What has no answer has no place that another could take.
        let replaces = replaces && last?.isKept != false && !exchanges.isEmpty
        runs += 1
        let (id, plan) = ("\(runs)", plan)
        let history = exchanges.dropLast(replaces ? 1 : 0).flatMap { $0 }
        let streams =
            preferences.streams ?? (isStandardOutputTerminal || plan.tools.isEmpty)
        last = Asked(
            plan: plan, transcript: Transcript(message), history: history,
            isKept: replaces)
        trace?.note(Question(run: id, message: message, history: history))
        screen.beginAnswer()
        onEvent = { [self] event in
            last?.transcript.add(event, run: id, time: "\(Timestamp.now)")
            screen.show(event, streams: streams)
        }
        let result = perform { [mailbox] in
            let stages = try await runningAgent.stages()
            return try await AgentRun(plan, stages, id: id)
                .run(message, history: history) { event in
                    await withCheckedContinuation { mailbox.post(.event(event, $0)) }
                }
        }
        onEvent = nil
        // What came is kept before more is shown: there may be nobody who reads it any more.
        let status = Result { try conclude(result, replaces: replaces) }
        screen.endLine()
        if isInterrupted, (try? result.get().failure == nil) != true {
            if isInteractive { screen.note(Transcript.cutMark) }
            renewShift()
        }
        return try status.get()
    }

    private func conclude(
        _ result: Result<AgentRun.Outcome, any Error>, replaces: Bool
    ) throws -> Int32 {
        switch result {
        case .success(let outcome) where isInterrupted && outcome.failure != nil:
            return try keepCut(replaces: replaces)
        case .success(let outcome):
            last?.answer = outcome.failure == nil ? outcome.answer : nil
            if let failure = outcome.failure {
                // A retry that fails leaves what it was to replace.
                if !replaces { try keep(outcome, replaces: false) }
                throw Failure(failure.status, failure.summary)
            }
            try keep(outcome, replaces: replaces)
            return (outcome.hasDenied ? ExitStatus.notPermitted : .success).rawValue
        case .failure(let error) where isInterrupted:
            _ = error
            return try keepCut(replaces: replaces)
        case .failure(let error as StageError):
            throw Failure(error.status, error.summary)
        case .failure(let error): throw error
        }
    }

    /// Keeps what came of an answer that was stopped.
    private func keepCut(replaces: Bool) throws -> Int32 {
        if let transcript = last?.transcript {
            last?.answer = transcript.text
            try keep(
                AgentRun.Outcome(
                    answer: transcript.text, messages: transcript.cutMessages, tokens: 0,
                    hasDenied: false),
                replaces: replaces)
        }
        return 128 + SIGINT
    }

    /// Has the filters stop for certain what was stopped: some have had the ^C themselves, and
    /// others would go on with an answer that costs. Others start in the background.
    private func renewShift() {
        guard ending == 0, let runningAgent else { return }
        self.runningAgent = nil
        let asks = !runningAgent.plan.tools.isEmpty
        let stopping = Task.detached { await runningAgent.stop() }
        if asks {
            // A tool that waits for an approval must not get what is typed next.
            _ = perform { await Self.wait(for: stopping, atMost: .seconds(1)) }
        }
        startShift()
    }

    private nonisolated static func wait(
        for task: Task<Void, Never>, atMost longest: Duration
    ) async {
        await withTaskGroup { group in
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            Task.detached {
                await task.value
                end.finish()
            }
            group.addTask { for await _ in ends {} }
            group.addTask { try? await Task.sleep(for: longest) }
            await group.next()
            group.cancelAll()
        }
    }

    private func keep(_ outcome: AgentRun.Outcome, replaces: Bool) throws {
        if replaces { _ = exchanges.popLast() }
        exchanges.append(outcome.messages)
        last?.isKept = true
        let replaced = replaces ? lastTime : nil
        lastTime = nil
        if session == nil, keepsSession { session = try Session.new(environment: environment) }
        guard let session else { return }
        (lastTime, self.session) = try session.append(
            outcome, agent: plan.name, replaces: replaced)
    }

    /// Begins with nothing said.
    func forget() {
        exchanges = []
        lastTime = nil
        last = nil
    }

    /// Goes on with what was said in a session.
    func goOn(with session: Session) throws {
        let entries = try session.entries()
        exchanges = entries.map(\.messages)
        lastTime = entries.last?.time
        if session.name != self.session?.name { approvals.clear() }
        self.session = session
        last = nil
    }

    /// Runs a tool for the user.
    func call(_ name: String, arguments: String) throws -> Value {
        let runningAgent = try currentShift()
        runs += 1
        let (id, plan) = ("\(runs)", plan)
        let result = perform {
            try await AgentRun(plan, runningAgent.stages(), id: id)
                .call(name, arguments: arguments) { _ in }
        }
        return try value(of: result)
    }

    /// What work has come to.
    ///
    /// - Throws: `Failure`, or `CancellationError` if this process is to end.
    func value<R>(of result: Result<R, any Error>) throws -> R {
        if isInterrupted {
            renewShift()
            // Nobody is told of what this process's end has stopped.
            if ending != 0 { throw CancellationError() }
            throw Failure(.incomplete, "stopped")
        }
        do { return try result.get() } catch let error as StageError {
            throw Failure(error.status, error.summary)
        }
    }
}
