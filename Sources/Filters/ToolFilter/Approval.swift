internal import FilterKit
internal import PluginHost
internal import Synchronization
internal import Text
internal import Unix
internal import Waiting

/// Decides whether a call may be made: by the rules, then by earlier approvals, and finally by
/// asking the user or a program.
package final class Approval: Sendable {
    enum Decision: Equatable {
        case approved
        /// The call is denied, with the reason given to the model.
        case denied(String)
    }

    private let permissions: Permissions
    private let approver: String?
    private let memory: ApprovalMemory?
    private let session: ApprovalMemory?
    private let turns = Semaphore(1)
    private let state = Mutex(State())

    private struct State {
        /// The permanent approvals, and those for a session that is this process. Nil until
        /// the memory has been read.
        var approved: Set<ApprovalMemory.Entry>?
        /// The warnings that the user has seen, so that each is shown once.
        var warnings: Set<String> = []
    }

    /// - Parameters:
    ///   - approver: A command line to ask instead of the user.
    ///   - memory: The permanent approvals.
    ///   - session: The approvals for a session that outlasts this process. Read each time, as the
    ///     session may end.
    package init(
        _ permissions: Permissions, approver: String? = nil,
        memory: ApprovalMemory? = ApprovalMemory.ofUser(), session: ApprovalMemory? = nil
    ) {
        self.permissions = permissions
        self.approver = approver
        self.memory = memory
        self.session = session
    }

    /// Returns the decision of the rules, without asking the user.
    func verdict(on available: Toolbox.AvailableTool) -> Permissions.Verdict {
        permissions.verdict(on: available.tool, ownName: available.ownName)
    }

    /// Ends a call that a rule forbids.
    func refuse(_ available: Toolbox.AvailableTool, by rule: String) -> Decision {
        warn("tool '\(available.tool.name)' is refused by \(rule)")
        return .denied(
            "not permitted: tool '\(available.tool.name)' is refused by a rule of the user's")
    }

    /// Asks one question at a time, in the order in which they come.
    func ask(_ question: ToolQuestion, _ available: Toolbox.AvailableTool) async -> Decision {
        await turns.with {
            if let approver { return await consult(approver, question) }
            let entry = ApprovalMemory.Entry(
                plugin: available.provider.plugin.place, tool: available.ownName)
            if isApproved(entry) { return .approved }
            return await consultPerson(question, entry)
        }
    }

    private func consult(_ approver: String, _ question: ToolQuestion) async -> Decision {
        do {
            let ending = try await ShellCommand.run(approver, input: question.json)
            if ending == .exited(0) { return .approved }
            warn("tool '\(question.tool.name)' was not approved: '\(approver)' \(ending)")
        } catch {
            warn("tool '\(question.tool.name)' was not approved: \(error)")
        }
        return .denied("not permitted: the call was not approved")
    }

    private func consultPerson(
        _ question: ToolQuestion, _ entry: ApprovalMemory.Entry
    ) async -> Decision {
        guard let terminal = try? Terminal() else {
            return cannotAsk(question, "there is no terminal to ask on")
        }
        guard terminal.isOurs else {
            return cannotAsk(question, "this is not in the foreground of its terminal")
        }
        var text = question.text() + ToolQuestion.choices
        while let answer = await terminal.ask(text) {
            switch Answer(answer) {
            case .once: return .approved
            case .session:
                approveForSession(entry)
                return .approved
            case .always:
                do {
                    try memory?.add(entry)
                    remember(entry)
                } catch {
                    warn("approved for this session only: \(error)")
                    approveForSession(entry)
                }
                return .approved
            case .no: return .denied("not permitted: the user said no")
            case .view: text = question.text(isWhole: true) + ToolQuestion.choices
            case nil: text = ToolQuestion.choices
            }
        }
        return .denied("not permitted: the user gave no answer")
    }

    private func approveForSession(_ entry: ApprovalMemory.Entry) {
        do {
            if let session { try session.add(entry) } else { remember(entry) }
        } catch { warn("approved this once only: \(error)") }
    }

    private func cannotAsk(_ question: ToolQuestion, _ reason: String) -> Decision {
        warn(
            "tool '\(question.tool.name)' was not run: \(reason); "
                + "allow it with --allow '\(question.tool.name)'")
        return .denied("not permitted: the call needs the user's approval, and \(reason)")
    }

    private func isApproved(_ entry: ApprovalMemory.Entry) -> Bool {
        if state.withLock({ $0.approved == nil }) {
            let approved = entries(of: memory)
            state.withLock { $0.approved = approved }
        }
        return state.withLock { $0.approved?.contains(entry) == true }
            || entries(of: session).contains(entry)
    }

    private func entries(of memory: ApprovalMemory?) -> Set<ApprovalMemory.Entry> {
        do { return try memory?.entries() ?? [] } catch {
            warn("\(error)")
            return []
        }
    }

    private func remember(_ entry: ApprovalMemory.Entry) {
        _ = state.withLock { $0.approved?.insert(entry) }
    }

    private func warn(_ message: String) {
        if state.withLock({ $0.warnings.insert(message).inserted }) {
            Diagnostics.warn("\(VisibleText(message))")
        }
    }

    /// The answers that the user may give.
    private enum Answer {
        case once, session, always, no, view

        init?(_ line: String) {
            switch line.lowercased().filter({ !$0.isWhitespace }) {
            case "y", "yes", "once": self = .once
            case "s", "session": self = .session
            case "a", "always": self = .always
            case "", "n", "no", "d", "deny": self = .no
            case "v", "view": self = .view
            default: return nil
            }
        }
    }
}
