import Agent
import ArgumentParser
import Catalog
import Configuration
import FilterKit
import Unix

/// The contents of the configuration.
struct ConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show which configuration is used, and its contents.",
        subcommands: [PathOf.self, Show.self, Names.self], defaultSubcommand: PathOf.self)

    struct PathOf: Program {
        static let configuration = CommandConfiguration(
            commandName: "path", abstract: "Print the path of the configuration that is used.")

        @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
        var config: String?

        func work() throws -> ExitStatus {
            guard let settings = try load(config) else {
                throw Failure(
                    .configuration,
                    "found no configuration: --config, $HECTOR_CONFIG, ./hector.yaml, "
                        + "$XDG_CONFIG_HOME/hector/hector.yaml, ~/.hector/hector.yaml and "
                        + "/etc/hector/hector.yaml were looked at")
            }
            try writeToStandardOutput(
                Path.absolute(settings.file, in: Directory.current) + "\n")
            return .success
        }
    }

    struct Show: Program {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print the configuration as it is used, with secrets masked.")

        @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
        var config: String?

        func work() throws -> ExitStatus {
            guard let settings = try load(config) else {
                throw Failure(.configuration, "found no configuration")
            }
            try writeToStandardOutput(settings.shown)
            return .success
        }
    }

    struct Names: Program {
        enum Sort: String, CaseIterable, ExpressibleByArgument {
            case agents, stores, sessions, plugins
            case llms, embedders, databases, tools, strategies, rerankers
            case programs
        }

        static let configuration = CommandConfiguration(
            commandName: "names", abstract: "Print the names that are available, one per line.")

        @Argument(
            help: ArgumentHelp(
                "\(Sort.allCases.map(\.rawValue).joined(separator: ", "))", valueName: "sort"))
        var sort: Sort

        @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
        var config: String?

        func work() throws -> ExitStatus {
            let names = try Self.names(sort, config: config)
            try writeToStandardOutput(names.map { $0 + "\n" }.joined())
            return .success
        }

        private static func names(_ sort: Sort, config: String?) throws -> [String] {
            func plugins(_ kind: Kind?) throws -> [String] {
                Catalog(settings: try load(config), environment: Environment.current)
                    .all(kind).plugins.map(\.name)
            }
            return switch sort {
            case .agents: try load(config)?.agents.map(\.name) ?? []
            case .stores: try load(config)?.documentStores.map(\.name) ?? []
            case .sessions: try Session.all(environment: Environment.current).map(\.name)
            case .plugins: try plugins(nil)
            case .llms: try plugins(.llmProvider)
            case .embedders: try plugins(.embedderProvider)
            case .databases: try plugins(.databaseProvider)
            case .tools: try plugins(.toolProvider)
            case .strategies: try plugins(.reasoningStrategy)
            case .rerankers: try plugins(.rerankerProvider)
            case .programs: OtherProgram.names
            }
        }
    }
}

/// - Throws: `Failure`.
private func load(_ config: String?) throws(Failure) -> Settings? {
    do {
        return try Settings.load(explicit: config, environment: Environment.current)
    } catch {
        throw Failure(error)
    }
}
