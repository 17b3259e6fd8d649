internal import JSON

/// A tool as its server describes it.
package struct ServerTool: Equatable, Sendable {
    package let name: String

    /// The description, written for the model. The title, if there is no description.
    package let description: String

    /// The JSON Schema of the arguments object.
    package let parameters: String

    /// The server's claims about it. Nil means that there is no claim.
    package let isReadOnly, isDestructive, isIdempotent, isOpenWorld: Bool?

    /// The arguments that are repeated as HTTP headers.
    let mirrored: [MirroredArgument]

    /// - Parameter mirroring: True if arguments are sent as headers where the schema says so.
    /// - Throws: The reason why the tool cannot be used.
    init(_ tool: Value, mirroring: Bool) throws(MalformedMessage) {
        guard let name = tool["name"]?.string, !name.isEmpty else {
            throw MalformedMessage(problem: "a tool has no name")
        }
        self.name = name
        let hints = tool["annotations"]
        let texts = [tool["description"], tool["title"], hints?["title"]]
        description = texts.lazy.compactMap { $0?.string }.first { !$0.isEmpty } ?? ""
        // Some use the names of Python's or OpenAI's descriptions of tools.
        let schemas = [tool["inputSchema"], tool["input_schema"], tool["parameters"]]
        let schema = schemas.lazy.compactMap { $0 }.first { $0.object != nil }
        parameters = InputSchema.repaired(schema ?? [:]).description
        isReadOnly = hints?["readOnlyHint"]?.bool
        isDestructive = hints?["destructiveHint"]?.bool
        isIdempotent = hints?["idempotentHint"]?.bool
        isOpenWorld = hints?["openWorldHint"]?.bool
        mirrored = mirroring ? try MirroredArgument.all(in: schema ?? [:]) : []
    }
}
