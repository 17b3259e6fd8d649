internal import Agent
internal import FilterKit
internal import Text
internal import Unix

/// The commands that ask the agent or pass on its answer.
@MainActor struct QuestionCommands {
    let client: AgentClient
    let history: ChatHistory
    let programs: ForegroundPrograms
    let screen: Screen
    let environment: [String: String]

    func retry() throws -> Int32 { try client.ask(history.lastMessage(), replaces: true) }

    func `continue`() throws -> Int32 {
        _ = try history.answer()
        return try client.ask(
            "Go on exactly where your last answer stopped, and repeat none of it.")
    }

    /// Opens the user's editor for a question, starting from the last one.
    func edit() throws -> Int32 {
        guard screen.isInteractive else {
            throw Failure(.usage, "'.edit' needs a terminal on standard input")
        }
        let before = (try? history.lastMessage().question) ?? ""
        let question = try edited(before)
        if question.isEmpty { return 0 }
        if question == before.trimmed {
            screen.note("nothing was changed, so nothing is asked; '.retry' asks again")
            return 0
        }
        screen.note(question)
        return try client.ask(question)
    }

    private func edited(_ text: String) throws -> String {
        let editor =
            [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }
            .first { !$0.isEmpty } ?? "vi"
        let folder = try PrivateDirectory.make(
            "hector-edit", in: [environment["TMPDIR"] ?? "", "/tmp"], longest: 1000)
        defer { folder.remove() }
        let path = "\(folder.path)/question.md"
        if let error = try OutputFile(creating: path, isPrivate: true).write(Array(text.utf8)) {
            throw Failure(.ioError, "'\(path)': \(error)")
        }
        let status = try programs.shell("\(editor) \(Pipeline.quoted(path))")
        if status != 0 {
            throw Failure(.incomplete, "'\(editor)' ended with status \(status); nothing is asked")
        }
        let bytes = try File.read(path, limit: 64 << 20).bytes
        return String(String(decoding: bytes, as: UTF8.self).trimmed)
    }

    /// Sends the answer to the terminal, which may put it on the clipboard (OSC 52).
    func copy() throws {
        let text = try history.answer()
        guard isStandardOutputTerminal else {
            throw Failure(.usage, "'.copy' needs a terminal on standard output")
        }
        screen.writeControls("\u{1b}]52;c;\(Base64.encode(text.utf8))\u{7}")
    }

    /// Pipes the last answer or the last record into a command line of the user.
    func pipe(into commandLine: String, isRecord: Bool) throws -> Int32 {
        let text = isRecord ? try history.record() : try history.answer()
        return try programs.shell(
            commandLine, input: Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }
}
