/// The result of a tool.
package struct ToolAnswer: Equatable, Sendable {
    package let text: String
    package let metadata: [String: String]

    init(_ text: String, metadata: [String: String] = [:]) {
        self.text = text
        self.metadata = metadata
    }
}
