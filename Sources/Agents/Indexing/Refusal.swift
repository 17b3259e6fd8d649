/// The reason why a filter could not process a record.
struct Refusal: Sendable {
    /// A single word for scripts, as in the record's `error`.
    let code: String
    let reason: String

    /// The codes of answers to a call. After any other code the call may have been done and its
    /// answer lost.
    private static let certain = [
        "plugin_error", "invalid_argument", "not_found", "not_permitted", "resource_exhausted",
        "unsupported", "configuration",
    ]

    /// True if the work has certainly not been done.
    var isCertain: Bool { Self.certain.contains(code) }

    /// True if a rate or a quota was exhausted, so that the work may be done later.
    var isExhausted: Bool { code == "resource_exhausted" }
}
