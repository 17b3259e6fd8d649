import Configuration
import Testing
import YAML

/// What a text says, and everything that is wrong with it.
func read(_ text: String, _ environment: [String: String] = [:]) -> (Settings?, problems: [String])
{
    let (settings, problems) = Settings.read(
        Array(text.utf8), file: "f", directory: "/etc/here", environment: environment)
    return (settings, problems.map { "\($0.mark.line):\($0.mark.column): \($0.problem)" })
}

/// What a text without mistakes says.
func settings(_ text: String) throws -> Settings {
    let (settings, problems) = read(text)
    #expect(problems == [])
    return try #require(settings)
}

/// What the settings of a text's only plugin are.
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
