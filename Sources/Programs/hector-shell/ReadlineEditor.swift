import LineEditor
import Shell

/// GNU readline as the shell's editor of lines.
struct ReadlineEditor: LineEditing {
    func begin(
        isOnStandardError: Bool,
        complete: @escaping @MainActor (_ line: String, _ start: Int) -> CompletionCandidates
    ) {
        LineEditor.begin(name: "hector", onStandardError: isOnStandardError)
        LineEditor.complete = { line, start in
            switch complete(line, start) {
            case .words(let words): .words(words)
            case .files: .files
            }
        }
    }

    func remember(_ line: String) { LineEditor.remember(line) }

    func read(prompt: String, waking: Int32, onWake: @MainActor () -> Bool) -> EditedLine {
        switch LineEditor.read(prompt: prompt, waking: waking, onWake: onWake) {
        case .line(let text): .line(text)
        case .interrupted(let wasEmpty): .interrupted(wasEmpty: wasEmpty)
        case .end: .end
        case .stopped: .stopped
        }
    }

    func showAbove(_ text: String) { LineEditor.showAbove(text) }

    func resize() { LineEditor.resize() }

    func suspend(_ body: @MainActor () -> Void) { LineEditor.suspend(body) }

    func interrupt() { LineEditor.interrupt() }
}
