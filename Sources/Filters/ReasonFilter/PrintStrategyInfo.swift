internal import JSON
package import PluginHost
internal import Unix

/// Prints a strategy's description of itself as a line of JSON.
package func printStrategyInfo(of plugin: Plugin, timeout: Duration) async throws {
    let info = try await Strategy(plugin, timeout: timeout).info()
    var members: Members = ["plugin": .string(plugin.name)]
    for (key, value) in info.members { members.append(key, value) }
    try writeToStandardOutput("\(Value.object(members))\n")
}

/// Prints a strategy's parts of a system prompt as a line of JSON.
package func printPromptSlots(of plugin: Plugin, timeout: Duration) async throws {
    let slots = try await Strategy(plugin, timeout: timeout).promptSlots()
    try writeToStandardOutput("\(Value.object(slots.members))\n")
}
