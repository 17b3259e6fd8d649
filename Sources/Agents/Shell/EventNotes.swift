internal import Agent
internal import JSON
internal import Text

/// The lines that show the events of a run beside the answer.
struct EventNotes {
    /// True for whole texts, false for a line each.
    let isVerbose: Bool

    /// The number of columns of the terminal.
    let width: Int

    /// Returns the lines for the passages that were found.
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

    /// Returns as much of the text as fits in a line.
    private func line(_ text: String) -> String {
        // A text with too many characters also takes too many columns.
        var shown = VisibleText(text, atMost: width).description
        if Table.width(of: shown) < width { return shown }
        while !shown.isEmpty, Table.width(of: shown) > width - 2 { shown.removeLast() }
        return shown + "…"
    }
}
