internal import ChatModel
internal import Configuration
package import FilterKit
internal import JSON
internal import JSONSchema
internal import PluginFilterKit
internal import PluginHost
internal import Text
internal import Unix

/// A tool called by a command line.
package struct ToolCommandLine: Sendable {
    private let name: String
    private let words: [String]
    private let progress: CallProgressLine?

    /// - Parameters:
    ///   - words: The words after the name: a JSON object, options made from the tool's JSON
    ///     Schema, or `--help`.
    ///   - progress: The line that shows the tool's reports while it runs; nil to show none.
    package init(name: String, words: [String], progress: CallProgressLine? = nil) {
        self.name = name
        self.words = words
        self.progress = progress
    }

    /// Runs the tool and prints its result.
    ///
    /// - Throws: `Failure`.
    package func run(_ toolbox: Toolbox, _ runner: ToolRunner) async throws -> ExitStatus {
        guard let available = try await toolbox.available(named: name) else {
            let names = try await toolbox.offers().map(\.tool.name)
            if let reason = toolbox.reasonForAbsence(of: name) {
                throw Failure(.unavailable, "\(reason)")
            }
            throw Failure(.usage, "no tool '\(name)', \(expectation(of: name, among: names))")
        }
        let schema: Value
        switch available.schema {
        case .success(let found): schema = found.source
        case .failure(let error):
            throw Failure(
                .incomplete,
                "plugin '\(available.pluginName)' describes the arguments of '\(name)' wrongly: \(error)"
            )
        }
        let parameters = ToolParameters(schema)
        if words.contains("--help") || words == ["-h"] {
            try writeToStandardOutput("\(ToolUsage(available.tool, parameters))")
            return .success
        }
        let arguments: Value
        do throws(ToolUsageError) { arguments = try parameters.arguments(words) } catch {
            throw Failure(.usage, "\(name): \(error.message)")
        }
        return try await run(arguments, runner)
    }

    private func run(_ arguments: Value, _ runner: ToolRunner) async throws -> ExitStatus {
        let ready: ToolRunner.Ready
        switch try await runner.prepare(
            ToolCall(id: "", name: name, arguments: "\(arguments)"), from: CallOrigin())
        {
        case .success(let call): ready = call
        case .failure(let unready):
            throw Failure(.usage, "\(name): \(unready.error.message)")
        }
        if let error = await runner.permit(ready) {
            throw Failure(.notPermitted, "\(name): \(error.message)")
        }
        let result = await runner.execute(ready) { progress?.show($0, of: name) }
        progress?.clear()
        switch result {
        case .success(let output):
            let end = output.content.isEmpty || output.content.hasSuffix("\n") ? "" : "\n"
            try writeToStandardOutput(output.content + end)
            return .success
        case .failure(let error):
            throw runner.failure
                ?? Failure(.incomplete, "\(name): \(error.message)")
        }
    }
}
