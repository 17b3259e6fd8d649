package import Configuration
import Trust
import Unix
package import YAML

/// The description of a plugin in `NAME.plugin.yaml`, beside its executable `NAME`.
package struct Manifest: Sendable {
    /// The file from which it was read.
    package let file: String

    package let name: String
    package let version: Version
    package let kind: Kind
    package let author, description, homepage, repositoryURL, documentationURL, license: String?

    /// The versions of Hector with which the plugin works; nil for any.
    package let hectorVersion: VersionRange?

    /// The settings of the plugin; nil if any settings may be given.
    package let schema: ConfigurationSchema?

    /// The capabilities that the plugin states; a value that is not a scalar is given as JSON.
    package let capabilities: [String: String]

    /// The files, connections and programs that the plugin needs, and is limited to; nil if the
    /// manifest does not say.
    let needs: [Need: [NeedTemplate]]?

    /// The warnings about unknown keys, which a newer Hector may know.
    package let warnings: [YAMLError]

    package static let suffix = PluginFiles.manifestSuffix
    private static let largestFile = 1024 * 1024

    private enum Connection: String, CaseIterable { case grpc }

    /// Reads the manifest in a file.
    ///
    /// - Throws: All problems of the manifest.
    package init(file: String) throws(CatalogError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.readRegular(file, limit: Self.largestFile).bytes
        } catch {
            throw CatalogError("\(error)")
        }
        try self.init(bytes, file: file)
    }

    /// Reads the manifest beside an executable; nil if there is none.
    static func beside(_ executable: String) throws(CatalogError) -> Manifest? {
        do throws(SystemError) {
            _ = try File(executable + suffix)
        } catch  where error.isAbsence {
            return nil
        } catch {
            throw CatalogError("\(error)")
        }
        return try Manifest(file: executable + suffix)
    }

    package init(_ bytes: [UInt8], file: String) throws(CatalogError) {
        let inspector: Inspector
        let documents: [Node]
        var problems: [YAMLError] = []
        do throws(YAMLError) {
            let source = try Source(bytes, file: file)
            documents = try source.documents(gathering: &problems)
            inspector = Inspector(source, problems: problems, acceptsUnknownKeys: true)
        } catch {
            throw CatalogError(problems + [error])
        }
        if documents.count != 1 {
            let mark = documents.count > 1 ? documents[1].mark : Mark(line: 1, column: 1)
            inspector.report("\(documents.count) documents, expected one", at: mark)
        }
        let manifest = documents.first.flatMap { Manifest($0, file: file, inspector) }
        guard let manifest, inspector.problems.isEmpty else {
            throw CatalogError(inspector.problems.sorted { $0.mark < $1.mark })
        }
        self = manifest
    }

    /// Reads a manifest. Nil if its problems are too serious for that.
    private init?(_ root: Node, file: String, _ inspector: Inspector) {
        let outer = inspector.fields(of: root, name: "", keys: ["plugin"])
        outer.require("plugin", "the manifest under this key")
        guard outer.node("plugin") != nil else { return nil }
        let fields = outer.fields("plugin", keys: Self.keys)

        self.file = file
        fields.require("name", "the plugin's name")
        fields.require("version", "a semantic version such as 1.0.0")
        fields.require("type", Kind.allCases.map(\.rawValue).joined(separator: ", "))
        fields.require("protocol", "grpc")
        let name = fields.string("name")
        let version = fields.parsed("version", "a semantic version such as 1.0.0", inspector) {
            Version($0)
        }
        let kind: Kind? = fields.choice("type")
        let _: Connection? = fields.choice("protocol")
        if let node = fields.node("name"), name.map({ $0.isEmpty || $0.contains("/") }) ?? false {
            inspector.mismatch(node, "plugin.name", expected: "a name without '/'")
        }

        author = fields.string("author")
        description = fields.string("description")
        homepage = fields.string("homepage")
        repositoryURL = fields.string("repository_url")
        documentationURL = fields.string("documentation_url")
        license = fields.string("license")
        hectorVersion = fields.parsed("hector_version", "a range such as >=0.1.0,<2.0.0", inspector)
        {
            VersionRange($0)
        }
        schema = fields.node("config_schema").map { _ in
            ConfigurationSchema(fields.fields("config_schema", keys: ConfigurationSchema.keys))
        }
        capabilities = Dictionary(
            uniqueKeysWithValues: fields.entries("capabilities").map {
                ($0.entry.key, $0.entry.value.configurationText)
            })
        needs = Self.needs(fields, inspector)
        warnings = inspector.warnings
        guard let name, let version, let kind else { return nil }
        (self.name, self.version, self.kind) = (name, version, kind)
    }

    private static let keys = [
        "name", "version", "type", "protocol", "author", "description", "homepage",
        "repository_url", "documentation_url", "license", "hector_version", "config_schema",
        "capabilities", "needs", "confine",
    ]

    /// Reads `needs`, which may also be called as it is in an entry of the configuration.
    private static func needs(
        _ fields: Fields, _ inspector: Inspector
    ) -> [Need: [NeedTemplate]]? {
        guard let key = ["needs", "confine"].first(where: { fields.node($0) != nil }) else {
            return nil
        }
        // An unknown need must not be passed over: it could be what limits the plugin.
        for entry in fields.node(key)?.entries ?? [] where Need(rawValue: entry.key) == nil {
            inspector.report(
                "'\(entry.key)' in '\(fields.name(of: key))', expected \(Need.list)", at: entry.mark
            )
        }
        let lists = fields.fields(key, keys: Need.allCases.map(\.rawValue))
        return Need.allCases.reduce(into: [:]) { result, need in
            result[need] = lists.strings(need.rawValue).compactMap { text in
                if let template = NeedTemplate(text) { return template }
                if let node = lists.node(need.rawValue) {
                    inspector.report(
                        "'\(text)' in '\(lists.name(of: need.rawValue))', expected "
                            + "${settings.NAME} or ${NAME}, with ':-default' or ':+text'",
                        at: node.mark)
                }
                return nil
            }
        }
    }
}

extension Fields {
    /// Returns the value that a text stands for; nil, with a report, if it does not stand for one.
    fileprivate func parsed<Value>(
        _ key: String, _ expected: String, _ inspector: Inspector, _ parse: (String) -> Value?
    ) -> Value? {
        guard let node = node(key), let text = string(key) else { return nil }
        if let value = parse(text) { return value }
        inspector.mismatch(node, name(of: key), expected: expected)
        return nil
    }
}
