package import JSON

extension Record {
    /// The members that may hold a record's text; the first one present counts.
    private static let contentKeys = ["content", "text", "input", "prompt"]

    /// Returns the record's text.
    ///
    /// - Parameter field: The member to read; nil for the usual ones, including the `body` of an
    ///   OpenAI Batch line.
    /// - Throws: An error if there is no such member or it is not a string.
    package func content(field: String?) throws(RecordError) -> String {
        let text: String?
        do {
            text = if let field { try string(field) } else { try usualContent() }
        } catch {
            throw RecordError("invalid_content", error.problem)
        }
        if let text { return text }
        if let field { throw RecordError("no_content", "no text in member '\(field)'") }
        throw RecordError(
            "no_content",
            "no member 'content' (or 'text', 'input', 'prompt'); name another with --field")
    }

    /// Returns the text to embed: that of ``content(field:)``, behind the record's `context`, such as
    /// the headings that its text stands under.
    ///
    /// - Parameter text: The record's text.
    package func embedded(_ text: String, field: String?) -> String {
        guard field == nil, let context = value("context")?.string, !context.isEmpty else {
            return text
        }
        return "\(context)\n\n\(text)"
    }

    private func usualContent() throws(JSONError) -> String? {
        for key in Self.contentKeys {
            if let text = try string(key) { return text }
        }
        if case .string(let text)? = value("body")?["input"] { return text }
        return nil
    }
}
