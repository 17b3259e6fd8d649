/// A problem that kept a document out of the collection.
package struct Problem: Error, Equatable {
    /// The name of the document.
    package let name: String

    /// The failure, and its reason if that may apply to other documents as well.
    package let event, reason: String

    /// True if a rate or a quota was the reason, so that a later run may succeed.
    package let isExhausted: Bool

    package var message: String { reason.isEmpty ? event : "\(event): \(reason)" }

    init(name: String, message: String) {
        self.name = name
        event = message
        reason = ""
        isExhausted = false
    }

    /// - Parameter verb: The action on the document that failed.
    init(_ verb: String, _ name: String, _ refusal: Refusal) {
        self.name = name
        event = "cannot \(verb) '\(name)'"
        reason = refusal.reason
        isExhausted = refusal.isExhausted
    }
}
