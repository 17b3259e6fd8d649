/// The reason why a filter could not process a record.
struct Refusal: Sendable {
    /// A word for scripts, as in the `error` of a record.
    let code: String
    let reason: String

    /// The codes that the plugin itself answers. With any other code, the call may have succeeded
    /// and its answer been lost.
    private static let certain = [
        "plugin_error", "invalid_argument", "not_found", "not_permitted", "resource_exhausted",
        "unsupported", "configuration",
    ]

    /// True if the work has certainly not been done.
    var isCertain: Bool { Self.certain.contains(code) }

    /// True if a rate or a quota was exhausted, so that the work may be done later.
    var isExhausted: Bool { code == "resource_exhausted" }
}
