package import Configuration
internal import Keys
package import PluginLock
internal import Text
import Unix

/// A plugin as shown in a list of all plugins.
package struct ListedPlugin: Sendable {
    package let name: String

    /// The kind; nil for a plugin whose manifest cannot be read.
    package let kind: Kind?

    package let origin: KnownPlugin.Origin
    package let location: KnownPlugin.Location?
    package let manifest: Manifest?

    /// The entry of the plugin in the configuration.
    package let settings: PluginSettings?

    /// The reason why it cannot be used as it is.
    package let problem: CatalogError?

    /// The limits that it is started with; nil if its settings have mistakes.
    package let confinement: PluginConfinement?

    /// The missing settings without which it will refuse to work; empty if that is not known.
    package let lacking: [LackingSetting]

    /// The entry of `hector.lock`, if it was installed.
    package var installed: LockedPlugin? {
        guard case .executable(let path)? = location else { return nil }
        return (try? LockedFolder(of: path))?.plugin
    }

    fileprivate init(_ plugin: KnownPlugin, _ problem: CatalogError?, in catalog: Catalog) {
        let environment = catalog.environment
        name = plugin.name
        kind = plugin.kind
        origin = plugin.origin
        location = plugin.location
        manifest = plugin.manifest
        settings = plugin.settings
        self.problem = problem
        confinement = catalog.confinementIfKnown(of: plugin)
        // A plugin that runs already has its settings.
        guard case .executable = plugin.location, let schema = plugin.manifest?.schema else {
            lacking = []
            return
        }
        var given = plugin.settings?.configuration.filter { !$0.isNull }.map(\.key) ?? []
        given += given.compactMap { KeyPlaces.target(of: $0, schema) }
        if plugin.settings?.keys.isEmpty == false { given.append("api_key") }
        let stored = KeyStore(environment: environment).names.map { ($0, "(stored)") }
        lacking = schema.lacking(
            given: Set(given),
            environment: environment.merging(stored) { $0.isEmpty ? $1 : $0 })
    }

    init(_ entry: PluginSettings, _ problem: CatalogError) {
        name = entry.name
        kind = entry.kind
        origin = .configured
        location = nil
        manifest = nil
        settings = entry
        self.problem = problem
        confinement = nil
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
        confinement = nil
        lacking = []
    }
}

extension Catalog {
    /// Returns all plugins, usable or not: the entries of the configuration, enabled or not, then
    /// the discovered plugins, then the built-in ones. Those that cannot be read come after the
    /// others of the same origin.
    package func listing() -> [ListedPlugin] {
        let discovery = discover()
        let entries = Kind.allCases.flatMap { settings?.plugins[$0] ?? [] }
        var listing = entries.map { listed($0) }
        for origin in [KnownPlugin.Origin.discovered, .builtIn] {
            listing += discovery.plugins.filter { plugin in
                plugin.origin == origin
                    && !entries.contains { $0.name == plugin.name && $0.kind == plugin.kind }
            }.map { ListedPlugin($0, problem(with: $0), in: self) }
            listing += discovery.broken.filter { $0.origin == origin }.map(ListedPlugin.init)
        }
        return listing
    }

    private func listed(_ entry: PluginSettings) -> ListedPlugin {
        do throws(CatalogError) {
            let plugin = try described(by: entry)
            return ListedPlugin(plugin, entry.isEnabled ? problem(with: plugin) : nil, in: self)
        } catch {
            return ListedPlugin(entry, error)
        }
    }

    /// Returns a plugin, enabled or not, by its name or, if that contains a slash, by its path.
    ///
    /// - Parameter kind: The kind; nil if it follows from the name or the manifest.
    /// - Throws: An error if there is none, or if there are several with that name.
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
            return ListedPlugin(plugin, problem(with: plugin), in: self)
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

    /// Returns the kind of the plugin with a name or a path.
    ///
    /// - Parameter kind: The kind; nil if it follows from the name or the manifest.
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
