package import JSON
internal import JSONSchema
internal import PluginFilterKit
package import PluginHost
internal import Taint
internal import Unix

/// Prints each tool that may run or be asked about as a line of JSON: a function tool in OpenAI's
/// format with MCP's annotations.
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
    offered(try await toolbox.offers(), permissions)
}

/// Returns the tools to offer to a model, if they differ from those offered before: `tools`, and in
/// `missing` the reason if a plugin no longer has any.
package func changedTools(
    of toolbox: Toolbox, _ permissions: Permissions
) async throws(PluginError) -> Members? {
    guard let offers = try await toolbox.refreshedOffers() else { return nil }
    var members: Members = ["tools": .array(offered(offers, permissions))]
    if let reason = toolbox.reasonForAbsence { members.append("missing", .string(reason)) }
    return members
}

private func offered(_ offers: [Toolbox.AvailableTool], _ permissions: Permissions) -> [Value] {
    offers.compactMap { available in
        let verdict = permissions.verdict(on: available.tool, ownName: available.ownName)
        if case .refuse = verdict { return nil }
        return available.description
    }
}

extension Toolbox.AvailableTool {
    fileprivate var description: Value {
        let function: Value = [
            "name": .string(tool.name), "description": .string(tool.description),
            "parameters": (try? schema.get().source) ?? [:],
        ]
        var description: Members = [
            "type": "function", "function": function, "plugin": .string(pluginName),
        ]
        if !tool.serverURL.isEmpty { description.append("server", .string(tool.serverURL)) }
        if let annotations = tool.hints.annotations {
            description.append("annotations", annotations)
        }
        // The user has chosen the plugin, but the server's words are the server's.
        let mark = TaintMark(
            definition: function,
            sources: TaintSources(
                tool.isOfServer ? [TaintSources.descriptions(ofPlugin: pluginName)] : []),
            key: try? TaintKey.ofUser.get())
        for (key, value) in mark.members { description.append(key, value) }
        return .object(description)
    }
}
