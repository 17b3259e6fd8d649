internal import FilterKit
internal import JSON
internal import Synchronization
internal import Unix
internal import Waiting

/// Shows the events of runs on standard output.
package final class Output: Sendable {
    package enum Form: Sendable {
        /// A line of JSON for each event.
        case events
        /// The answer, as it comes.
        case text
        /// The answer, once it is known to be one: without the text before a tool is called.
        case answer
    }

    private let form: Form
    private let shown = Mutex(Shown())
    private let lock = Semaphore(1)

    /// The state of the screen.
    private struct Shown {
        var endsLine = true
        var hasText = false
        var lastReport: ContinuousClock.Instant?
    }

    // One task writes at a time: the one whose turn it is.
    private let writer = LineWriter()

    package init(_ form: Form) { self.form = form }

    /// True if the output of several runs may be mixed, since each line names its run.
    var mayMix: Bool { form == .events }

    /// - Throws: `OutputError` if the output cannot be written.
    package func show(_ event: Event, run: String) async throws {
        switch form {
        case .events:
            let line = event.json(run: run, time: "\(Timestamp.now)")
            try await write(line + [UInt8(ascii: "\n")])
        case .answer:
            if case .finished = event.kind { try await write(Self.line(event.members["answer"])) }
        case .text:
            try await showText(event)
        }
        try await showToPerson(event)
    }

    /// Waits until all is written.
    package func finish() async throws { try await writer.finish() }

    private func showText(_ event: Event) async throws {
        switch event.kind {
        case .delta:
            let text = Array((event.members["text"]?.string ?? "").utf8)
            shown.withLock { shown in
                shown.hasText = true
                shown.endsLine = text.last == UInt8(ascii: "\n")
            }
            try await write(text)
        case .toolCall:
            try await endLine()
            // That text was not the answer yet.
            shown.withLock { $0.hasText = false }
        case .failed:
            try await endLine()
            shown.withLock { $0.hasText = false }
            // The message about it on standard error comes after it.
            let permit = await lock.acquire()
            defer { permit.release() }
            try await writer.finish()
        case .finished:
            // A stage that is the user's own command may not stream.
            if !shown.withLock({ $0.hasText }) {
                try await write(Self.line(event.members["answer"]))
            }
            try await endLine()
            shown.withLock { $0 = Shown() }
        case .started, .context, .toolProgress, .toolResult, .usage: break
        }
    }

    private func endLine() async throws {
        let mustEnd = shown.withLock { shown in
            defer { shown.endsLine = true }
            return !shown.endsLine
        }
        if mustEnd { try await write([UInt8(ascii: "\n")]) }
    }

    /// Shows the user, on standard error, the reason for a wait.
    private func showToPerson(_ event: Event) async throws {
        guard form != .events, isStandardErrorTerminal, let text = Self.note(of: event),
            isDue(event)
        else { return }
        // Both may be one terminal, where this comes after the earlier output.
        let permit = await lock.acquire()
        defer { permit.release() }
        try await writer.finish()
        Diagnostics.warn(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// Returns the line for the user about an event: the context that is sent to the model with the
    /// question, and the tools that are called.
    private static func note(of event: Event) -> String? {
        switch event.kind {
        case .context: return note(ofContext: event.members)
        case .toolCall:
            let name = event.members["name"]?.string ?? ""
            return "calls \(name) \(short(event.members["arguments"]?.string ?? ""))"
        case .toolProgress:
            return "\(event.members["name"]?.string ?? ""): \(short(event.progressText))"
        default: return nil
        }
    }

    private static func note(ofContext members: Members) -> String {
        let files = (members["files"]?.array ?? []).map { file in
            let name = file["name"]?.string ?? ""
            let shown = name == InputContext.standardInput ? "standard input" : "'\(name)'"
            return "\(shown) (\(file["bytes"] ?? 0) bytes)"
        }
        let ids = (members["results"]?.array ?? []).map { $0["id"]?.string ?? "" }
        let stores = (members["stores"]?.array ?? []).compactMap(\.string)
        let place = stores.joined(separator: ", ")
        var parts = files.isEmpty ? [] : ["sends the model \(short(files.joined(separator: ", ")))"]
        if !ids.isEmpty {
            let from = stores.isEmpty ? "passages" : "from \(place)"
            parts.append("sends the model \(from): \(short(ids.joined(separator: ", ")))")
        } else if !stores.isEmpty {
            parts.append("found nothing in \(place) to send to the model")
        }
        return parts.joined(separator: "; ")
    }

    /// False for a tool's report that comes before a person can have read the last.
    private func isDue(_ event: Event) -> Bool {
        guard case .toolProgress = event.kind else { return true }
        let now = ContinuousClock.now
        return shown.withLock { shown in
            if let last = shown.lastReport, now - last < .seconds(2) { return false }
            shown.lastReport = now
            return true
        }
    }

    private static func short(_ text: String) -> String {
        text.count > 200 ? "\(text.prefix(200))…" : text
    }

    private func write(_ bytes: [UInt8]) async throws {
        let permit = await lock.acquire()
        defer { permit.release() }
        writer.append(bytes)
        try await writer.flush()
    }

    private static func line(_ answer: Value?) -> [UInt8] {
        let text = answer?.string ?? ""
        return Array((text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8)
    }
}
