/// A model's thoughts before it answers: never part of the answer.
public struct Reasoning: Equatable, Sendable {
    /// For people.
    public var text: String

    /// JSON with which the model's server knows its thoughts again; empty if it needs none. The
    /// host keeps it with the message and hands it back to whichever plugin answers next.
    public var details: String

    public init(text: String = "", details: String = "") {
        self.text = text
        self.details = details
    }
}
