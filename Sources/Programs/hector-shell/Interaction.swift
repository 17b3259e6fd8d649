import Agent
import Catalog
import Configuration
import FilterKit
import Glibc
import LineEditor
import Shell
import Unix

/// A person at a terminal.
@MainActor final class Interaction {
    private let interpreter: Interpreter
    private let history: TypedLines

    /// As it was before, for whatever a child leaves behind.
    private let modes = TerminalModes.ofStandardInput

    /// What is being typed between ":::" and ":::".
    private var input: LongInput?
    private var typed: [String] = []

    init(_ interpreter: Interpreter) {
        self.interpreter = interpreter
        history = TypedLines(environment: interpreter.environment)
    }

    /// - Returns: The exit status.
    func run() -> Int32 {
        modes?.restoreOnCrash()
        LineEditor.begin(name: "hector", onStandardError: !isStandardOutputTerminal)
        LineEditor.complete = { [self] line, start in candidates(line, start) }
        for line in history.load() { LineEditor.remember(line) }
        var interruptions = 0
        while !interpreter.isLeaving, interpreter.ending == 0 {
            let prompt = input == nil ? "\(VisibleText(interpreter.plan.name))> " : "... "
            switch LineEditor.read(
                prompt: prompt, waking: interpreter.mailbox.descriptor, onWake: attend)
            {
            case .line(let text):
                interruptions = 0
                take(text)
            case .interrupted(let wasEmpty):
                (input, typed) = (nil, [])
                interruptions = wasEmpty ? interruptions + 1 : 0
                if interruptions == 1 { interpreter.screen.note("(^C again or ^D leaves)") }
                if interruptions == 2 { return 0 }
            case .end where input != nil:
                // The end of this text, not of the conversation.
                (input, typed) = (nil, [])
                interpreter.screen.note("(the text is dropped)")
            case .end:
                writeToStandardError("\n")
                return 0
            case .stopped: break
            }
        }
        return 0
    }

    /// Deals with what comes while a line is edited.
    ///
    /// - Returns: Whether to go on editing.
    private func attend() -> Bool {
        var said = ""
        for message in interpreter.mailbox.takeAll() {
            switch message {
            case .talk(let text): said += text
            case .event(_, let continuation): continuation.resume()
            case .done: break
            case .signal(SIGWINCH): LineEditor.resize()
            case .signal(SIGTSTP): LineEditor.suspend { stop(by: SIGTSTP) }
            case .signal(SIGINT): LineEditor.interrupt()
            case .signal(let signal): interpreter.end(by: signal)
            }
        }
        if !said.isEmpty { LineEditor.showAbove(said) }
        return interpreter.ending == 0
    }

    private func take(_ text: String) {
        do {
            let isInside = input != nil
            // Lines that are pasted are a question, however the first of them begins.
            let isPasted = input == nil && text.utf8.contains(UInt8(ascii: "\n"))
            let line =
                isPasted && !text.hasPrefix(LongInput.mark)
                ? Line.question(text.trimmed) : try Script.line(text, &input)
            if isInside || input != nil { typed.append(text) }
            guard let line else { return }
            remember(typed.isEmpty ? text : typed.joined(separator: "\n"))
            typed = []
            if line != .nothing { _ = interpreter.execute(line) }
        } catch {
            remember(text)
            interpreter.tell(error.message)
        }
        interpreter.settle()
        modes?.restore()
    }

    private func remember(_ line: String) {
        if line.trimmed.isEmpty || !history.add(line) { return }
        LineEditor.remember(line)
    }

    // MARK: Completion

    private func candidates(_ line: String, _ start: Int) -> LineEditor.Candidates {
        // What cannot be found out has no candidates; a command would tell why.
        switch Completion(line, start: start) {
        case .files: .files
        case .words(let words): .words(words)
        case .agents: .words((try? interpreter.settings()?.agents.map(\.name)) ?? [])
        case .stores: .words((try? interpreter.settings()?.documentStores.map(\.name)) ?? [])
        case .sessions:
            .words(
                ((try? Session.all(environment: interpreter.environment)) ?? []).map(\.name))
        case .plugins:
            .words(
                Catalog(
                    settings: try? interpreter.settings(), environment: interpreter.environment
                ).all().plugins.map(\.name))
        case .tools: .words(interpreter.toolNames)
        }
    }
}
