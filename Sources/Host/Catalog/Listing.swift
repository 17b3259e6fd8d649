package import Configuration
internal import Text
import Unix

/// A plugin as a list of all of them shows it.
package struct ListedPlugin: Sendable {
    package let name: String

    /// Nil for one whose manifest cannot be read.
    package let kind: Kind?

    package let origin: KnownPlugin.Origin
    package let location: KnownPlugin.Location?
    package let manifest: Manifest?

    /// Its entry in the configuration.
    package let settings: PluginSettings?

    /// Why it cannot be used as it is.
    package let problem: CatalogError?

    /// The settings without which it will refuse to work; none where that is not known.
    package let lacking: [LackingSetting]

    init(_ plugin: KnownPlugin, _ problem: CatalogError?, environment: [String: String]) {
        name = plugin.name
        kind = plugin.kind
        origin = plugin.origin
        location = plugin.location
        manifest = plugin.manifest
        settings = plugin.settings
        self.problem = problem
        // What runs already has its settings.
        guard case .executable = plugin.location, let schema = plugin.manifest?.schema else {
            lacking = []
            return
        }
        let given = plugin.settings?.configuration.filter { !$0.isNull }.map(\.key) ?? []
        lacking = schema.lacking(given: Set(given), environment: environment)
    }

    init(_ entry: PluginSettings, _ problem: CatalogError) {
        name = entry.name
        kind = entry.kind
        origin = .configured
        location = nil
        manifest = nil
        settings = entry
        self.problem = problem
        lacking = []
    }

    init(_ broken: Discovery.Broken) {
        name = broken.manifest?.name ?? broken.name
        kind = broken.manifest?.kind
        origin = broken.origin
        location = broken.path.map { .executable($0) }
        manifest = broken.manifest
        settings = nil
        problem = broken.error
        lacking = []
    }
}

extension Catalog {
    /// Every plugin, usable or not: the entries of the configuration, enabled or not, then what
    /// is discovered, then what is built in. Those that cannot be read come after the others of
    /// their origin.
    package func listing() -> [ListedPlugin] {
        let discovery = discover()
        let entries = Kind.allCases.flatMap { settings?.plugins[$0] ?? [] }
        var listing = entries.map { listed($0) }
        for origin in [KnownPlugin.Origin.discovered, .builtIn] {
            listing += discovery.plugins.filter { plugin in
                plugin.origin == origin
                    && !entries.contains { $0.name == plugin.name && $0.kind == plugin.kind }
            }.map { ListedPlugin($0, problem(with: $0), environment: environment) }
            listing += discovery.broken.filter { $0.origin == origin }.map(ListedPlugin.init)
        }
        return listing
    }

    private func listed(_ entry: PluginSettings) -> ListedPlugin {
        do throws(CatalogError) {
            let plugin = try described(by: entry)
            return ListedPlugin(
                plugin, entry.isEnabled ? problem(with: plugin) : nil, environment: environment)
        } catch {
            return ListedPlugin(entry, error)
        }
    }

    /// A plugin by its name or, with a slash in it, its path, enabled or not.
    ///
    /// - Parameter kind: Nil if the name or the manifest tells it.
    /// - Throws: If there is none, or there are several of that name.
    package func describe(_ name: String, kind: Kind?) throws(CatalogError) -> ListedPlugin {
        if name.contains("/") {
            let path = executable(at: absolute(name, in: workingDirectory))
            do throws(CatalogError) {
                _ = try Manifest.beside(path)
            } catch {
                return ListedPlugin(
                    Discovery.Broken(
                        name: Path.name(of: path), path: path, origin: .named, error: error))
            }
            let plugin = try plugin(at: path, try self.kind(of: name, among: kind))
            return ListedPlugin(plugin, problem(with: plugin), environment: environment)
        }
        let named = listing().filter {
            $0.name == name && ($0.kind == nil || kind == nil || $0.kind == kind)
        }
        let kinds = Set(named.compactMap(\.kind))
        if kinds.count > 1 {
            let nouns = Kind.allCases.filter(kinds.contains).map(\.aNoun)
            throw CatalogError(
                "'\(name)' is \(nouns.joined(separator: " and ")), expected --kind to say which")
        }
        if let plugin = named.first(where: { $0.kind != nil }) ?? named.first { return plugin }
        let known = listing().filter { kind == nil || $0.kind == kind }.map(\.name)
        let noun = kind?.noun ?? "plugin"
        throw CatalogError("no \(noun) '\(name)', \(expectation(of: name, among: known))")
    }

    /// The kind of the plugin with a name or a path.
    ///
    /// - Parameter kind: Nil if the name or the manifest tells it.
    package func kind(of name: String, among kind: Kind?) throws(CatalogError) -> Kind {
        if let kind { return kind }
        if name.contains("/") {
            let path = executable(at: absolute(name, in: workingDirectory))
            if let manifest = try Manifest.beside(path) { return manifest.kind }
            try checkExecutable(path)
            throw CatalogError(
                "'\(path)' has no manifest '\(Path.name(of: path))\(Manifest.suffix)' beside it, "
                    + "expected one, or --kind to say what it is")
        }
        let plugin = try describe(name, kind: nil)
        guard let found = plugin.kind else {
            throw plugin.problem ?? CatalogError("no plugin '\(name)'")
        }
        return found
    }
}
