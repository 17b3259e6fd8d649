package import FilterKit
package import FilterProcesses
internal import JSON
internal import Synchronization
internal import Taint
internal import Unix

/// An earlier trace, from which an agent runs again without its stages.
package final class Recording: Sendable {
    package let agent: String

    /// True if the agent had tools.
    package let hasTools: Bool

    /// The document stores that were named instead of the agent's.
    package let stores: [String]
    package let questions: [Question]

    /// The question to each stage and its answers, by the stage and the id of the record.
    private let exchanges: [Key: Exchange]
    private let greetings: [String: Record]

    /// The first difference between the run and the recorded one.
    private let departure = Mutex<StageError?>(nil)

    private struct Key: Hashable {
        let stage: String
        let id: String
    }

    private struct Exchange: Sendable {
        /// The line in the trace, counted from 1.
        let line: Int
        let asked: [UInt8]
        var answers: [Record] = []
    }

    private static let largestFile = 1 << 30

    /// - Throws: An error if the file cannot be read or is not a trace.
    package init(path: String) throws(Failure) {
        let bytes: [UInt8]
        do { bytes = try File.readText(path, limit: Self.largestFile).bytes } catch {
            throw Failure(.badInput, "\(error)")
        }
        var agent: String?
        var hasTools = true
        var stores: [String] = []
        var questions: [Question] = []
        var exchanges: [Key: Exchange] = [:]
        var greetings: [String: Record] = [:]
        // By the same rule as then.
        var correspondences: [String: Correspondence<String>] = [:]
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 <= 0x20 }) {
            let number = index + 1
            // Only the last line can have been cut short by the end of the run.
            guard let value = try? Value(parsing: line) else {
                if number >= lines.count, agent != nil { break }
                throw Failure(.badInput, "'\(path)' line \(number) is no line of a trace")
            }
            if agent == nil {
                guard value["trace"]?.int == Trace.version, let name = value["agent"]?.string else {
                    throw Failure(.badInput, "'\(path)' is no trace of this version of hector")
                }
                agent = name
                hasTools = value["tools"]?.bool ?? true
                stores = (value["stores"]?.array ?? []).compactMap(\.string)
                continue
            }
            if let question = Question(value) {
                questions.append(question)
                continue
            }
            guard let stage = value["stage"]?.string, let text = value["line"]?.string,
                let direction = value["direction"]?.string.flatMap(LineDirection.init),
                let record = try? Record(Array(text.utf8))
            else { throw Failure(.badInput, "'\(path)' line \(number) is no line of a trace") }
            let greets = Correspondence<String>.greets(stage: stage)
            var correspondence = correspondences[stage] ?? Correspondence(greets: greets)
            defer { correspondences[stage] = correspondence }
            let id = record.value("id")?.string
            switch direction {
            case .to:
                guard let id else { continue }
                exchanges[Key(stage: stage, id: id)] = Exchange(line: number, asked: record.bytes)
                correspondence.send(id, waiter: id)
            case .from where StageError(record) != nil:
                if let id {
                    exchanges[Key(stage: stage, id: id)]?.answers.append(record)
                } else {
                    greetings[stage] = record
                }
            case .from:
                switch correspondence.receive(id, isEvent: record.has("event")) {
                case .waiter(let id):
                    exchanges[Key(stage: stage, id: id)]?.answers.append(record)
                case .greeting: greetings[stage] = record
                case .nobody, .unknown: break
                }
            }
        }
        guard let agent else { throw Failure(.badInput, "'\(path)' is no trace: it is empty") }
        self.agent = agent
        self.hasTools = hasTools
        self.stores = stores
        self.questions = questions
        self.exchanges = exchanges
        self.greetings = greetings
    }

    /// The difference between the run and the recorded one, if there is one.
    package var difference: StageError? { departure.withLock { $0 } }

    func stage(_ name: String) -> any AgentStage { RecordedStage(name: name, recording: self) }

    fileprivate func greeting(of stage: String) throws(StageError) -> Record {
        guard let record = greetings[stage] else {
            throw depart(stage, "the trace has nothing that stage '\(stage)' said at its start")
        }
        return record
    }

    fileprivate func answers(
        of stage: String, to record: Record, id: String
    ) throws(StageError) -> [Record] {
        guard let exchange = exchanges[Key(stage: stage, id: id)] else {
            throw depart(stage, "the trace has no record '\(id)' for stage '\(stage)'")
        }
        guard exchange.asked == record.bytes || Self.isSame(exchange.asked, record.bytes) else {
            throw depart(
                stage,
                "line \(exchange.line) of the trace: stage '\(stage)' is asked something else: "
                    + Self.difference(exchange.asked, record.bytes))
        }
        guard exchange.answers.contains(where: \.isLast) else {
            throw depart(
                stage, "line \(exchange.line) of the trace: stage '\(stage)' never answered this")
        }
        return exchange.answers
    }

    /// True if two records differ at most in marks: another user, for whom a run is played back, has
    /// another key.
    private static func isSame(_ before: [UInt8], _ now: [UInt8]) -> Bool {
        guard let before = try? Value(parsing: before), let now = try? Value(parsing: now) else {
            return false
        }
        return before.withoutMarks.canonical == now.withoutMarks.canonical
    }

    private func depart(_ stage: String, _ message: String) -> StageError {
        let error = StageError(stage, "departed", message)
        departure.withLock { $0 = $0 ?? error }
        return error
    }

    /// Returns the place where two lines differ, with a small part of each.
    private static func difference(_ before: [UInt8], _ now: [UInt8]) -> String {
        let same = zip(before, now).prefix { $0 == $1 }.count
        func part(_ line: [UInt8]) -> String {
            let start = max(0, same - 20)
            let text = String(decoding: line[min(start, line.count)...].prefix(60), as: UTF8.self)
            return (start > 0 ? "…" : "") + text
        }
        return "'\(part(before))' then, '\(part(now))' now (byte \(same))"
    }
}

/// A stage that answers from a recording.
private final class RecordedStage: AgentStage {
    let name: String
    private let recording: Recording
    private let failure = Mutex<StageError?>(nil)

    init(name: String, recording: Recording) {
        self.name = name
        self.recording = recording
    }

    var hasFailed: Bool { failure.withLock { $0 != nil } }

    func answer(
        _ record: Record, id: String, onEvent: (Record) async throws -> Void
    ) async throws -> Record {
        for answer in try recording.answers(of: name, to: record, id: id) {
            try fail(answer)
            guard answer.has("event") else {
                return try answer.checked(by: name)
            }
            try await onEvent(answer)
        }
        throw CancellationError()
    }

    func greeting() throws -> Record {
        let record = try recording.greeting(of: name)
        try fail(record)
        return record
    }

    /// Throws the recorded failure, if the record is one.
    private func fail(_ record: Record) throws(StageError) {
        guard let error = StageError(record) else { return }
        failure.withLock { $0 = error }
        throw error
    }

    func end() {}
}

extension Value {
    fileprivate var withoutMarks: Value {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutMarks))
        case .object(let members):
            .object(
                Members(
                    members.filter {
                        $0.key != TaintMark.sourcesKey && $0.key != TaintMark.digestKey
                    }.map { ($0.key, $0.value.withoutMarks) }))
        default: self
        }
    }
}

extension Record {
    /// True for a record that ends an exchange: an answer, or a failure to answer.
    fileprivate var isLast: Bool { !has("event") || StageError(self) != nil }
}
