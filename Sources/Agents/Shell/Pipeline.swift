package import Agent
internal import Configuration
internal import FilterProcesses
package import JSON

/// An agent's run as a pipeline of filters for bash.
package struct Pipeline: CustomStringConvertible, Sendable {
    private var stages: [String] = []
    private var notes: [String] = []

    /// The options that are needed only by a program that keeps a filter running.
    private static let internals: Set<String> = [
        "--eager", "--unordered", "--stream", "--offer", "--debug",
        "--report-start",
    ]

    /// - Parameters:
    ///   - history: The earlier messages.
    ///   - iterations: The number of times that the model was asked.
    ///   - hasContext: True if passages were found for the question.
    package init(
        _ plan: AgentPlan, question: String, history: [Value], iterations: Int,
        hasContext: Bool = true
    ) {
        var record: Members = ["id": "1", "content": .string(question)]
        if !history.isEmpty {
            let asked: Value = ["role": "user", "content": .string(question)]
            record.append("messages", .array(history.map(\.withoutContext) + [asked]))
        }
        stages.append(Self.line(["printf", "%s\\n", Value.object(record).description]))
        // An agent works without its collection; a filter does not.
        if let source = plan.sources.first, hasContext || !source.isOptional {
            stages += source.commands.map { Self.line($0.words) }
            if let rerank = plan.rerank { stages.append(Self.line(rerank.words)) }
        }
        if plan.sources.count > 1 {
            notes.append("it looked in \(plan.sources.count) stores, this in the first")
        }
        if plan.reason != nil || !plan.slots.isEmpty {
            notes.append(
                "it also had the prompts of its strategy or its slots; see hector-agent(7)")
        }
        addLoop(plan, iterations)
        stages.append("jq -r '.messages[-1].content'")
    }

    private mutating func addLoop(_ plan: AgentPlan, _ iterations: Int) {
        guard let generate = plan.generate else { return }
        var words = generate.words
        var available = ""
        let lists = plan.tools.compactMap { Self.list($0.command) }
        if generate.isShellLine {
            if !plan.systemPrompt.isEmpty || !plan.tools.isEmpty {
                notes.append(
                    "its own model command also had the system prompt and the tools in the record")
            }
        } else {
            if !plan.systemPrompt.isEmpty { words += ["--system", plan.systemPrompt] }
            if !lists.isEmpty { available = " --tools <(\(lists.joined(separator: "; ")))" }
            if lists.count < plan.tools.count {
                notes.append("it also offered the model the tools of its own tool command")
            }
        }
        for iteration in 0..<max(1, iterations) {
            if iteration > 0 {
                stages += plan.tools.map { Self.line($0.command.words) }
            }
            stages.append(Self.line(words) + available)
        }
    }

    /// Returns a command that prints the definitions of tools; nil for the user's own commands,
    /// which only run tools.
    private static func list(_ command: FilterCommand) -> String? {
        if command.isShellLine { return nil }
        var words = command.words
        if words.dropFirst().first == "run" { words[1] = "list" }
        return line(words)
    }

    package var description: String {
        notes.map { "# \($0)\n" }.joined() + stages.joined(separator: " |\n    ") + "\n"
    }

    private static func line(_ words: [String]) -> String {
        var words = words
        for name in ["--session-approvals", "--source"] {
            guard let option = words.firstIndex(of: name) else { continue }
            words.removeSubrange(option...(option + 1))
        }
        if let option = words.firstIndex(of: "--usual-embedder") { words[option] = "--embedder" }
        return shown(words.filter { !internals.contains($0) })
    }

    /// Returns a command line to show, without secrets.
    package static func shown(_ words: [String]) -> String {
        Settings.masked(words: words).map(quoted).joined(separator: " ")
    }

    /// Returns a word quoted for sh.
    package static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,@%+".contains($0))
            }
        if isPlain { return word }
        // In Swift, a quote with a combining mark is a different character; in sh it is a quote.
        let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.map { String($0) }.joined(separator: "'\\''"))'"
    }
}
