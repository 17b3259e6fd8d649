internal import Agent
internal import JSON
internal import Text

/// The lines that tell a person what happens in a run beside the answer.
struct EventNotes {
    /// True for texts as they are, false for a line each.
    let isVerbose: Bool

    /// Columns of the terminal.
    let width: Int

    /// The passages that were found.
    func context(_ passages: [Value]) -> String {
        if passages.isEmpty { return "context: nothing was found" }
        if isVerbose { return "context:\n" + passages.map(Passages.whole).joined() }
        let ids = passages.map { $0["id"]?.string ?? "" }.joined(separator: ", ")
        return line("context: \(ids)")
    }

    func call(_ event: Event) -> String {
        shown("\(name(of: event)) ", event.members["arguments"])
    }

    func progress(_ event: Event) -> String { line("\(name(of: event)): \(event.progressText)") }

    func result(_ event: Event) -> String {
        shown("\(name(of: event)): ", event.members["content"])
    }

    private func name(of event: Event) -> String {
        VisibleText(event.members["name"]?.string ?? "").description
    }

    private func shown(_ label: String, _ value: Value?) -> String {
        let text = value?.string ?? ""
        return isVerbose ? label + text : line(label + text)
    }

    /// As much as fits in a line.
    private func line(_ text: String) -> String {
        // What is too long by its characters is so by its columns.
        var shown = VisibleText(text, atMost: width).description
        if shown.columns < width { return shown }
        while !shown.isEmpty, shown.columns > width - 2 { shown.removeLast() }
        return shown + "…"
    }
}
