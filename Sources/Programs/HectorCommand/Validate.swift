import Agent
import ArgumentParser
import Catalog
import Configuration
import FilterKit
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

    func work() throws -> ExitStatus {
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
        if problems.isEmpty { return .success }
        throw Failure(.configuration, problems.joined(separator: "\n"))
    }
}
