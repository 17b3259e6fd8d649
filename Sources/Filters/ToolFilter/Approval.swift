package import Approvals
internal import FilterKit
internal import PluginHost
internal import Synchronization
internal import Taint
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
    private let approverTimeout: Duration
    private let folder = Directory.current
    private let folderIdentity = ApprovalMemory.identity(of: Directory.current)
    private let memory: ApprovalMemory?
    private let session: ApprovalMemory?
    private let turns = Semaphore(1)
    private let state = Mutex(State())

    private struct State {
        /// The approvals for a session that is this process.
        var approved: Set<ApprovalMemory.Entry> = []
        /// The warnings that the user has seen, so that each is shown once.
        var warnings: Set<String> = []
    }

    /// The longest that a program may take to approve a call, by default.
    package static let defaultApproverTimeout = Duration.seconds(300)

    /// - Parameters:
    ///   - approver: A command line to ask instead of the user.
    ///   - approverTimeout: The longest that it may take.
    ///   - memory: The permanent approvals.
    ///   - session: The approvals for a session that outlasts this process. Read each time, as the
    ///     session may end.
    package init(
        _ permissions: Permissions, approver: String? = nil,
        approverTimeout: Duration = defaultApproverTimeout,
        memory: ApprovalMemory? = ApprovalMemory.ofUser(), session: ApprovalMemory? = nil
    ) {
        self.permissions = permissions
        self.approver = approver
        self.approverTimeout = approverTimeout
        self.memory = memory
        self.session = session
    }

    /// Returns the decision of the rules, without asking the user.
    ///
    /// - Parameter isTainted: True if the model had read untrusted text.
    func verdict(
        on available: Toolbox.AvailableTool, isTainted: Bool
    ) -> Permissions.Verdict {
        permissions.verdict(
            on: available.tool, ownName: available.ownName, isTainted: isTainted)
    }

    /// Ends a call that a rule forbids.
    func refuse(_ available: Toolbox.AvailableTool, by rule: String) -> Decision {
        warn("tool '\(available.tool.name)' is refused by \(rule)")
        return .denied(
            "not permitted: tool '\(available.tool.name)' is refused by a rule of the user's")
    }

    /// Asks one question at a time, in the order in which they come. For one about a single call
    /// earlier approvals do not count, and its own does not count for others.
    func ask(_ question: ToolQuestion, _ available: Toolbox.AvailableTool) async -> Decision {
        await turns.with {
            if let approver { return await consult(approver, question) }
            if question.isForThisCallOnly { return await consultPerson(question, nil) }
            let entry = ApprovalMemory.Entry(
                plugin: available.provider.plugin.place, tool: available.ownName,
                shape: ArgumentShape(of: question.arguments), folder: folder,
                folderIdentity: folderIdentity, time: "\(Timestamp.now)")
            if isApproved(entry) { return .approved }
            return await consultPerson(question, entry)
        }
    }

    private func consult(_ approver: String, _ question: ToolQuestion) async -> Decision {
        do {
            let ending = try await ShellCommand.run(
                approver, input: question.json, timeout: approverTimeout)
            if ending == .exited(0) { return .approved }
            let reason =
                ending.map { "'\(approver)' \($0)" }
                ?? "'\(approver)' took longer than \(Timeout(approverTimeout).argument)"
            warn("tool '\(question.tool.name)' was not approved: \(reason)")
        } catch {
            warn("tool '\(question.tool.name)' was not approved: \(error)")
        }
        return .denied("not permitted: the call was not approved")
    }

    /// - Parameter entry: The approval to remember if the user wants that; nil if nothing is
    ///   remembered.
    private func consultPerson(
        _ question: ToolQuestion, _ entry: ApprovalMemory.Entry?
    ) async -> Decision {
        guard let terminal = try? Terminal() else {
            return cannotAsk(question, "there is no terminal to ask on")
        }
        guard terminal.isOurs else {
            return cannotAsk(question, "this is not in the foreground of its terminal")
        }
        var text = question.text() + question.choices
        while let answer = await terminal.ask(text) {
            switch (Answer(answer), entry) {
            case (.once?, _): return .approved
            case (.session?, let entry?):
                approveForSession(entry)
                return .approved
            case (.always?, let entry?):
                do {
                    try memory?.add(entry)
                } catch {
                    warn("approved for this session only: \(error)")
                    approveForSession(entry)
                }
                return .approved
            case (.no?, _): return .denied("not permitted: the user said no")
            case (.view?, _): text = question.text(isWhole: true) + question.choices
            case (nil, _), (.session?, nil), (.always?, nil): text = question.choices
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
        let name = question.tool.name
        guard question.isForThisCallOnly else {
            warn("tool '\(name)' was not run: \(reason); allow it with --allow '\(name)'")
            return .denied("not permitted: the call needs the user's approval, and \(reason)")
        }
        let names = question.origin.sources(forPlugin: question.pluginName).names
        let shown =
            names.prefix(3).map { "'\(VisibleText($0, atMost: 80))'" }.joined(separator: ", ")
            + (names.count > 3 ? " and \(names.count - 3) more" : "")
        let read = "the model had read what others may have written (\(shown))"
        warn(
            "tool '\(name)' was not run: \(read), and \(reason); see --approver and "
                + "--approve-tainted in hector-tool(1)")
        return .denied(
            "not permitted: the call needs the user's approval, as \(read), and \(reason)")
    }

    private func isApproved(_ entry: ApprovalMemory.Entry) -> Bool {
        // They are read each time, as the user may have taken one back.
        state.withLock { $0.approved.contains(entry) }
            || entries(of: session).contains(entry) || entries(of: memory).contains(entry)
    }

    private func entries(of memory: ApprovalMemory?) -> [ApprovalMemory.Entry] {
        do { return try memory?.entries() ?? [] } catch {
            warn("\(error)")
            return []
        }
    }

    private func remember(_ entry: ApprovalMemory.Entry) {
        _ = state.withLock { $0.approved.insert(entry) }
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
