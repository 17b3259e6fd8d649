internal import JSON
internal import JSONSchema
internal import Plugin
internal import Unix

/// Prints each tool that may run or be asked about: a function tool of
/// OpenAI's with MCP's annotations, as a line of JSON.
package func printTools(of toolbox: Toolbox, _ permissions: Permissions) async throws {
    let lines = try await toolbox.offers().map { offer in
        if case .refuse = permissions.verdict(on: offer.tool) { return "" }
        return "\(offer.description)\n"
    }
    try writeToStandardOutput(lines.joined())
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
