internal import JSON
internal import JSONSchema
internal import Plugin
internal import Unix

/// Prints each tool that may run or be asked about: a function tool of
/// OpenAI's with MCP's annotations, as a line of JSON.
package func printTools(of toolbox: Toolbox, _ permissions: Permissions) async throws {
    let tools = try await tools(of: toolbox, permissions)
    try writeToStandardOutput(tools.map { "\($0)\n" }.joined())
}

/// Prints the same tools as one record.
package func printOffer(of toolbox: Toolbox, _ permissions: Permissions) async throws {
    let tools = Value.array(try await tools(of: toolbox, permissions))
    try writeToStandardOutput("\(Value.object(["tools": tools]))\n")
}

private func tools(of toolbox: Toolbox, _ permissions: Permissions) async throws -> [Value] {
    try await toolbox.offers().compactMap { offer in
        let verdict = permissions.verdict(on: offer.tool, ownName: offer.ownName)
        if case .refuse = verdict { return nil }
        return offer.description
    }
}

extension Toolbox.Offer {
    fileprivate var description: Value {
        var description = Members([
            ("type", "function"),
            (
                "function",
                [
                    "name": .string(tool.name), "description": .string(tool.description),
                    "parameters": (try? schema.get().source) ?? [:],
                ]
            ),
            ("plugin", .string(pluginName)),
        ])
        if !tool.serverURL.isEmpty { description.append("server", .string(tool.serverURL)) }
        if let annotations = tool.hints.annotations {
            description.append("annotations", annotations)
        }
        return .object(description)
    }
}
