internal import Agent
internal import FilterKit
internal import JSON
internal import Text
internal import Unix

/// The user's view: answers on standard output, and notes about them on standard error.
@MainActor final class Screen {
    let isInteractive: Bool
    var isStyled: Bool
    var isVerbose = false

    private let streams: ScreenStreams
    private var answer = AnswerText()
    private var spinner: Spinner

    /// True once the terminal of standard output has been closed.
    private var hasGone = false

    private var lastReport: ContinuousClock.Instant?

    /// The time that a user needs to read a tool's report.
    private static let pauseBetweenReports = Duration.seconds(2)

    init(isInteractive: Bool, isStyled: Bool, streams: ScreenStreams = .standard) {
        self.isInteractive = isInteractive
        self.isStyled = isStyled
        self.streams = streams
        spinner = Spinner(hasCursor: isInteractive && streams.hasCursor)
    }

    /// The screen of this process.
    convenience init(isInteractive: Bool, environment: [String: String]) {
        self.init(
            isInteractive: isInteractive,
            isStyled: isInteractive && isStandardOutputTerminal && !isTerminalDumb
                && (environment["NO_COLOR"] ?? "").isEmpty)
    }

    // MARK: Answers

    func beginAnswer() {
        answer.begin()
        spinner.begin()
    }

    /// - Parameter streams: True if text is shown before it is known to be the answer.
    func show(_ event: Event, streams: Bool) {
        switch event.kind {
        case .delta where streams: showText(event.members["text"]?.string ?? "")
        case .delta, .started, .usage: break
        case .context: note(notes.context(event.members["results"]?.array ?? []))
        case .toolCall:
            endLine()
            answer.discount()
            note(notes.call(event))
            spinner.resume(false)
        case .toolProgress:
            let now = ContinuousClock.now
            if let lastReport, now - lastReport < Self.pauseBetweenReports { break }
            lastReport = now
            note(notes.progress(event))
        case .toolResult:
            note(notes.result(event))
            spinner.resume(true)
        case .finished:
            if !answer.isBegun { showText(event.members["answer"]?.string ?? "") }
            endLine()
        case .failed: endLine()
        }
    }

    private func showText(_ text: String) {
        if text.isEmpty { return }
        stopWaiting()
        let text = answer.add(text, isStyled: isStyled)
        if isStyled { writeControls(text) } else { write(text) }
    }

    /// Starts a new line after a key such as ^C, which the terminal has shown at the cursor.
    func beginLineAfterKey() {
        stopWaiting()
        if isInteractive, streams.hasCursor { streams.writeError("\n") }
        answer.noteLineEnded()
    }

    /// Ends the line of an answer, so that something else can be shown.
    func endLine() {
        stopWaiting()
        let end = answer.endLine(isStyled: isStyled)
        if !end.isEmpty { writeControls(end) }
    }

    // MARK: Notes

    private var notes: EventNotes {
        EventNotes(isVerbose: isVerbose, width: terminalWidth ?? 100)
    }

    /// Shows a line about the run; in a script only on request.
    func note(_ text: String) {
        guard isInteractive || isVerbose else { return }
        whileNotWaiting {
            let line = VisibleText(lines: text.hasSuffix("\n") ? text : text + "\n").description
            let isStyled = isStyled && streams.isErrorTerminal
            streams.writeError(isStyled ? "\u{1b}[2m\(line.dropLast())\u{1b}[22m\n" : line)
        }
    }

    /// Shows lines of another part of the program, which are safe for a terminal.
    func showDiagnostic(_ text: String) {
        whileNotWaiting {
            if !answer.endsLine, streams.isOutputTerminal { endLine() }
            streams.writeError(VisibleText(lines: text).description)
        }
    }

    private func whileNotWaiting(_ body: () -> Void) {
        let wasWaiting = spinner.isWaiting
        stopWaiting()
        body()
        spinner.resume(wasWaiting)
    }

    // MARK: Output

    /// Writes the output that the user asked for.
    func write(_ text: String) {
        writeControls(streams.isOutputTerminal ? VisibleText(lines: text).description : text)
    }

    /// Writes visible text with control sequences in it.
    func writeControls(_ text: String) {
        if hasGone { return }
        do { try streams.writeOutput(text) } catch OutputError.closed { dieOfBrokenPipe() } catch {
            // A terminal that is closed also causes SIGHUP.
            hasGone = streams.isOutputTerminal
            if hasGone { return }
            Diagnostics.divert(to: nil)
            Diagnostics.error("\(error)")
            endProcess(ExitStatus.ioError.rawValue)
        }
    }

    // MARK: Waiting

    /// The longest time to wait before ``spin()``; nil for no limit.
    var timeout: Duration? { answer.endsLine ? spinner.timeout : nil }

    func spin() {
        guard timeout != nil, let step = spinner.turn() else { return }
        streams.writeError(step)
    }

    private func stopWaiting() {
        if let erasure = spinner.stop() { streams.writeError(erasure) }
    }
}
