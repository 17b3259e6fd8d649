internal import Agent
internal import FilterKit
internal import Text
internal import Unix

/// The commands about the conversation and its session.
@MainActor struct SessionCommands {
    let history: ChatHistory
    let screen: Screen
    let environment: [String: String]

    func session(_ name: String) throws {
        if name.isEmpty { return screen.write((history.session?.name ?? "(none yet)") + "\n") }
        try history.goOn(with: Session(named: name, environment: environment))
        if screen.isInteractive {
            screen.note(
                history.runs.isEmpty ? "a new session" : "\(history.runs.count) runs so far")
        }
    }

    func sessions() throws {
        let rows = try Session.all(environment: environment).map { session in
            // An unusable session is reported when it is selected.
            let entries = (try? session.entries()) ?? []
            return [
                session.name, "\(entries.count)",
                VisibleText(entries.first?.question ?? "", atMost: 50).description,
            ]
        }
        screen.write(Table(rows: rows).text)
    }

    func save(_ path: String) throws {
        let messages = history.messages
        if messages.isEmpty { throw Failure(.usage, "there is nothing to save yet") }
        let text =
            path.hasSuffix(".jsonl") ? messages.map { "\($0)\n" }.joined() : history.text
        try PrivateFile.replace(
            UserFile.path(path, environment: environment), by: Array(text.utf8))
        if screen.isInteractive { screen.note("saved \(messages.count) messages") }
    }
}

/// A file that the user has named in a command.
enum UserFile {
    /// Returns the path with the home folder in place of a tilde.
    ///
    /// - Throws: `Failure` if it is not a regular file. Opening a pipe or a device could block for
    ///   ever, and signals would not be handled.
    static func path(_ name: String, environment: [String: String]) throws(Failure) -> String {
        let path = Path.expandingTilde(name, home: BaseDirectories(environment: environment).home)
        guard let file = try? File(path), file.kind != .regular else { return path }
        throw Failure(.ioError, "'\(path)' is no regular file")
    }
}
