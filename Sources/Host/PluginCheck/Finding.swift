/// What is wrong with a plugin at one point of the contract.
struct Finding: Error {
    /// Lower case, without a full stop.
    let message: String

    /// What else helps to find the reason, by name.
    var details: [(name: String, text: String)] = []

    /// Whether an answer did not come in time, so that the plugin may be frozen.
    var isSilence = false

    init(_ message: String, _ details: [(name: String, text: String)] = []) {
        self.message = message
        self.details = details
    }

    /// Something that is not as it should be.
    init(_ message: String, expected: String, found: String) {
        self.init(message, [("expected", expected), ("found", found)])
    }
}

/// That a point does not apply to a plugin.
struct Inapplicable: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
