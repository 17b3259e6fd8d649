import ArgumentParser
import Command
import Plugin
import PluginCommand
import Settings

/// The filter itself, and the answer to one prompt.
struct GenerateRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Answer a prompt, or each record; what is done without a subcommand.")

    @Argument(
        help: ArgumentHelp(
            "Answer this as plain text, instead of reading records from standard input.",
            valueName: "prompt"))
    var prompt: String?

    @OptionGroup var options: Options

    func validate() throws { try options.validate(prompt) }

    func work() async throws -> ExitStatus { try await options.answer(prompt) }
}

extension GenerateRecords {
    struct Options: ParsableArguments {
        @OptionGroup(title: "What the model is told")
        var telling: TellingOptions

        @OptionGroup(title: "What is printed")
        var printing: PrintingOptions

        @OptionGroup(title: "Choosing the plugin")
        var plugin: PluginOptions

        @OptionGroup(title: "Reading and writing records")
        var filtering: FilterOptions

        func validate(_ prompt: String?) throws {
            if prompt == nil, telling.nullInput, telling.template == nil {
                throw ValidationError("--null-input needs a prompt or a template")
            }
            if prompt != nil, filtering.null || filtering.field != nil || filtering.errors != nil {
                throw ValidationError(
                    "--null, --field and --errors are for records, not for a prompt")
            }
        }

        func answer(_ prompt: String?) async throws -> ExitStatus {
            let template = try telling.template.map { name in try PromptTemplate(named: name) }
            var settings = Generator.Settings(
                prompt: try telling.prompt(template), field: filtering.field,
                tools: try telling.allTools(), schema: try telling.answerSchema(template),
                options: template?.options ?? [:])
            let isOneShot = prompt != nil || telling.nullInput
            let extracts = printing.extract || template?.extracts == true
            settings.extracts = extracts && (!isOneShot || printing.json)
            if filtering.quiet { Talk.beQuiet() }
            let context =
                isOneShot && !telling.nullInput
                ? try await InputContext.read(isText: filtering.text) : InputContext()
            let question = isOneShot ? context.record(asking: prompt ?? "") : nil
            var plugin = plugin
            plugin.setModel(telling.model, standard: template?.model)
            return try await withChosenPlugin(
                .llmProvider, plugin, isDebugging: filtering.debug, start: filtering.start
            ) { [settings] plugin in
                let timeout = filtering.timeout?.duration ?? Generator.defaultTimeout
                let generator = Generator(LLM(plugin, timeout: timeout), settings)
                defer { if printing.usage { Talk.error("used \(generator.usage)") } }
                if let question {
                    let form: Ask.Form = printing.json ? .json : extracts ? .code : .text
                    let streams =
                        form == .text
                        ? printing.stream != false && settings.schema == nil
                        : printing.stream == true
                    return try await Ask(generator, form, streams: streams && form != .code)
                        .run(question)
                }
                let events = printing.stream == true ? Interjections() : nil
                let stage = GenerateStage(generator, filtering, events: events)
                return try await filter(through: stage, filtering, interjections: events).status
            }
        }
    }
}
