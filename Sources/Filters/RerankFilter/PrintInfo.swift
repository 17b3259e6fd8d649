internal import JSON
package import PluginHost
internal import Unix

/// Prints a reranker's description of itself as a line of JSON.
package func printRerankerInfo(of plugin: Plugin, timeout: Duration) async throws {
    let info = try await Reranker(plugin, timeout: timeout).info()
    var json = Array(#"{"plugin":"#.utf8)
    json.appendJSON(string: plugin.name)
    json += #","model":"#.utf8
    json.appendJSON(string: info.modelName)
    if info.maxTokens > 0 {
        json += #","max_tokens":"#.utf8
        json.appendJSON(int: info.maxTokens)
    }
    try writeToStandardOutput(String(decoding: json, as: UTF8.self) + "}\n")
}
