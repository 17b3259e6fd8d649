internal import JSON
package import PluginHost
internal import Unix

/// Prints an embedder's description of itself as a line of JSON.
package func printInfo(of plugin: Plugin, timeout: Duration) async throws {
    let info = try await Embedder(plugin, timeout: timeout).info()
    var json = Array(#"{"plugin":"#.utf8)
    json.appendJSON(string: plugin.name)
    json += #","model":"#.utf8
    json.appendJSON(string: info.modelName)
    json += #","dimension":"#.utf8
    json.appendJSON(int: info.dimension)
    try writeToStandardOutput(String(decoding: json, as: UTF8.self) + "}\n")
}
