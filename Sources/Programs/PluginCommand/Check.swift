import ArgumentParser
import Catalog
import Configuration
import FilterKit
import PluginCheck
import PluginFilter
import PluginFilterKit
import PluginHost
import Unix

/// A check of a plugin against the contract of its kind.
struct Check: Program {
    static let configuration = CommandConfiguration(
        abstract: "Start a plugin and check that it keeps the contract of its kind.",
        discussion: """
            Prints what it finds in the Test Anything Protocol, for prove(1) and other readers. \
            Tools are not run unless --execute names one.
            """)

    @OptionGroup var plugin: NamedPluginOptions

    @Option(help: ArgumentHelp("Run this tool of a tool provider.", valueName: "tool"))
    var execute: String?

    @Option(help: ArgumentHelp("The arguments of that tool.", valueName: "json"))
    var arguments: String?

    @Option(
        help: ArgumentHelp(
            "The version of the Test Anything Protocol: 14, or 13 for older readers.",
            valueName: "13|14"))
    var tapVersion = TAPVersion.fourteen

    @OptionGroup var call: CallOptions

    func validate() throws {
        if arguments != nil, execute == nil {
            throw ValidationError("--arguments needs --execute to name the tool")
        }
    }

    func work() async throws -> ExitStatus {
        call.begin()
        let listed = try plugin.describe()
        if listed.manifest == nil, listed.problem?.meaning == .configuration {
            try reportBrokenManifest(listed.problems, tap: tapVersion) {
                try writeToStandardOutput($0)
            }
            return .incomplete
        }
        let subject = try await subject(listed)
        let (tapVersion, isDebugging) = (tapVersion, call.debug)
        let name = subject.specification.name
        let verdict = try await withPluginQueue { queue in
            try await examine(subject, queue: queue, tap: tapVersion) { line in
                if isDebugging {
                    Diagnostics.line(
                        "\(name): \(line.level.rawValue): \(Settings.masked(line.message))")
                }
            } write: {
                try writeToStandardOutput($0)
            }
        }
        switch verdict {
        case .keepsTheContract: return .success
        case .breaksTheContract: return .incomplete
        case .didNotStart(let error): throw Failure(error)
        }
    }

    private func subject(_ listed: ListedPlugin) async throws -> Subject {
        var specification = try plugin.find()
        guard case .executable = specification.location else {
            throw Failure(
                .usage,
                "the plugin '\(specification.name)' runs already and cannot be checked; "
                    + "give the path of its executable")
        }
        do { specification = try await specification.resolved() } catch { throw Failure(error) }
        let kind = listed.kind ?? plugin.choice.kind ?? .embedderProvider
        return Subject(
            specification, kind: kind.rawValue, manifest: listed.manifest.map(WrittenManifest.init),
            manifestProblems: listed.warnings,
            timeout: call.duration,
            execution: execute.map { ($0, arguments ?? "{}") })
    }
}

extension TAPVersion: ExpressibleByArgument {}

extension WrittenManifest {
    init(_ manifest: Manifest) {
        let fields: [(String, String?)] = [
            ("name", manifest.name), ("version", "\(manifest.version)"),
            ("author", manifest.author), ("description", manifest.description),
            ("type", manifest.kind.rawValue), ("protocol", "grpc"),
            ("hector_version", manifest.hectorVersion?.text),
        ]
        self.init(
            fields: fields.map { (name: $0.0, text: $0.1 ?? "") },
            capabilities: manifest.capabilities,
            requiredSettings: manifest.schema?.required ?? [])
    }
}
