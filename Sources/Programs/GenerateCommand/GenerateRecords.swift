import ArgumentParser
import Configuration
import FilterKit
import GenerateFilter
import JSON
import PluginFilterKit
import PluginHost

/// The filter itself, and the answer to one prompt.
struct GenerateRecords: Program {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Answer a prompt, or each record; the default subcommand.")

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
        @OptionGroup(title: "The prompt")
        var prompting: PromptOptions

        @OptionGroup(title: "Output")
        var printing: PrintingOptions

        @OptionGroup(title: "Choosing the plugin")
        var plugin: PluginOptions

        @OptionGroup(title: "Reading and writing records")
        var filtering: FilterOptions

        func validate(_ prompt: String?) throws {
            if prompt == nil, prompting.nullInput, prompting.template == nil {
                throw ValidationError("--null-input needs a prompt or a template")
            }
            if prompt != nil, filtering.null || filtering.field != nil || filtering.errors != nil {
                throw ValidationError(
                    "--null, --field and --errors are for records, not for a prompt")
            }
        }

        func answer(_ prompt: String?) async throws -> ExitStatus {
            let template = try prompting.template.map { name in try PromptTemplate(named: name) }
            let (tools, toolSources) = try ToolFile.read(prompting.tools)
            var settings = Generator.Settings(
                prompt: try prompting.prompt(template), field: filtering.field,
                tools: tools, toolSources: toolSources,
                schema: try prompting.answerSchema(template),
                options: template?.options ?? [:])
            let extracts = printing.extract || template?.extracts == true
            if filtering.quiet { Diagnostics.beQuiet() }
            var plugin = plugin
            plugin.setModel(prompting.model, standard: template?.model)
            if prompt != nil || prompting.nullInput {
                let context =
                    prompting.nullInput
                    ? InputContext() : try await InputContext.read(isText: filtering.text)
                return try await withChosenPlugin(
                    .llmProvider, plugin, isDebugging: filtering.debug, start: filtering.start
                ) { [settings] plugin in
                    try await answer(
                        context.record(asking: prompt ?? ""), plugin, settings, extracts: extracts)
                }
            }
            let input = RecordInput(filtering)
            let (specification, isModelOfLine) = try await input.plugin(plugin)
            settings.needsModel = isModelOfLine
            return try await withChosenPlugin(
                specification, isDebugging: filtering.debug, start: filtering.start
            ) { [settings] plugin in
                if !filtering.text, try await input.isPlainText {
                    let context = try await text(of: input, for: template)
                    return try await answer(
                        context.record(asking: ""), plugin, settings, extracts: extracts)
                }
                return try await answerRecords(input, plugin, settings, extracts: extracts)
            }
        }

        /// Prints the answer to one question.
        private func answer(
            _ question: Record, _ plugin: Plugin, _ settings: Generator.Settings, extracts: Bool
        ) async throws -> ExitStatus {
            var settings = settings
            settings.extracts = extracts && printing.json
            let generator = self.generator(plugin, settings)
            defer { reportUsage(generator) }
            let form: Ask.Form = printing.json ? .json : extracts ? .code : .text
            let streams =
                form == .text
                ? printing.stream != false && settings.schema == nil : printing.stream == true
            return try await Ask(generator, form, streams: streams && form != .code).run(question)
        }

        private func answerRecords(
            _ input: RecordInput, _ plugin: Plugin, _ settings: Generator.Settings, extracts: Bool
        ) async throws -> ExitStatus {
            var settings = settings
            settings.extracts = extracts
            let generator = self.generator(plugin, settings)
            defer { reportUsage(generator) }
            let events = printing.stream == true ? InterimOutput() : nil
            let stage = GenerateStage(generator, filtering, events: events)
            return try await filter(
                through: stage, filtering, reader: input.reader, interimOutput: events
            ).status
        }

        private func generator(_ plugin: Plugin, _ settings: Generator.Settings) -> Generator {
            let timeout = filtering.timeout?.duration ?? Generator.defaultTimeout
            return Generator(LLM(plugin, timeout: timeout), settings)
        }

        private func reportUsage(_ generator: Generator) {
            if printing.usage { Diagnostics.error("used \(generator.usage)") }
        }

        /// Returns the whole of a plain text, to which a template is applied.
        ///
        /// - Throws: `Failure` if there is no template, as each line would fail.
        private func text(
            of input: RecordInput, for template: PromptTemplate?
        ) async throws -> InputContext {
            let areRecords = filtering.null || filtering.field != nil || filtering.errors != nil
            guard template?.prompt != nil || template?.system != nil, !areRecords else {
                throw Failure(
                    .badInput,
                    "standard input is plain text, not lines of JSON: give a prompt to ask about "
                        + "it, -t NAME to apply a template to it, or --text to answer each line")
            }
            return try await InputContext.read(isText: true, from: input.reader)
        }
    }
}
