import Agent
import FilterKit
import JSON
import Shell
import Unix

extension Interpreter {
    func session(_ name: String) throws {
        if name.isEmpty { return screen.write((session?.name ?? "(none yet)") + "\n") }
        try goOn(with: Session(named: name, environment: environment))
        if isInteractive {
            screen.note(exchanges.isEmpty ? "a new session" : "\(exchanges.count) runs so far")
        }
    }

    func sessions() throws {
        var rows: [[String]] = []
        for session in try Session.all(environment: environment) {
            // One that cannot be used is told of when it is.
            let entries = (try? session.entries()) ?? []
            rows.append([
                session.name, "\(entries.count)",
                VisibleText(entries.first?.question ?? "", atMost: 50).description,
            ])
        }
        screen.write(Table(rows: rows).text)
    }

    func begin() {
        session = nil
        approvals.clear()
        forget()
    }

    /// What was said, for people.
    func history() -> String {
        var text = ""
        for message in exchanges.flatMap({ $0 }) {
            let role = message["role"]?.string ?? ""
            let content = message["content"]?.string ?? ""
            if !content.isEmpty {
                text += "\(role): \(content)\(content.hasSuffix("\n") ? "" : "\n")"
            }
            for call in message["tool_calls"]?.array ?? [] {
                let function = call["function"]
                let words =
                    "\(function?["name"]?.string ?? "") "
                    + "\(function?["arguments"]?.string ?? "")"
                text += "\(role): [calls \(VisibleText(words))]\n"
            }
        }
        return text
    }

    func save(_ path: String) throws {
        let messages = exchanges.flatMap { $0 }
        if messages.isEmpty { throw Failure(.usage, "there is nothing to save yet") }
        let text = path.hasSuffix(".jsonl") ? messages.map { "\($0)\n" }.joined() : history()
        let home = BaseDirectories(environment: environment).home
        let file = Path.expandingTilde(path, home: home)
        try refuseIrregular(file)
        try PrivateFile.replace(file, by: Array(text.utf8))
        if isInteractive { screen.note("saved \(messages.count) messages") }
    }

    /// Opening a pipe or a device could take for ever, and no signal would be heard meanwhile.
    func refuseIrregular(_ path: String) throws(Failure) {
        guard let file = try? File(path), file.kind != .regular else { return }
        throw Failure(.ioError, "'\(path)' is no regular file")
    }

    /// Has a question written in the user's editor, beginning with the last one.
    func edit() throws -> Int32 {
        guard isInteractive else {
            throw Failure(.usage, "'.edit' needs a terminal on standard input")
        }
        let editor =
            [environment["VISUAL"], environment["EDITOR"]].compactMap { $0 }
            .first { !$0.isEmpty } ?? "vi"
        let folder = try PrivateDirectory.make(
            "hector-edit", in: [environment["TMPDIR"] ?? "", "/tmp"], longest: 1000)
        defer { folder.remove() }
        let path = "\(folder.path)/question.md"
        let before = (try? lastMessage().question) ?? ""
        if let error = try OutputFile(creating: path, isPrivate: true)
            .write(Array(before.utf8))
        {
            throw Failure(.ioError, "'\(path)': \(error)")
        }
        let status = try shell("\(editor) \(Pipeline.quoted(path))", input: nil)
        if status != 0 {
            throw Failure(.incomplete, "'\(editor)' ended with status \(status); nothing is asked")
        }
        let bytes = try File.read(path, limit: 64 << 20).bytes
        let question = String(decoding: bytes, as: UTF8.self).trimmed
        if question.isEmpty { return 0 }
        if question == before.trimmed {
            screen.note("nothing was changed, so nothing is asked; '.retry' asks again")
            return 0
        }
        screen.note(question)
        return try ask(question)
    }

    /// Hands the answer to the terminal, which may put it on the clipboard (OSC 52).
    func copy() throws {
        let text = try answer()
        guard isStandardOutputTerminal else {
            throw Failure(.usage, "'.copy' needs a terminal on standard output")
        }
        screen.writeControls("\u{1b}]52;c;\(base64(Array(text.utf8)))\u{7}")
    }
}
