package import ChatModel
package import FilterKit
internal import JSON
internal import JSONSchema
package import PluginFilterKit
package import PluginHost

/// Runs single calls of tools, none of which it trusts: the arguments have to
/// fit, somebody has to approve, and what comes back is not too long.
package struct ToolRunner: Sendable {
    private let toolbox: Toolbox
    private let approval: Approval
    private let slots: Slots

    /// In bytes.
    private let mostOutput: Int

    /// Calls that run at a time when nobody said how many.
    package static let defaultJobs = 8

    /// - Parameters:
    ///   - jobs: How many tools may run at a time.
    ///   - mostOutput: Of a tool's output the model gets so many bytes.
    package init(_ toolbox: Toolbox, _ approval: Approval, jobs: Int = defaultJobs, mostOutput: Int)
    {
        self.toolbox = toolbox
        self.approval = approval
        self.mostOutput = mostOutput
        slots = Slots(jobs)
    }

    /// Why no further call can succeed, once that is so.
    var failure: Failure? { toolbox.failure }

    var restarts: Int { toolbox.restarts }

    /// A call whose tool is there and whose arguments fit it.
    package struct Ready: Sendable {
        let offer: Toolbox.Offer
        let arguments: Value
        let question: ToolQuestion
        let verdict: Permissions.Verdict

        /// Whether somebody has to be asked.
        var isQuestion: Bool { verdict == .ask }
    }

    /// Finds the tool and checks the arguments.
    ///
    /// - Throws: `PluginError` if nobody knows which tools there are.
    package func prepare(_ call: ToolCall) async throws(PluginError) -> Result<
        Ready, RecordError
    > {
        guard let offer = try await toolbox.offer(named: call.name) else {
            let names = try await toolbox.offers().map(\.tool.name).joined(separator: ", ")
            let reason =
                toolbox.reasonForAbsence(of: call.name) ?? "there is no tool '\(call.name)'"
            return .failure(
                RecordError("unknown_tool", names.isEmpty ? reason : "\(reason), only \(names)"))
        }
        do {
            let arguments = try check(call.arguments, offer)
            let question = ToolQuestion(
                tool: offer.tool, pluginName: offer.pluginName, callID: call.id,
                arguments: arguments)
            return .success(
                Ready(
                    offer: offer, arguments: arguments, question: question,
                    verdict: approval.verdict(on: offer)))
        } catch {
            return .failure(error)
        }
    }

    /// Asks somebody, if that is necessary.
    ///
    /// - Returns: Why the call may not be made, or nil if it may.
    package func permit(_ ready: Ready) async -> RecordError? {
        let decision: Approval.Decision =
            switch ready.verdict {
            case .run: .approved
            case .refuse(let rule): approval.refuse(ready.offer, by: rule)
            case .ask: await approval.ask(ready.question, ready.offer)
            }
        guard case .denied(let reason) = decision else { return nil }
        return RecordError(RecordError.denied, reason)
    }

    /// Makes a call that is permitted.
    ///
    /// - Parameter onReport: Gets how far the tool has come, as often as it says so.
    package func execute(
        _ ready: Ready, onReport: @Sendable (Tools.Report) async -> Void = { _ in }
    ) async -> Result<Tools.Output, RecordError> {
        await slots.with {
            if Task.isCancelled { return .failure(RecordError(.interruption)) }
            do throws(PluginError) {
                var output = try await ready.offer.provider.execute(
                    ready.offer.ownName, arguments: "\(ready.arguments)", onReport: onReport)
                output.content = cut(output.content)
                return .success(output)
            } catch {
                let error = RecordError(error)
                return .failure(
                    RecordError(error.code, cut(error.message), isRetryable: error.isRetryable))
            }
        }
    }

    private func check(_ text: String, _ offer: Toolbox.Offer) throws(RecordError) -> Value {
        let arguments: Value
        do throws(JSONError) {
            arguments = try Value(parsing: Array((text.isEmpty ? "{}" : text).utf8))
        } catch {
            throw RecordError("invalid_arguments", "the arguments are not JSON: \(error)")
        }
        guard case .object = arguments else {
            throw RecordError(
                "invalid_arguments", "the arguments are \(arguments.kind), not an object")
        }
        switch offer.schema {
        case .failure(let error):
            throw RecordError(
                "invalid_schema",
                "plugin '\(offer.pluginName)' describes the arguments wrongly: \(error)")
        case .success(let schema):
            let problems = schema.problems(with: arguments)
            if problems.isEmpty { return arguments }
            throw RecordError(
                "invalid_arguments",
                "the arguments do not fit: " + problems.map(\.description).joined(separator: "; "))
        }
    }

    /// At most as many bytes as may be, and a note if there were more.
    private func cut(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count > mostOutput else { return text }
        var end = bytes.index(bytes.startIndex, offsetBy: mostOutput)
        // Not within a character's bytes.
        while end > bytes.startIndex, bytes[end] & 0xc0 == 0x80 { end = bytes.index(before: end) }
        let kept = text[..<end]
        return "\(kept)\n[cut: these are the first \(kept.utf8.count) of \(bytes.count) bytes]"
    }
}

extension RecordError {
    /// The code of a call that was not permitted.
    static let denied = "denied"
}

extension PluginError {
    static let interruption = PluginError(.cancelled, "interrupted")
}
