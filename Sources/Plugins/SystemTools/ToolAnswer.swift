/// The result of a tool.
package struct ToolAnswer: Equatable, Sendable {
    package let text: String
    package let metadata: [String: String]

    /// The metadata of a result that has what others may have written. The host marks it as one that
    /// is not trusted.
    static let foreign = ["foreign": "true"]

    init(_ text: String, metadata: [String: String] = [:]) {
        self.text = text
        self.metadata = metadata
    }
}
