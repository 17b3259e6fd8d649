package import FilterKit
package import JSON
internal import PluginFilterKit
package import PluginHost
package import Waiting

/// The request made to a strategy.
package enum ReasonStep: String, CaseIterable, Sendable {
    /// Begins an iteration, and gets the text that the model is to read before it.
    case prepare
    /// Gets only that text.
    case inject
    /// Asks whether the model's last message ends the run.
    case stop
    /// Ends an iteration whose tools have run.
    case after
    case slots
    case info
}

/// Passes each record's state to a strategy, and adds its decision as `reasoning`.
package struct ReasonStage: FilterStage {
    package let name = "reason"

    private let strategy: Strategy
    private let step: ReasonStep?
    private let options: FilterOptions

    private static let defaultJobs = 8

    /// - Parameter step: The step; nil to decide by the record: by its `step`, or by its messages
    ///   so far.
    package init(_ strategy: Strategy, step: ReasonStep?, _ options: FilterOptions) {
        self.strategy = strategy
        self.step = step
        self.options = options
    }

    package var capacity: Capacity {
        Capacity(unit: 1, parallel: options.jobs ?? Self.defaultJobs)
    }

    package var failure: Failure? { strategy.plugin.failure.map(Failure.init) }

    package var restarts: Int? { strategy.plugin.restarts }

    package func process(_ records: [Record], _ ticket: TicketLock.Ticket?) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for record in records {
            do {
                outcomes.append(.record(try await decide(on: record)))
            } catch let error as RecordError {
                outcomes.append(.failure(error))
            } catch let error as PluginError {
                outcomes.append(.failure(RecordError(error)))
            } catch {
                outcomes.append(.failure(RecordError("invalid_record", "\(error)")))
            }
        }
        return outcomes
    }

    private func decide(on record: Record) async throws -> Record {
        let progress = try AgentProgress(record, field: options.field)
        let step = try step ?? progress.step(askedBy: record)
        var decision: Members = ["step": .string(step.rawValue)]
        var customState: [String: String]?
        switch step {
        case .prepare:
            var state = progress.state(beforeAnswer: true)
            decision.append("iteration", state.iterationNumber)
            state.customState = try await strategy.prepareIteration(state)
            decision.append("context", .string(try await strategy.contextInjection(state)))
            customState = state.customState
        case .inject:
            let state = progress.state(beforeAnswer: true)
            decision.append("iteration", state.iterationNumber)
            decision.append("context", .string(try await strategy.contextInjection(state)))
        case .stop:
            let state = progress.state(beforeAnswer: false)
            let answer = try await strategy.shouldStop(after: try progress.answer(), state)
            decision.append("iteration", state.iterationNumber)
            decision.append("stop", .bool(answer.stop))
            customState = answer.customState
        case .after:
            let state = progress.state(beforeAnswer: false)
            decision.append("iteration", state.iterationNumber)
            customState = try await strategy.afterIteration(
                try progress.answerWithResults(), state)
        case .slots:
            decision.append("prompt_slots", .object(try await strategy.promptSlots().members))
        case .info:
            for (key, value) in try await strategy.info().members { decision.append(key, value) }
        }
        var record = record
        if let customState {
            let state = progress.stateMembers(replacing: customState)
            record.set("state", json: Array(Value.object(state).description.utf8))
        }
        record.set("reasoning", json: Array(Value.object(decision).description.utf8))
        return record
    }
}

extension Strategy.State {
    fileprivate var iterationNumber: Value { .number(String(iteration)) }
}

extension Strategy.PromptSlots {
    package var members: Members {
        [
            "system_role": .string(systemRole),
            "reasoning_instructions": .string(reasoningInstructions),
            "tool_usage": .string(toolUsage), "output_format": .string(outputFormat),
            "communication_style": .string(communicationStyle), "additional": .string(additional),
        ]
    }
}

extension Strategy.Info {
    package var members: Members {
        ["name": .string(name), "description": .string(description)]
    }
}
