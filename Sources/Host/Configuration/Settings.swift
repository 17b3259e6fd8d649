internal import Text
import Unix
package import YAML

/// The contents of a hector.yaml.
package struct Settings: Sendable {
    /// The file as the user would name it.
    package let file: String

    /// The directory of the file, to which relative paths in it refer.
    package let directory: String

    /// The whole file; nil for an empty one.
    package let root: Node?

    /// True if the file was found in the working directory, and neither named nor found elsewhere.
    package internal(set) var isFromWorkingDirectory = false

    /// False if the file was found and not named.
    package internal(set) var isNamed = true

    package let discovery: DiscoverySettings
    package let plugins: [Kind: [PluginSettings]]
    package let defaults: [Kind: Text]
    package let documentStores: [DocumentStore]
    package let agents: [Agent]

    /// The prices of models by their names.
    package let prices: [String: Price]

    /// The price of a million tokens in US dollars.
    package struct Price: Sendable {
        package let input, output: Double?
    }

    /// The texts that do not belong to a plugin or to the search for plugins.
    private let texts: [Text]

    /// A mention of a plugin by its name.
    package struct Reference: Sendable {
        package let kind: Kind
        package let text: Text
    }

    /// The mentions of plugins in `defaults:`, document stores and agents.
    package var references: [Reference] {
        let named: [(Kind, Text?)] =
            defaults.map { ($0.key, $0.value) }
            + documentStores.flatMap {
                [(.databaseProvider, $0.database), (.embedderProvider, $0.embedder)]
            }
            + agents.flatMap { agent in
                [
                    (.llmProvider, agent.llm), (.databaseProvider, agent.database),
                    (.embedderProvider, agent.embedder),
                    (.reasoningStrategy, agent.reasoningStrategy),
                    (.rerankerProvider, agent.rerank?.provider),
                ] + agent.tools.map { (.toolProvider, $0.provider) }
            }
        return named.compactMap { kind, text in text.map { Reference(kind: kind, text: $0) } }
    }

    /// Returns a problem for each variable that is unset and has no default, except in the settings
    /// of plugins: only the search for a plugin shows whether it is used.
    package func unsetVariables(in environment: [String: String]) -> [YAMLError] {
        var problems: [YAMLError] = []
        for text in texts { _ = text.value(in: environment, gathering: &problems) }
        return problems
    }

    /// Returns the absolute path that a text stands for, with `~` and variables replaced.
    package func path(
        _ text: Text, environment: [String: String]
    ) throws(SettingsError) -> String {
        let value = try text.value(in: environment)
        let home = BaseDirectories(environment: environment).home
        return Path.absolute(Path.expandingTilde(value, home: home), in: directory)
    }

    /// Reads the contents of a file.
    ///
    /// - Parameter directory: The directory of the file.
    /// - Returns: The readable part, and all problems of the rest.
    package static func read(
        _ bytes: [UInt8], file: String, directory: String, environment: [String: String]
    ) -> (settings: Settings?, problems: [YAMLError]) {
        var problems: [YAMLError] = []
        do throws(YAMLError) {
            let source = try Source(bytes, file: file) { Settings.masked(lineAt: $0, of: $1) }
            let documents = try source.documents(gathering: &problems)
            let inspector = Inspector(source, problems: problems)
            if documents.count > 1 {
                inspector.report("a second document, expected one", at: documents[1].mark)
            }
            let settings = Settings(documents.first, file, directory, inspector)
            settings.checkDocumentStores(environment, inspector)
            return (settings, inspector.problems.sorted { $0.mark < $1.mark })
        } catch {
            return (nil, problems + [error])
        }
    }

    private init(_ root: Node?, _ file: String, _ directory: String, _ inspector: Inspector) {
        self.file = file
        self.directory = directory
        self.root = root
        let fields =
            root.map {
                inspector.fields(
                    of: $0, name: "",
                    keys: [
                        "plugin_discovery", "plugins", "defaults", "document_stores", "agents",
                        "prices",
                    ])
            } ?? Fields(inspector, name: "", mark: Mark(line: 1, column: 1), [])
        let sections = fields.fields(
            "plugins", keys: Kind.allCases.map(\.section) + ["plugin_discovery"])
        // It may be at the top or among the plugins.
        if let inner = sections.node("plugin_discovery"), fields.node("plugin_discovery") != nil {
            inspector.report(
                "'plugin_discovery' is also at the top, expected it in one place", at: inner.mark)
        }
        discovery = DiscoverySettings(
            (fields.node("plugin_discovery") != nil ? fields : sections)
                .fields("plugin_discovery", keys: DiscoverySettings.keys))

        var pluginsOfKind: [Kind: [PluginSettings]] = [:]
        for kind in Kind.allCases {
            pluginsOfKind[kind] = sections.entries(kind.section).map {
                PluginSettings($0.entry, name: $0.name, kind: kind, inspector)
            }
        }
        plugins = pluginsOfKind
        let textsOfPlugins = inspector.texts.count

        let defaults = fields.fields("defaults", keys: Kind.allCases.map(\.role))
        var defaultOfKind: [Kind: Text] = [:]
        for kind in Kind.allCases { defaultOfKind[kind] = defaults.text(kind.role) }
        self.defaults = defaultOfKind
        documentStores = fields.entries("document_stores").map {
            DocumentStore($0.entry, name: $0.name, inspector)
        }
        prices = fields.groups("prices", keys: ["input", "output"]).reduce(into: [:]) {
            $0[$1.key] = Price(
                input: $1.fields.number("input"), output: $1.fields.number("output"))
        }
        agents = fields.entries("agents").map { Agent($0.entry, name: $0.name, inspector) }
        texts = Array(inspector.texts.dropFirst(textsOfPlugins))
    }

    private func checkDocumentStores(_ environment: [String: String], _ inspector: Inspector) {
        let names = documentStores.map(\.name)
        for text in agents.flatMap(\.documentStores) {
            guard let name = text.valueIfKnown(in: environment), !names.contains(name) else {
                continue
            }
            let expectation = expectation(of: name, among: names)
            inspector.report(
                "'\(text.place.name)' names no document store '\(name)', \(expectation)",
                at: text.place.mark)
        }
    }
}
