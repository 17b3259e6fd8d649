internal import ChatModel
package import FilterKit
package import JSON
internal import PluginFilterKit
internal import PluginHost
internal import Synchronization
internal import Taint
package import Waiting

/// Makes the calls that each record's last message asks for, and adds a message
/// with the result of each.
///
/// A failed call is reported to the model, and the record goes on.
package final class ToolStage: FilterStage {
    package let name = "tool"

    private let runner: ToolRunner
    private let parallel: Int
    private let events: InterimOutput?
    private let refresh: (@Sendable () async throws -> Members?)?
    private let progress: CallProgressLine?
    private let hasDenied = Atomic<Bool>(false)
    private let hasFailed = Atomic<Bool>(false)
    private let hasWarned = Atomic<Bool>(false)

    /// The user's key; nil if there is none, and then nothing is known to be clean.
    private let key: TaintKey?

    /// - Parameters:
    ///   - events: The place to report tools' progress, and changed lists of tools; nil for none.
    ///   - refresh: Returns the tools that there are after the calls, if they differ from those
    ///     before.
    package init(
        _ runner: ToolRunner, _ options: FilterOptions, events: InterimOutput? = nil,
        refresh: (@Sendable () async throws -> Members?)? = nil
    ) {
        self.runner = runner
        self.events = events
        self.refresh = refresh
        parallel = options.jobs ?? ToolRunner.defaultJobs
        key = try? TaintKey.ofUser.get()
        progress = options.progress && !options.quiet ? CallProgressLine() : nil
    }

    package var capacity: Capacity { Capacity(unit: 1, parallel: parallel) }

    package var failure: Failure? { runner.failure }

    package var restarts: Int? { runner.restarts }

    /// Returns the status of the run: a denied call is never a success.
    package func status(_ report: Report) -> ExitStatus {
        if hasDenied.load(ordering: .relaxed) { return .notPermitted }
        return hasFailed.load(ordering: .relaxed) ? .incomplete : report.status
    }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for record in records {
            do {
                outcomes.append(.record(try await answerCalls(of: record)))
            } catch let error as RecordError {
                outcomes.append(.failure(error))
            } catch let error as PluginError {
                outcomes.append(.failure(RecordError(error)))
            } catch {
                outcomes.append(.failure(RecordError("invalid_messages", "\(error)")))
            }
        }
        return outcomes
    }

    private func answerCalls(of record: Record) async throws -> Record {
        let calls = try record.pendingCalls()
        if calls.isEmpty { return record }
        if case .failure(let error) = TaintKey.ofUser,
            !hasWarned.exchange(true, ordering: .relaxed)
        {
            Diagnostics.warn("every conversation counts as tainted: \(error)")
        }
        let results = try await run(calls, of: record)
        progress?.clear()
        if let events, let tools = try await refresh?() {
            await events.say(event("tools", of: record, tools))
        }
        // A cancelled run does not write a record that would report some calls wrongly.
        if Task.isCancelled { throw PluginError.interruption }
        var record = record
        for (call, answer) in zip(calls, results) {
            if case .failure(let error) = answer.result {
                if error.code == RecordError.denied {
                    hasDenied.store(true, ordering: .relaxed)
                } else {
                    hasFailed.store(true, ordering: .relaxed)
                }
            }
            try record.append(message(call, answer), toArray: "messages")
        }
        return record
    }

    /// The result of a call.
    private struct Answer: Sendable {
        let result: Result<Tools.Output, RecordError>

        /// True if others may have written what is in it: it is a tool's, and not this program's.
        var isForeign = false
    }

    /// Runs the calls side by side. Questions are asked in the order of the calls, and do not delay
    /// calls that need none.
    private func run(_ calls: [ToolCall], of record: Record) async throws -> [Answer] {
        // The call at which the model's answer was cut off.
        let cut = record.cutOffCall
        var prepared: [Result<ToolRunner.Ready, ToolRunner.Unready>] = []
        for (call, origin) in zip(calls, CallOrigin.all(of: calls, in: record, key: key)) {
            prepared.append(
                call.id == cut && call.isUnfinished
                    ? .failure(ToolRunner.Unready(error: .cutOff))
                    : try await runner.prepare(call, from: origin))
        }
        return await withTaskGroup { group in
            var results = [Answer?](repeating: nil, count: calls.count)
            var questions: [(Int, ToolRunner.Ready)] = []
            for (index, call) in prepared.enumerated() {
                switch call {
                case .failure(let unready):
                    results[index] = Answer(
                        result: .failure(unready.error), isForeign: unready.isForeign)
                case .success(let ready) where ready.isQuestion: questions.append((index, ready))
                case .success(let ready):
                    if let error = await runner.permit(ready) {
                        results[index] = Answer(result: .failure(error))
                    } else {
                        group.addTask { (index, await self.execute(ready, calls[index], record)) }
                    }
                }
            }
            for (index, ready) in questions {
                if let error = await runner.permit(ready) {
                    results[index] = Answer(result: .failure(error))
                } else {
                    group.addTask { (index, await self.execute(ready, calls[index], record)) }
                }
            }
            for await (index, result) in group { results[index] = result }
            return results.compactMap { $0 }
        }
    }

    private func execute(
        _ ready: ToolRunner.Ready, _ call: ToolCall, _ record: Record
    ) async -> Answer {
        let result = await runner.execute(ready) { report in
            progress?.show(report, of: call.name)
            guard let events else { return }
            var members: Members = [
                "tool_call_id": .string(call.id), "name": .string(call.name),
                "progress": number(report.done),
            ]
            if let total = report.total { members.append("total", number(total)) }
            if !report.message.isEmpty { members.append("message", .string(report.message)) }
            await events.say(event("tool_progress", of: record, members))
        }
        guard case .success(let output) = result else {
            // The reason may name files, or be what a server said.
            return Answer(result: result, isForeign: true)
        }
        return Answer(
            result: result,
            isForeign: ready.available.tool.hasForeignResults
                || output.metadata[Tools.Output.foreign] == "true")
    }

    private func number(_ value: Double) -> Value {
        .number(Int(exactly: value).map(String.init) ?? (value.isFinite ? "\(value)" : "0"))
    }

    /// Returns a line about a record that is still in work.
    private func event(_ name: String, of record: Record, _ members: Members) -> [UInt8] {
        var line: Members = ["event": .string(name)]
        if let id = record.value("id") ?? record.value("custom_id") { line.append("id", id) }
        for (key, value) in members { line.append(key, value) }
        return Array("\(Value.object(line))".utf8)
    }

    private func message(_ call: ToolCall, _ answer: Answer) -> [UInt8] {
        var message = Members([
            ("role", "tool"), ("tool_call_id", .string(call.id)), ("name", .string(call.name)),
        ])
        let content: String
        switch answer.result {
        case .success(let output):
            content = output.content
            message.append("content", .string(content))
            let metadata = output.metadata.filter { $0.key != Tools.Output.foreign }
                .sorted { $0.key < $1.key }
            if !metadata.isEmpty {
                message.append(
                    "metadata", .object(Members(metadata.map { ($0.key, .string($0.value)) })))
            }
        case .failure(let error):
            content = "Error: \(error.message)"
            message.append("content", .string(content))
            message.append(
                "error",
                .object([
                    "code": .string(error.code), "message": .string(error.message),
                    "retryable": .bool(error.isRetryable),
                ]))
        }
        let mark = TaintMark(
            result: content, callID: call.id,
            sources: TaintSources(answer.isForeign ? [TaintSources.tool(call.name)] : []), key: key)
        for (key, value) in mark.members { message.append(key, value) }
        return Array("\(Value.object(message))".utf8)
    }
}

extension Tools.Output {
    /// The member of the metadata by which a tool that stays on this machine says that others may
    /// have written what it returns: a file's text, the names in a folder.
    fileprivate static let foreign = "foreign"
}

extension Record {
    /// The id of the call at which the model's last answer may have been cut off.
    fileprivate var cutOffCall: String? {
        guard ["length", "max_tokens"].contains(value("finish_reason")?.string) else { return nil }
        let last = value("messages")?.array?.last { $0["role"]?.string == "assistant" }
        return last?["tool_calls"]?.array?.last?["id"]?.string
    }
}

extension ToolCall {
    /// True if the arguments are incomplete or have not begun.
    fileprivate var isUnfinished: Bool {
        (try? Value(parsing: Array(arguments.utf8)))?.object == nil
    }
}

extension RecordError {
    fileprivate static let cutOff = RecordError(
        "cut_off",
        "the call was cut off: the answer reached its limit of tokens (max_tokens) before the "
            + "arguments were complete, so it was not made; make it again with shorter arguments, "
            + "or in several calls")
}
