import Agent
import FilterKit
import FilterProcesses
import Foundation
import JSON
import Testing

@testable import Shell

/// A shell whose agents `a` and `b` have no model, so that it starts no filter, and whose screen is
/// a string.
@MainActor final class TestShell {
    let home: Home
    let written = Written()
    let parts: ShellParts
    let interpreter: Interpreter

    init(
        isInteractive: Bool = true, keepsGoing: Bool = false,
        _ change: (inout ShellOptions) -> Void = { _ in }
    ) throws {
        home = try Home()
        var options = ShellOptions(
            agent: nil, overrides: AgentOverrides(),
            plan: { overrides, name in
                guard ["a", "b"].contains(name ?? "a") else {
                    throw Failure(.configuration, "no agent '\(name!)'")
                }
                var plan = AgentPlan(name: name ?? "a", generate: nil, longestWait: .seconds(1))
                plan.systemPrompt = overrides.system ?? ""
                return plan
            },
            session: { _ in nil })
        change(&options)
        parts = try ShellParts(
            options,
            screen: written.screen(
                isInteractive: isInteractive, isTerminal: isInteractive, hasCursor: false),
            environment: home.environment)
        interpreter = Interpreter(parts, keepsGoing: keepsGoing)
    }

    func execute(_ text: String) throws -> Int32 { interpreter.execute(try Line(text)) }
}

@MainActor @Suite struct InterpreterTests {
    @Test(arguments: [
        (".agent", "a\n"), (".model", "(the plugin's)\n"), (".session", "(none yet)\n"),
        (".history", ""), (".help exit", ".exit \n    leave, as ^D does\n"), ("", ""), (":::", ""),
        (".agents", "*  a\n"),
    ])
    func `commands show what there is`(line: String, shown: String) throws {
        let shell = try TestShell()
        try FileManager.default.createDirectory(
            atPath: "\(shell.home.path)/.config/hector", withIntermediateDirectories: true)
        try "agents: { a: { llm: extractive-llm } }\n".write(
            toFile: "\(shell.home.path)/.config/hector/hector.yaml", atomically: false,
            encoding: .utf8)
        #expect(try shell.execute(line) == 0)
        #expect(shell.written.text == shown)
    }

    @Test func `info has the agent, the conversation and the settings`() throws {
        let shell = try TestShell()
        #expect(try shell.execute(".info") == 0)
        let lines = shell.written.text.split(separator: "\n")
        #expect(
            lines.prefix(3) == [
                "agent          a", "session        (none yet)", "runs           0",
            ])
        #expect(lines.contains("verbose           off"))
    }

    @Test(arguments: [
        (".agent c", 78, "no agent 'c'"), (".retry", 64, "nothing was asked yet"),
        (".continue", 64, "there is no answer yet"), (".copy", 64, "there is no answer yet"),
        (".save x", 64, "there is nothing to save yet"), (".session a/b", 64, "is no name"),
        (".context", 64, "nothing was asked yet"), (".search notes", 64, "needs more"),
        (".set colour red", 64, "is no setting"), (".run nowhere", 74, "cannot open 'nowhere'"),
        (".plugin parot", 78, "no plugin 'parot'"), ("| wc", 64, "there is no answer yet"),
        ("!a\0b", 64, "cannot have NUL"),
    ])
    func `what fails is reported, with the status of its kind`(
        line: String, status: Int32, message: String
    ) throws {
        let shell = try TestShell()
        #expect(try shell.execute(line) == status)
        #expect(shell.written.text.hasPrefix("[\(Diagnostics.programName): "))
        #expect(shell.written.text.contains(message))
    }

    @Test func `settings reach the screen and the agent`() throws {
        let shell = try TestShell()
        #expect(try shell.execute(".verbose on") == 0)
        #expect(shell.parts.screen.isVerbose)
        #expect(try shell.execute(".verbose") == 0)
        #expect(!shell.parts.screen.isVerbose)
        #expect(try shell.execute(".set styling on") == 0)
        #expect(shell.parts.screen.isStyled)
        #expect(try shell.execute(".set system Be brief.") == 0)
        #expect(shell.parts.agent.plan.systemPrompt == "Be brief.")
    }

    @Test func `another agent has the same settings`() throws {
        let shell = try TestShell()
        #expect(try shell.execute(".set system Be brief.") == 0)
        #expect(try shell.execute(".agent b") == 0)
        #expect(shell.parts.agent.plan.name == "b")
        #expect(shell.parts.agent.plan.systemPrompt == "Be brief.")
        #expect(try shell.execute(".agent c") == 78)
        #expect(shell.parts.agent.plan.name == "b")
    }

    @Test func `leaving ends the reading of lines`() throws {
        let shell = try TestShell()
        #expect(!shell.parts.loop.isOver)
        #expect(try shell.execute(".exit") == 0)
        #expect(shell.parts.loop.isOver && shell.parts.loop.ending == 0)
    }

    // MARK: Scripts

    private func script(_ lines: String, keepsGoing: Bool = false) throws -> (Int32, String) {
        let shell = try TestShell(isInteractive: false, keepsGoing: keepsGoing)
        let path = "\(shell.home.path)/script"
        try lines.write(toFile: path, atomically: false, encoding: .utf8)
        let status = try Script(shell.interpreter).run(file: path)
        return (
            status,
            shell.written.text.replacing(shell.home.path, with: "~")
                .replacing(Diagnostics.programName, with: "hector")
        )
    }

    @Test func `a script stops where something fails, and says where`() throws {
        let (status, shown) = try script("\u{FEFF}.agent\r\n\n.retry\n.agent\n")
        #expect(status == 64)
        #expect(shown == "a\n[hector: ~/script: line 3: nothing was asked yet\n]")
    }

    @Test func `a script that keeps going has one status`() throws {
        let (one, shown) = try script(".retry\n.agent\n.copy\n", keepsGoing: true)
        #expect(one == 64)
        #expect(shown.contains("line 1:") && shown.contains("\n]a\n[") && shown.contains("line 3:"))
        #expect(try script(".retry\n.plugin x\n.agent\n", keepsGoing: true).0 == 1)
    }

    @Test func `what cannot be read ends every script`() throws {
        let (status, shown) = try script("::: begun\n", keepsGoing: true)
        #expect(status == 65)
        #expect(shown.contains("line 3: a text of many lines is not ended by ':::'"))
    }

    @Test func `a script that runs itself is stopped`() throws {
        let shell = try TestShell(isInteractive: false)
        let path = "\(shell.home.path)/script"
        try ".run \(path)\n".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(try Script(shell.interpreter).run(file: path) == 65)
        #expect(shell.written.text.contains("is run by 16 scripts in a row"))
        #expect(shell.parts.report.depth == 0)
    }

    // MARK: The main thread's loop

    @Test func `work is awaited, and its events come in order`() async throws {
        let loop = try TestShell().parts.loop
        var seen: [String] = []
        let result = loop.perform(onEvent: { seen.append($0.members["text"]?.string ?? "") }) {
            for number in 1...3 {
                await loop.report(Event(.delta, ["text": .string("\(number)")]))
            }
            return 7
        }
        #expect(try loop.value(of: result) == 7)
        #expect(seen == ["1", "2", "3"])
    }

    @Test func `work that fails is a failure`() throws {
        let loop = try TestShell().parts.loop
        let result: Result<Int, any Error> = loop.perform {
            throw StageError("generate", "broken", "it broke")
        }
        let failure = #expect(throws: Failure.self) { try loop.value(of: result) }
        #expect(failure?.message.contains("it broke") == true)
    }

    @Test func `a vector is described`() {
        #expect(
            DocumentCommands.description(of: [3, 4])
                == "dimension  2\nlength     5.0\nbegins     3.0 4.0\n")
    }
}
