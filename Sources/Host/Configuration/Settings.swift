internal import Text
import Unix
package import YAML

/// What a hector.yaml says.
package struct Settings: Sendable {
    /// The file as the person would name it.
    package let file: String

    /// Where it lies: relative paths in it start there.
    package let directory: String

    /// All of it; nil for an empty file.
    let root: Node?

    package let discovery: DiscoverySettings
    package let plugins: [Kind: [PluginSettings]]
    package let defaults: [Kind: Text]
    package let documentStores: [DocumentStore]
    package let agents: [Agent]

    /// Every text that does not belong to a plugin or to where plugins are looked for.
    private let texts: [Text]

    /// A plugin that is named somewhere.
    package struct Reference: Sendable {
        package let kind: Kind
        package let text: Text
    }

    /// Every plugin that `defaults:`, a document store or an agent names.
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
                ] + agent.tools.map { (.toolProvider, $0.provider) }
            }
        return named.compactMap { kind, text in text.map { Reference(kind: kind, text: $0) } }
    }

    /// A problem for each variable that is unset and has no default, but in what plugins have: only
    /// who looks for one knows whether it is used.
    package func unsetVariables(in environment: [String: String]) -> [YAMLError] {
        var problems: [YAMLError] = []
        for text in texts { _ = text.value(in: environment, gathering: &problems) }
        return problems
    }

    /// The path a text stands for: absolute, `~` and variables replaced.
    package func path(
        _ text: Text, environment: [String: String]
    ) throws(SettingsError) -> String {
        let value = try text.value(in: environment)
        let home = BaseDirectories(environment: environment).home
        return Path.absolute(Path.expandingTilde(value, home: home), in: directory)
    }

    /// Reads a file's model.
    ///
    /// - Parameter directory: Where the file lies.
    /// - Returns: What could be read, and everything that is wrong with the rest.
    package static func read(
        _ bytes: [UInt8], file: String, directory: String, environment: [String: String]
    ) -> (settings: Settings?, problems: [YAMLError]) {
        var problems: [YAMLError] = []
        do throws(YAMLError) {
            let source = try Source(bytes, file: file)
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
                    keys: ["plugin_discovery", "plugins", "defaults", "document_stores", "agents"])
            } ?? Fields(inspector, name: "", mark: Mark(line: 1, column: 1), [])
        let sections = fields.fields(
            "plugins", keys: Kind.allCases.map(\.section) + ["plugin_discovery"])
        // It may stand at the top or among the plugins.
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
