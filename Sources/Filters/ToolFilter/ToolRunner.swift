package import ChatModel
package import FilterKit
internal import JSON
internal import JSONSchema
package import PluginFilterKit
package import PluginHost
internal import Taint
internal import Waiting

/// Runs single calls of tools, none of which it trusts: the arguments have to match the schema, the
/// user or a program has to approve, and the length of the output is limited.
package struct ToolRunner: Sendable {
    private let toolbox: Toolbox
    private let approval: Approval
    private let permits: Semaphore

    /// The limit in bytes.
    private let mostOutput: Int

    /// The default number of calls that run at a time.
    package static let defaultJobs = 8

    /// - Parameters:
    ///   - jobs: The number of tools that may run at a time.
    ///   - mostOutput: The number of bytes of a tool's output that the model gets.
    package init(_ toolbox: Toolbox, _ approval: Approval, jobs: Int = defaultJobs, mostOutput: Int)
    {
        self.toolbox = toolbox
        self.approval = approval
        self.mostOutput = mostOutput
        permits = Semaphore(jobs)
    }

    /// The reason why no further call can succeed; nil while calls can.
    var failure: Failure? { toolbox.failure }

    var restarts: Int { toolbox.restarts }

    /// A call whose tool exists and whose arguments match its schema.
    package struct Ready: Sendable {
        let available: Toolbox.AvailableTool
        let question: ToolQuestion
        let verdict: Permissions.Verdict

        /// True if the user or a program has to be asked.
        var isQuestion: Bool { verdict == .ask || verdict == .askTainted }
    }

    /// A call that cannot be made.
    package struct Unready: Error {
        let error: RecordError

        /// True if others may have written a part of the message.
        var isForeign = false
    }

    /// Finds the tool and checks the arguments.
    ///
    /// - Throws: `PluginError` if the tools cannot be listed.
    package func prepare(
        _ call: ToolCall, from origin: CallOrigin
    ) async throws(PluginError) -> Result<Ready, Unready> {
        guard let available = try await toolbox.available(named: call.name) else {
            let names = try await toolbox.offers().map(\.tool.name).joined(separator: ", ")
            let absence = toolbox.reasonForAbsence(of: call.name)
            let reason = absence ?? "there is no tool '\(call.name)'"
            return .failure(
                Unready(
                    error: RecordError(
                        "unknown_tool", names.isEmpty ? reason : "\(reason), only \(names)"),
                    isForeign: absence != nil))
        }
        do {
            let sent = call.arguments.isEmpty ? "{}" : call.arguments
            let arguments = try check(sent, available)
            let isTainted = !origin.sources(forPlugin: available.pluginName).isEmpty
            let verdict = approval.verdict(on: available, isTainted: isTainted)
            let question = ToolQuestion(
                tool: available.tool, pluginName: available.pluginName, callID: call.id,
                arguments: arguments, sent: sent, origin: origin,
                isTainted: isTainted && available.tool.mayDoHarm,
                isForThisCallOnly: verdict == .askTainted)
            return .success(Ready(available: available, question: question, verdict: verdict))
        } catch {
            // It may quote the schema, which a server has written.
            return .failure(
                Unready(
                    error: error,
                    isForeign: available.tool.isOfServer || error.code == "invalid_schema"))
        }
    }

    /// Asks the user or a program, if that is necessary.
    ///
    /// - Returns: The reason why the call may not be made, or nil if it may.
    package func permit(_ ready: Ready) async -> RecordError? {
        let decision: Approval.Decision =
            switch ready.verdict {
            case .run: .approved
            case .refuse(let rule): approval.refuse(ready.available, by: rule)
            case .ask, .askTainted: await approval.ask(ready.question, ready.available)
            }
        guard case .denied(let reason) = decision else { return nil }
        return RecordError(RecordError.denied, reason)
    }

    /// Makes a call that is permitted.
    ///
    /// - Parameter onReport: Gets each of the tool's progress reports.
    package func execute(
        _ ready: Ready, onReport: @Sendable (Tools.Report) async -> Void = { _ in }
    ) async -> Result<Tools.Output, RecordError> {
        await permits.with {
            if Task.isCancelled { return .failure(RecordError(.interruption)) }
            do throws(PluginError) {
                var output = try await ready.available.provider.execute(
                    // The very bytes that were checked and shown.
                    ready.available.ownName, arguments: ready.question.sent, onReport: onReport)
                output.content = cut(output.content)
                return .success(output)
            } catch {
                let error = RecordError(error)
                return .failure(
                    RecordError(error.code, cut(error.message), isRetryable: error.isRetryable))
            }
        }
    }

    private func check(_ text: String, _ available: Toolbox.AvailableTool) throws(RecordError)
        -> Value
    {
        let arguments: Value
        do throws(JSONError) {
            arguments = try Value(parsing: Array(text.utf8))
        } catch {
            throw RecordError("invalid_arguments", "the arguments are not JSON: \(error)")
        }
        guard case .object = arguments else {
            throw RecordError(
                "invalid_arguments", "the arguments are \(arguments.kind), not an object")
        }
        // The plugin may read such a text in another way than it was checked and shown.
        if let problem = arguments.ambiguity(in: text) {
            throw RecordError("invalid_arguments", "the arguments are ambiguous: \(problem)")
        }
        switch available.schema {
        case .failure(let error):
            throw RecordError(
                "invalid_schema",
                "plugin '\(available.pluginName)' describes the arguments wrongly: \(error)")
        case .success(let schema):
            let problems = schema.problems(with: arguments)
            if problems.isEmpty { return arguments }
            throw RecordError(
                "invalid_arguments",
                "the arguments do not fit: " + problems.map(\.description).joined(separator: "; "))
        }
    }

    /// Returns at most the allowed number of bytes, with a note if there were more.
    private func cut(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count > mostOutput else { return text }
        var end = bytes.index(bytes.startIndex, offsetBy: mostOutput)
        // Do not cut within the bytes of a character.
        while end > bytes.startIndex, bytes[end] & 0xc0 == 0x80 { end = bytes.index(before: end) }
        let kept = text[..<end]
        return "\(kept)\n[cut: these are the first \(kept.utf8.count) of \(bytes.count) bytes]"
    }
}

extension Value {
    /// Returns the reason why other readers of JSON may take a text for another value than this;
    /// nil if there is none.
    fileprivate func ambiguity(in text: String) -> String? {
        if let name = repeatedName { return "'\(name)' is there twice" }
        // Half of a pair of surrogates is read as U+FFFD here, and differently elsewhere.
        let mayBeHalf = text.contains("\\ud") || text.contains("\\uD")
        return mayBeHalf && hasReplacement ? "it has half of a character" : nil
    }

    private var repeatedName: String? {
        switch self {
        case .array(let elements): return elements.lazy.compactMap(\.repeatedName).first
        case .object(let members):
            var names: Set<[UInt8]> = []
            for (name, value) in members {
                if !names.insert(Array(name.utf8)).inserted { return name }
                if let name = value.repeatedName { return name }
            }
            return nil
        default: return nil
        }
    }

    private var hasReplacement: Bool {
        switch self {
        case .string(let text): text.unicodeScalars.contains("\u{FFFD}")
        case .array(let elements): elements.contains(where: \.hasReplacement)
        case .object(let members):
            members.contains {
                $0.key.unicodeScalars.contains("\u{FFFD}") || $0.value.hasReplacement
            }
        default: false
        }
    }
}

extension RecordError {
    /// The code of a call that was not permitted.
    static let denied = "denied"
}

extension PluginError {
    static let interruption = PluginError(.cancelled, "interrupted")
}
