internal import Agent
internal import FilterKit
internal import Text
internal import Unix

/// A conversation with a person at a terminal.
@MainActor final class Interaction<Editor: LineEditing> {
    private let interpreter: Interpreter
    private let editor: Editor
    private let typedLines: TypedLines
    private let completer: Completer
    private var parser = LineParser()

    /// The lines so far of a text of several lines.
    private var pending: [String] = []

    /// The modes of the terminal at the start, which a child may change.
    private let modes = TerminalModes.ofStandardInput

    private var parts: ShellParts { interpreter.parts }

    init(_ interpreter: Interpreter, _ editor: Editor) {
        self.interpreter = interpreter
        self.editor = editor
        let parts = interpreter.parts
        typedLines = TypedLines(environment: parts.configuration.environment)
        completer = Completer(configuration: parts.configuration, agent: parts.agent)
    }

    /// - Returns: The exit status.
    func run() -> Int32 {
        modes?.restoreOnCrash()
        editor.begin(isOnStandardError: !isStandardOutputTerminal) { [completer] line, start in
            completer.candidates(line, start)
        }
        for line in typedLines.load() { editor.remember(line) }
        var interruptions = 0
        while !parts.loop.isOver {
            let prompt = parser.isInText ? "... " : "\(VisibleText(parts.agent.plan.name))> "
            let input = editor.read(
                prompt: prompt, waking: parts.loop.descriptor,
                onWake: { [parts, editor] in parts.loop.attend(with: editor) })
            switch input {
            case .line(let text):
                interruptions = 0
                take(text)
            case .interrupted(let wasEmpty):
                dropText()
                interruptions = wasEmpty ? interruptions + 1 : 0
                if interruptions == 1 { parts.screen.note("(^C again or ^D leaves)") }
                if interruptions == 2 { return 0 }
            case .end where parser.isInText:
                // It ends this text, not the conversation.
                dropText()
                parts.screen.note("(the text is dropped)")
            case .end:
                writeToStandardError("\n")
                return 0
            case .stopped: break
            }
        }
        return 0
    }

    private func take(_ text: String) {
        let wasInText = parser.isInText
        do {
            let line = try parser.add(typed: text)
            if wasInText || parser.isInText { pending.append(text) }
            guard let line else { return }
            remember(pending.isEmpty ? text : pending.joined(separator: "\n"))
            pending = []
            if line != .nothing { _ = interpreter.execute(line) }
        } catch {
            remember(text)
            parts.report.show(error.message)
        }
        parts.loop.settle()
        modes?.restore()
    }

    private func dropText() {
        parser.drop()
        pending = []
    }

    private func remember(_ line: String) {
        if line.trimmed.isEmpty || SecretLine.hasSecret(line) || !typedLines.add(line) { return }
        editor.remember(line)
    }
}
