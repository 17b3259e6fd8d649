internal import JSON
package import PluginHost
internal import Unix

/// Prints a language model's description of itself as a line of JSON.
package func printModelInfo(of plugin: Plugin, timeout: Duration) async throws {
    let info = try await LLM(plugin, timeout: timeout).info()
    var json = Array(#"{"plugin":"#.utf8)
    json.appendJSON(string: plugin.name)
    json += #","model":"#.utf8
    json.appendJSON(string: info.modelName)
    json += #","max_tokens":"#.utf8
    json.appendJSON(int: info.maxTokens)
    json += #","temperature":"#.utf8
    json.appendJSON(float: Float(info.temperature))
    try writeToStandardOutput(String(decoding: json, as: UTF8.self) + "}\n")
}
