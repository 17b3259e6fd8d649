import Agent
import FilterKit
import Foundation
import Testing

@testable import Shell

/// An editor without a user: it reads the lines that it was given.
@MainActor final class ScriptedEditor: LineEditing {
    private var inputs: [EditedLine]
    private(set) var prompts: [String] = []
    private(set) var remembered: [String] = []
    private(set) var shown = ""
    private(set) var complete: (@MainActor (String, Int) -> CompletionCandidates)?

    init(_ inputs: [EditedLine]) { self.inputs = inputs }

    func begin(
        isOnStandardError: Bool,
        complete: @escaping @MainActor (_ line: String, _ start: Int) -> CompletionCandidates
    ) {
        self.complete = complete
    }

    func remember(_ line: String) { remembered.append(line) }

    func read(prompt: String, waking: Int32, onWake: @MainActor () -> Bool) -> EditedLine {
        prompts.append(prompt)
        return inputs.isEmpty ? .end : inputs.removeFirst()
    }

    func showAbove(_ text: String) { shown += text }
    func resize() {}
    func suspend(_ body: @MainActor () -> Void) { body() }
    func interrupt() {}
}

@MainActor @Suite struct InteractionTests {
    private func interact(
        _ inputs: [EditedLine], in shell: TestShell? = nil
    ) throws -> (editor: ScriptedEditor, shown: String) {
        let shell = try shell ?? TestShell()
        let editor = ScriptedEditor(inputs)
        #expect(Interaction(shell.interpreter, editor).run() == 0)
        return (editor, shell.written.text)
    }

    @Test func `lines are carried out and remembered until one leaves`() throws {
        let (editor, shown) = try interact([.line(".agent"), .line(" "), .line("exit"), .line("x")])
        #expect(shown == "a\n")
        #expect(editor.remembered == [".agent", "exit"])
        #expect(editor.prompts == ["a> ", "a> ", "a> "])
    }

    @Test func `a text of many lines has its own prompt, and is one entry`() throws {
        let (editor, _) = try interact([.line(":::"), .line(" "), .line(":::"), .line("exit")])
        #expect(editor.prompts == ["a> ", "... ", "... ", "a> "])
        #expect(editor.remembered == [":::\n \n:::", "exit"])
    }

    @Test func `a text can be dropped, by ^C and by ^D`() throws {
        let (editor, shown) = try interact([
            .line(":::"), .interrupted(wasEmpty: false), .line("::: x"), .end, .line("exit"),
        ])
        #expect(editor.prompts == ["a> ", "... ", "a> ", "... ", "a> "])
        #expect(editor.remembered == ["exit"])
        #expect(shown == "[(the text is dropped)\n]")
    }

    @Test func `^C twice on an empty line leaves`() throws {
        let (editor, shown) = try interact([
            .interrupted(wasEmpty: true), .interrupted(wasEmpty: false),
            .interrupted(wasEmpty: true), .interrupted(wasEmpty: true), .line(".agent"),
        ])
        #expect(editor.prompts.count == 4)
        #expect(shown == "[(^C again or ^D leaves)\n][(^C again or ^D leaves)\n]")
    }

    @Test func `a wrong line is reported and remembered`() throws {
        let (editor, shown) = try interact([.line(".hlep"), .line("exit")])
        #expect(shown.contains("no command '.hlep', did you mean '.help'?"))
        #expect(editor.remembered == [".hlep", "exit"])
    }

    @Test func `lines are there the next time, equal ones once`() throws {
        let shell = try TestShell()
        _ = try interact([.line(".agent"), .line(".agent"), .line("exit")], in: shell)
        let lines = TypedLines(environment: shell.home.environment)
        #expect(lines.load() == [".agent", "exit"])
    }

    @Test func `words are completed by what the configuration has`() throws {
        let shell = try TestShell()
        try FileManager.default.createDirectory(
            atPath: "\(shell.home.path)/.config/hector", withIntermediateDirectories: true)
        try """
        agents: { a: { llm: extractive-llm }, b: { llm: extractive-llm } }
        document_stores: { notes: { path: . } }
        """.write(
            toFile: "\(shell.home.path)/.config/hector/hector.yaml", atomically: false,
            encoding: .utf8)
        _ = try Session(named: "s", environment: shell.home.environment).append(
            AgentRun.Outcome(answer: "a", messages: [], tokens: 0, hasDenied: false), agent: "a")
        let (editor, _) = try interact([.line("exit")], in: shell)
        let complete = try #require(editor.complete)
        #expect(complete(".agent ", 7) == .words(["a", "b"]))
        #expect(complete(".search ", 8) == .words(["notes"]))
        #expect(complete(".session ", 9) == .words(["s"]))
        #expect(complete(".tool ", 6) == .words([]))
        #expect(complete("!cat ", 5) == .files)
        guard case .words(let plugins) = complete(".plugin ", 8) else {
            Issue.record("no plugins")
            return
        }
        #expect(plugins.contains("hash-embedder"))
    }
}
