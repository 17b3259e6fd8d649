import Agent
import JSON
import Testing
import Text

@testable import Shell

/// All that a screen has written: standard error between brackets.
@MainActor final class Written {
    private(set) var text = ""

    func screen(
        isInteractive: Bool = true, isStyled: Bool = false, isTerminal: Bool = true,
        hasCursor: Bool = true
    ) -> Screen {
        Screen(
            isInteractive: isInteractive, isStyled: isStyled,
            streams: ScreenStreams(
                isOutputTerminal: isTerminal, isErrorTerminal: isTerminal, hasCursor: hasCursor,
                writeOutput: { [self] more in text += more },
                writeError: { [self] more in text += "[\(more)]" }))
    }
}

@MainActor @Suite struct ScreenTests {
    private let written = Written()

    private func event(_ kind: Event.Kind, _ members: Members) -> Event { Event(kind, members) }

    private func delta(_ text: String) -> Event { event(.delta, ["text": .string(text)]) }

    @Test(arguments: [(true, "Hello\n"), (false, "Hallo\n")])
    func `text is shown as it comes, or once it is the answer`(streams: Bool, shown: String) {
        let screen = written.screen(hasCursor: false)
        screen.beginAnswer()
        screen.show(delta("Hel"), streams: streams)
        screen.show(delta("lo"), streams: streams)
        screen.show(event(.finished, ["answer": "Hallo"]), streams: streams)
        #expect(written.text == shown)
    }

    @Test func `what is said before a call is not the answer`() {
        let screen = written.screen()
        screen.beginAnswer()
        screen.show(delta("let me see"), streams: true)
        screen.show(event(.toolCall, ["name": "echo", "arguments": "{}"]), streams: true)
        screen.show(event(.toolResult, ["name": "echo", "content": "x"]), streams: true)
        screen.show(event(.finished, ["answer": "It is x."]), streams: true)
        #expect(written.text == "let me see\n[echo {}\n][echo: x\n]It is x.\n")
    }

    @Test func `a script gets the answer alone, unless it asks for more`() {
        let screen = written.screen(isInteractive: false, isTerminal: false, hasCursor: false)
        screen.note("no")
        screen.isVerbose = true
        screen.note("yes")
        screen.write("a\u{1b}b\n")
        #expect(written.text == "[yes\n]a\u{1b}b\n")
    }

    @Test func `a terminal gets nothing that commands it`() {
        let screen = written.screen()
        screen.write("a\u{1b}b\n")
        screen.note("c\u{1b}d")
        screen.showDiagnostic("e\u{1b}f\n")
        #expect(written.text == "a\\u001bb\n[c\\u001bd\n][e\\u001bf\n]")
    }

    @Test func `notes and code are styled, and text stays what it is`() {
        let screen = written.screen(isStyled: true)
        screen.note("n")
        screen.beginAnswer()
        screen.show(delta("`x`"), streams: true)
        screen.endLine()
        #expect(written.text == "[\u{1b}[2mn\u{1b}[22m\n]\u{1b}[36m`x`\u{1b}[39m\n")
    }

    @Test func `a diagnostic does not stand behind half an answer`() {
        let screen = written.screen()
        screen.beginAnswer()
        screen.show(delta("half"), streams: true)
        screen.showDiagnostic("d\n")
        screen.show(delta("rest"), streams: true)
        screen.endLine()
        #expect(written.text == "half\n[d\n]rest\n")
    }

    @Test func `a sign turns while nothing comes, and goes`() {
        let screen = written.screen()
        #expect(screen.timeout == nil)
        screen.beginAnswer()
        #expect(screen.timeout == Spinner.step)
        screen.spin()
        #expect(written.text == "")
        screen.spin()
        screen.spin()
        screen.show(delta("a"), streams: true)
        #expect(screen.timeout == nil)
        #expect(written.text == "[\r- \u{8}][\r\\ \u{8}][\r  \r]a")
    }

    @Test func `without a cursor there is no sign`() {
        let screen = written.screen(hasCursor: false)
        screen.beginAnswer()
        #expect(screen.timeout == nil)
        screen.spin()
        #expect(written.text == "")
    }

    @Test func `a tool is reported now and then`() {
        let screen = written.screen(hasCursor: false)
        for number in 1...3 {
            screen.show(
                event(.toolProgress, ["name": "dig", "progress": .number("\(number)")]),
                streams: true)
        }
        #expect(written.text == "[dig: 1\n]")
    }

    // MARK: Notes

    private let passage: Value = ["id": "p", "score": .number("0.5"), "content": "one\ntwo"]

    @Test func `what was found is named, or shown`() {
        let notes = EventNotes(isVerbose: false, width: 20)
        #expect(notes.context([]) == "context: nothing was found")
        #expect(notes.context([passage, ["id": "q"]]) == "context: p, q")
        #expect(
            EventNotes(isVerbose: true, width: 20).context([passage])
                == "context:\n0.5000 p\n    one\n    two\n\n")
    }

    @Test func `what happens fits in a line, or is shown whole`() {
        let result = event(.toolResult, ["name": "n\u{1b}", "content": "a long\nlong long text"])
        #expect(
            EventNotes(isVerbose: false, width: 20).result(result) == "n\\u001b: a long lo…")
        #expect(
            EventNotes(isVerbose: true, width: 20).result(result)
                == "n\\u001b: a long\nlong long text")
        let call = event(.toolCall, ["name": "n", "arguments": "日本語日本語日本語"])
        let line = EventNotes(isVerbose: false, width: 12).call(call)
        #expect(line == "n 日本語日…")
        #expect(line.columns < 12)
    }
}
