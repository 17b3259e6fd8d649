/// The thoughts of a model before its answer. They are never part of the answer.
public struct Reasoning: Equatable, Sendable {
    /// For people.
    public var text: String

    /// JSON by which the model's server recognizes its thoughts; empty if it does not need any. The
    /// host keeps it with the message and hands it to the plugin that answers next, whichever that
    /// is.
    public var details: String

    public init(text: String = "", details: String = "") {
        self.text = text
        self.details = details
    }
}
