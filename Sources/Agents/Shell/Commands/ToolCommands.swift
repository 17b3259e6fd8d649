internal import Configuration
internal import FilterKit
internal import JSON
internal import Text

/// The commands about the agent's tools.
@MainActor struct ToolCommands {
    let client: AgentClient
    let agent: SelectedAgent
    let screen: Screen

    func tools() throws {
        let tools = try client.toolDefinitions()
        if tools.isEmpty { return screen.note("the agent has no tools") }
        let rows = tools.map { tool in
            let function = tool["function"]
            return [
                VisibleText(function?["name"]?.string ?? "").description,
                VisibleText(function?["description"]?.string ?? "", atMost: 70).description,
            ]
        }
        screen.write(Table(rows: rows).text)
    }

    func tool(_ text: String) throws {
        let (name, arguments) = text.firstWord
        _ = try client.toolDefinitions()
        let known = agent.listedTools
        guard known.contains(name) else {
            throw Failure(
                .usage,
                "no tool '\(name)', "
                    + (known.isEmpty
                        ? "as the agent has none" : expectation(of: name, among: known)))
        }
        let message = try client.call(name, arguments: arguments.isEmpty ? "{}" : arguments)
        if let error = message["error"] {
            let isDenied = error["code"] == "denied"
            throw Failure(
                isDenied ? .notPermitted : .incomplete,
                "\(name): \(error["message"]?.string ?? "")")
        }
        let content = message["content"]?.string ?? ""
        screen.write(content + (content.hasSuffix("\n") ? "" : "\n"))
    }
}

extension String {
    /// The first word of a command's argument, and the text after it.
    var firstWord: (word: String, rest: String) {
        let word = prefix { !$0.isWhitespace }
        return (String(word), String(dropFirst(word.count).trimmed))
    }
}
