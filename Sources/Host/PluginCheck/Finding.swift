/// A problem of a plugin with one point of the contract.
struct Finding: Error {
    /// The message in lower case, without a full stop.
    let message: String

    /// The details that help to find the reason, by name.
    var details: [(name: String, text: String)] = []

    /// True if an answer did not come in time, so that the plugin may be frozen.
    var isSilence = false

    init(_ message: String, _ details: [(name: String, text: String)] = []) {
        self.message = message
        self.details = details
    }

    /// Makes a finding about something that is not as it should be.
    init(_ message: String, expected: String, found: String) {
        self.init(message, [("expected", expected), ("found", found)])
    }
}

/// The error that a point does not apply to a plugin.
struct Inapplicable: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
