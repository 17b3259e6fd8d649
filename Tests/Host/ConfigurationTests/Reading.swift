import Configuration
import Testing
import YAML

/// Returns the settings in a text, and all its problems.
func read(_ text: String, _ environment: [String: String] = [:]) -> (Settings?, problems: [String])
{
    let (settings, problems) = Settings.read(
        Array(text.utf8), file: "f", directory: "/etc/here", environment: environment)
    return (settings, problems.map { "\($0.mark.line):\($0.mark.column): \($0.problem)" })
}

/// Returns the settings in a text without mistakes.
func settings(_ text: String) throws -> Settings {
    let (settings, problems) = read(text)
    #expect(problems == [])
    return try #require(settings)
}

/// Returns the settings of the only plugin in a text.
func configuration(
    _ text: String, _ environment: [String: String] = [:]
) throws -> (values: [String: String], problems: [String]) {
    let plugin = try #require(try settings(text).plugins[.llmProvider]?.first)
    var problems: [String] = []
    var values: [String: String] = [:]
    for setting in plugin.configuration {
        let (value, missing) = try evaluate(setting, environment)
        values[setting.key] = value
        problems += missing
    }
    return (values, problems)
}
