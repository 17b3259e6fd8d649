internal import JSON
package import PluginHost
internal import Unix

/// Prints an embedder's description of itself as a line of JSON.
package func printInfo(of plugin: Plugin, timeout: Duration) async throws {
    let embedder = Embedder(plugin, timeout: timeout)
    let info = try await embedder.info()
    var json = Array(#"{"plugin":"#.utf8)
    json.appendJSON(string: plugin.name)
    json += #","model":"#.utf8
    json.appendJSON(string: info.modelName)
    json += #","dimension":"#.utf8
    json.appendJSON(int: info.dimension)
    if let alpha = await embedder.alpha() {
        json += #","alpha":"#.utf8
        json.appendJSON(float: alpha)
    }
    try writeToStandardOutput(String(decoding: json, as: UTF8.self) + "}\n")
}
