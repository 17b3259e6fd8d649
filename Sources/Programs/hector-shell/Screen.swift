import Agent
import FilterKit
import JSON
import Shell
import Unix

/// What a person sees of answers: on standard output, with what is said about them on standard
/// error.
@MainActor final class Screen {
    private let isInteractive: Bool
    private let hasCursor: Bool
    private let isTerminal = isStandardOutputTerminal
    private var hasGone = false
    var isStyled: Bool
    var isVerbose = false

    private var markup = MarkdownStyling()
    private var endsLine = true
    private var hasText = false

    /// Whether nothing arrives, and nobody else may use the terminal.
    private var isWaiting = false
    private var turns = 0
    private static let spinner = ["|", "/", "-", "\\"]

    /// A person reads one report of a tool in so much time.
    private static let pauseBetweenReports = Duration.seconds(2)
    private var lastReport: ContinuousClock.Instant?

    /// How long the spinner takes for a step. It appears after two.
    static let step = Duration.milliseconds(120)

    init(isInteractive: Bool, environment: [String: String]) {
        self.isInteractive = isInteractive
        hasCursor = isInteractive && isStandardErrorTerminal && !isTerminalDumb
        isStyled =
            isInteractive && isStandardOutputTerminal && !isTerminalDumb
            && (environment["NO_COLOR"] ?? "").isEmpty
    }

    // MARK: Answers

    func beginAnswer() {
        (endsLine, hasText, isWaiting, turns) = (true, false, true, 0)
        markup = MarkdownStyling()
    }

    /// - Parameter streams: Whether text is shown before it is known to be the answer.
    func show(_ event: Event, streams: Bool) {
        switch event.kind {
        case .delta where streams: showText(event.members["text"]?.string ?? "")
        case .delta, .started, .usage: break
        case .context:
            note(contextNote(event.members["results"]?.array ?? []))
        case .toolCall:
            endLine()
            // What was said before is no answer yet.
            hasText = false
            note(shown("\(name(of: event)) ", event.members["arguments"]))
            isWaiting = false
        case .toolProgress:
            let now = ContinuousClock.now
            if let lastReport, now - lastReport < Self.pauseBetweenReports { break }
            lastReport = now
            note(line("\(name(of: event)): \(event.progressText)"))
        case .toolResult:
            note(shown("\(name(of: event)): ", event.members["content"]))
            isWaiting = true
        case .finished:
            if !hasText { showText(event.members["answer"]?.string ?? "") }
            endLine()
        case .failed: endLine()
        }
    }

    private func showText(_ text: String) {
        if text.isEmpty { return }
        stopWaiting()
        hasText = true
        endsLine = text.last?.isNewline == true
        if isStyled {
            writeControls(markup.feed(VisibleText(lines: text).description))
        } else {
            write(text)
        }
    }

    /// Goes on after a key such as ^C, which the terminal has shown where the cursor was.
    func beginLineAfterKey() {
        stopWaiting()
        if hasCursor { writeToStandardError("\n") }
        endsLine = true
    }

    /// Ends what came of an answer, so that something else can be shown.
    func endLine() {
        stopWaiting()
        if isStyled { writeControls(markup.finish()) }
        if !endsLine { write("\n") }
        endsLine = true
    }

    // MARK: What is said about them

    private func name(of event: Event) -> String {
        VisibleText(event.members["name"]?.string ?? "").description
    }

    private func shown(_ label: String, _ value: Value?) -> String {
        let text = value?.string ?? ""
        return isVerbose ? label + text : line(label + text)
    }

    /// As much as fits in a line.
    private func line(_ text: String) -> String {
        let width = terminalWidth ?? 100
        // What is too long by its characters is so by its columns.
        var shown = VisibleText(text, atMost: width).description
        if Table.width(of: shown) < width { return shown }
        while !shown.isEmpty, Table.width(of: shown) > width - 2 { shown.removeLast() }
        return shown + "…"
    }

    private func contextNote(_ passages: [Value]) -> String {
        if passages.isEmpty { return "context: nothing was found" }
        if isVerbose { return "context:\n" + passages.map(Passages.whole).joined() }
        let ids = passages.map { $0["id"]?.string ?? "" }.joined(separator: ", ")
        return line("context: \(ids)")
    }

    /// Shows a line about the run, which a script gets only if it asks for it.
    func note(_ text: String) {
        guard isInteractive || isVerbose else { return }
        let wasWaiting = isWaiting
        stopWaiting()
        say(text.hasSuffix("\n") ? text : text + "\n", style: "2")
        isWaiting = wasWaiting
    }

    /// Shows what somebody else has said, which a terminal may get.
    func talk(_ text: String) {
        let wasWaiting = isWaiting
        stopWaiting()
        if !endsLine, isStandardOutputTerminal { endLine() }
        writeToStandardError(text)
        isWaiting = wasWaiting
    }

    private func say(_ text: String, style: String) {
        let isStyled = isStyled && isStandardErrorTerminal
        let text = VisibleText(lines: text).description
        writeControlsToStandardError(
            isStyled ? "\u{1b}[\(style)m\(text.dropLast())\u{1b}[22m\n" : text)
    }

    // MARK: Output

    /// Writes what was asked for.
    func write(_ text: String) {
        writeControls(isTerminal ? VisibleText(lines: text).description : text)
    }

    /// Writes visible text with control sequences in it.
    func writeControls(_ text: String) {
        if hasGone { return }
        do { try Unix.writeControls(text) } catch OutputError.closed { dieOfBrokenPipe() } catch {
            // A terminal that has gone sends SIGHUP, too.
            hasGone = isTerminal
            if hasGone { return }
            Diagnostics.divert(to: nil)
            Diagnostics.error("\(error)")
            endProcess(ExitStatus.ioError.rawValue)
        }
    }

    // MARK: Waiting

    /// The longest to wait before ``spin()``, or nil for ever.
    var longestWait: Duration? { isWaiting && hasCursor && endsLine ? Self.step : nil }

    func spin() {
        guard longestWait != nil else { return }
        turns += 1
        if turns > 1 {
            writeControlsToStandardError("\r\(Self.spinner[turns % Self.spinner.count]) \u{8}")
        }
    }

    private func stopWaiting() {
        if isWaiting, hasCursor, turns > 1 { writeControlsToStandardError("\r  \r") }
        (isWaiting, turns) = (false, 0)
    }
}
