/// Why a filter could not do with a record what it should.
struct Refusal: Sendable {
    /// One word for scripts, as in the record's `error`.
    let code: String
    let reason: String

    /// Of answers to a call; any other may have got lost after the call was done.
    private static let certain = [
        "plugin_error", "invalid_argument", "not_found", "not_permitted", "resource_exhausted",
        "unsupported", "configuration",
    ]

    /// Whether it has certainly not been done.
    var isCertain: Bool { Self.certain.contains(code) }

    /// Whether a rate or a quota was, so that it may be done later.
    var isExhausted: Bool { code == "resource_exhausted" }
}
