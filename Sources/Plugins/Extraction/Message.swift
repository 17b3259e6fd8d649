/// A single turn of a conversation.
package struct Message: Equatable, Sendable {
    /// The role: user, assistant, system or tool.
    package var role: String
    package var content: String
    package var calls: [Call]

    /// The id of the call that a tool's message answers.
    package var callID: String

    package init(_ role: String, _ content: String, calls: [Call] = [], callID: String = "") {
        self.role = role
        self.content = content
        self.calls = calls
        self.callID = callID
    }
}

/// A tool call to make, or one that was made.
package struct Call: Equatable, Sendable {
    package var id: String
    package var name: String

    /// A JSON object.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A tool that may be called.
package struct Tool: Equatable, Sendable {
    package var name: String

    /// The JSON Schema of the arguments.
    package var parameters: String

    package init(name: String, parameters: String) {
        self.name = name
        self.parameters = parameters
    }
}
