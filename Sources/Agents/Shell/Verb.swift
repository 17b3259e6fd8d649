internal import Configuration
internal import Text

/// A built-in command of the shell: the word after the dot.
package enum Verb: String, CaseIterable, Sendable {
    case help, info
    case agent, agents, model, plugin, plugins, tools, tool
    case session, sessions, new, history, save
    case retry, `continue`, edit, copy
    case context, sources, records, pipeline
    case search, store, embed, index
    case run, set, verbose, exit

    /// The arguments of the command, as in a synopsis.
    package var arguments: String {
        switch self {
        case .help: "[COMMAND]"
        case .agent, .model, .session: "[NAME]"
        case .plugin: "NAME"
        case .tool: "NAME [JSON]"
        case .save, .run: "FILE"
        case .search: "STORE TEXT"
        case .store: "[STORE ...]"
        case .embed: "TEXT"
        case .index: "[ARGUMENT ...]"
        case .set: "[NAME VALUE]"
        case .verbose: "[on|off]"
        default: ""
        }
    }

    package var summary: String {
        switch self {
        case .help: "list the commands, or describe one"
        case .info: "show the agent, the model, the session and the settings"
        case .agent: "show the agent, or switch to another"
        case .agents: "list the agents"
        case .model: "show the model, or switch to another; 'default' is the agent's own"
        case .plugin: "describe a plugin"
        case .plugins: "list the plugins"
        case .tools: "list the tools that the agent may use"
        case .tool: "run a tool"
        case .session: "show the session, or switch to another"
        case .sessions: "list the sessions, the latest first"
        case .new: "begin a new session"
        case .history: "show the messages of this session"
        case .save: "write the session to a file, as JSON lines if its name ends in .jsonl"
        case .retry: "ask the last question again, and replace the answer"
        case .continue: "continue the last answer, such as one that was cut"
        case .edit: "write the next question in $VISUAL or $EDITOR"
        case .copy: "put the last answer on the clipboard"
        case .context: "show the passages for the last answer"
        case .sources: "list the sources of these passages"
        case .records: "print the events of the last run, as JSON lines"
        case .pipeline: "show the pipeline that would have made the last answer"
        case .search: "search in a document store, which is a name or a folder"
        case .store:
            "show the stores that are searched, or search others; 'default' is the agent's own"
        case .embed: "turn a text into a vector"
        case .index: "run hector-index"
        case .run: "run the lines of a file"
        case .set: "list the settings, or change one; the value 'default' resets it"
        case .verbose: "show context and tools in full, or in one line each"
        case .exit: "leave, as ^D does"
        }
    }

    /// Returns the command that the user may have meant: one that begins with the name, has a
    /// similar spelling, or has this name in other programs.
    static func meant(by name: String) -> Verb? {
        if ["q", "quit", "bye"].contains(name) { return .exit }
        let beginning = allCases.filter { $0.rawValue.hasPrefix(name) }
        if beginning.count == 1 { return beginning[0] }
        return suggestion(for: name, among: allCases.map(\.rawValue)).flatMap(Verb.init)
    }

    /// True if the command needs an argument.
    var needsArgument: Bool { !arguments.isEmpty && !arguments.hasPrefix("[") }

    /// The list of all commands, one per line.
    package static var list: String {
        let rows = allCases.map { [".\($0) \($0.arguments)", $0.summary] }
        let others = [
            ["TEXT", "ask; a line that begins with a blank is always a question"],
            [":::", "begin a question of many lines, which ':::' ends"],
            ["!COMMAND", "run a command of the shell's"],
            ["|COMMAND", "pipe the last answer into a command"],
            ["|json COMMAND", "pipe the last record into a command"],
        ]
        return Table(rows: others + rows).text
    }
}
