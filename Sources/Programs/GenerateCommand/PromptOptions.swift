import ArgumentParser
import FilterKit
import GenerateFilter
import PluginHost

/// The options for a model's prompt besides the text.
struct PromptOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Give the model this system prompt.", valueName: "text"))
    var system: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Use this template: a name, or a path with a slash.", valueName: "name"))
    var template: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set a variable of the template; repeat for more.", valueName: "key=value"))
    var param: [String] = []

    @Option(
        help: ArgumentHelp(
            "The schema of the answer: JSON Schema, the short form 'name, age int', or a file.",
            valueName: "schema"))
    var schema: String?

    @Option(
        name: [.customShort("T"), .long],
        help: ArgumentHelp("Offer the tools in this file; repeat for more.", valueName: "file"))
    var tools: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The model; the same as -o model=NAME.", valueName: "name"))
    var model: String?

    @Flag(name: .shortAndLong, help: "Do not read standard input.")
    var nullInput = false

    func validate() throws {
        try SettingArguments.validate(param, of: "--param", form: "KEY=VALUE or KEY VALUE")
        if !param.isEmpty, template == nil {
            throw ValidationError("--param needs a template to set a variable of: give --template")
        }
    }

    func prompt(_ template: PromptTemplate?) throws -> Prompt {
        try Prompt(
            system: system, template: template, parameters: try SettingArguments.values(param))
    }

    func answerSchema(_ template: PromptTemplate?) throws -> AnswerSchema? {
        if let schema { return try AnswerSchema(argument: schema) }
        return template?.schema.map { AnswerSchema($0) }
    }
}

/// Joins `-p key value`, which ArgumentParser cannot read, to `-p key=value`.
func joiningParameters(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
        joined.append(argument)
        if argument == "--" { break }
        guard argument == "-p" || argument == "--param", let key = rest.first,
            !key.contains("="), rest.count > 1
        else { continue }
        rest.removeFirst()
        joined.append("\(key)=\(rest.removeFirst())")
    }
    return joined + rest
}
