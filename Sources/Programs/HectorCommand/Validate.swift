import Agent
import ArgumentParser
import Catalog
import Configuration
import FilterKit
import Trust
import Unix

/// All mistakes in a configuration.
struct Validate: Program {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Report all errors in a configuration and in the plugins it names.")

    @Argument(help: ArgumentHelp("The file; by default, the one that is used.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("The same as the argument.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Say what this pipeline of filters cannot do, instead; nothing is run on records.",
            valueName: "command line"))
    var pipeline: String?

    @Option(
        help: ArgumentHelp(
            "With --pipeline, print the price of this many records by the configuration's prices.",
            valueName: "n"))
    var records: Int?

    func validate() throws {
        if records != nil, pipeline == nil { throw ValidationError("--records is for --pipeline") }
        if let records, records < 1 {
            throw ValidationError("--records must be at least 1, not \(records)")
        }
    }

    func work() async throws -> ExitStatus {
        let environment = Environment.current
        if let pipeline { return try await check(pipeline, environment) }
        let problems: [String]?
        do {
            problems = try Catalog.validationProblems(
                explicit: file ?? config, environment: Environment.current)
        } catch {
            throw Failure(error)
        }
        guard let problems else {
            throw Failure(
                .configuration,
                "found no configuration; 'hector config path' tells where it is looked for")
        }
        // Comparing collections starts the database, so an untrusted folder is only read.
        if problems.isEmpty,
            let settings = try? Settings.load(explicit: file ?? config, environment: environment),
            mayCompare(settings, environment)
        {
            let differences = await StoreCheck.problems(
                of: settings, config: file ?? config, environment: environment)
            if !differences.isEmpty {
                throw Failure(.configuration, differences.joined(separator: "\n"))
            }
        }
        if problems.isEmpty { return .success }
        throw Failure(.configuration, problems.joined(separator: "\n"))
    }

    /// True if the programs of a configuration may be started. It is looked at before it is trusted,
    /// also when it is named.
    private func mayCompare(_ settings: Settings, _ environment: [String: String]) -> Bool {
        FolderTrust(of: Directory.current, environment: environment).isAdmitted(settings)
            && FolderTrust(of: settings.directory, environment: environment).isTrusted
    }

    private func check(
        _ pipeline: String, _ environment: [String: String]
    ) async throws -> ExitStatus {
        let settings: Settings?
        do {
            settings = try Settings.load(explicit: file ?? config, environment: environment)
        } catch {
            throw Failure(error)
        }
        var check = PipelineCheck(
            settings, config: file ?? config, records: records, environment: environment)
        await check.check(pipeline)
        try writeToStandardOutput(check.prices.map { "\($0)\n" }.joined())
        if check.problems.isEmpty { return .success }
        throw Failure(.configuration, check.problems.joined(separator: "\n"))
    }
}
