package import Configuration
internal import Text
import Unix
import YAML

extension Catalog {
    /// Finds a plugin and the settings for its start.
    ///
    /// - Parameters:
    ///   - name: The name of an entry of the configuration, of a discovered plugin or of a built-in
    ///     one, or a path if it contains a slash. Nil for the default of the configuration, or else
    ///     the only entry of the kind, or else the built-in default.
    ///   - options: Settings that take precedence over those of the configuration.
    ///   - socket: The address of a plugin that runs already, `PATH` or `HOST:PORT`. If it is given
    ///     without a name, nothing is searched.
    package func find(
        _ name: String?, kind: Kind, options: [String: String] = [:], socket: String? = nil
    ) throws(CatalogError) -> PluginEntry {
        guard let socket else {
            return try entry(try known(name, kind), options)
        }
        let address = socketAddress(socket, in: workingDirectory)
        let running: KnownPlugin
        if let name {
            let plugin = try known(name, kind)
            running = KnownPlugin(
                name: plugin.name, kind: kind, origin: plugin.origin, location: .socket(address),
                manifest: plugin.manifest, settings: plugin.settings)
        } else {
            running = KnownPlugin(
                name: socket, kind: kind, origin: .named, location: .socket(address),
                manifest: nil, settings: nil)
        }
        return try entry(running, options)
    }

    private func known(_ name: String?, _ kind: Kind) throws(CatalogError) -> KnownPlugin {
        guard let name else { return try standard(kind) }
        if name.contains("/") {
            return try plugin(at: absolute(name, in: workingDirectory), kind)
        }
        if let entry = settings?.plugins[kind]?.first(where: { $0.name == name }) {
            return try configured(entry)
        }
        return try found(name, kind)
    }

    /// Returns the plugin that is used if the user does not name one.
    private func standard(_ kind: Kind) throws(CatalogError) -> KnownPlugin {
        if let settings, let text = settings.defaults[kind] {
            let name = try value(of: text)
            if name.contains("/") {
                let plugin = try plugin(
                    at: absolute(name, in: settings.directory), kind, writtenAt: text.place)
                try checkOwners(of: plugin)
                return plugin
            }
            return try known(name, kind)
        }
        let entries = settings?.plugins[kind]?.filter(\.isEnabled) ?? []
        if entries.count == 1 { return try configured(entries[0]) }
        let name = BuiltIn.standard(for: kind)
        if let entry = settings?.plugins[kind]?.first(where: { $0.name == name }) {
            return try configured(entry)
        }
        let discovery = discover()
        if let plugin = discovery.plugin(name, kind) { return plugin }
        if let broken = discovery.broken.first(where: { $0.name == name }) { throw broken.error }
        throw CatalogError(
            "no \(kind.noun) is configured, and the built-in '\(name)' is not installed; "
                + "name one with --plugin",
            .unavailable)
    }

    /// Returns the plugin that an entry of the configuration stands for, if the entry is enabled.
    func configured(_ entry: PluginSettings) throws(CatalogError) -> KnownPlugin {
        guard entry.isEnabled else {
            let problem = "the plugin '\(entry.name)' is not enabled, expected 'enabled: true'"
            throw CatalogError([entry.place.error(problem)])
        }
        return try described(by: entry)
    }

    /// Returns the plugin that an entry of the configuration stands for, enabled or not.
    func described(by entry: PluginSettings) throws(CatalogError) -> KnownPlugin {
        guard let settings else { preconditionFailure("an entry without settings") }
        if let socket = entry.socket {
            let address = socketAddress(try value(of: socket), in: settings.directory)
            return KnownPlugin(
                name: entry.name, kind: entry.kind, origin: .configured,
                location: .socket(address), manifest: nil, settings: entry)
        }
        guard let path = entry.path else {
            let discovery = discover()
            if let plugin = discovery.plugin(entry.name, entry.kind) {
                return plugin.configured(by: entry)
            }
            if let broken = discovery.broken.first(where: { $0.name == entry.name }) {
                throw broken.error
            }
            throw CatalogError([missingPath(entry, discovery)])
        }
        let written = try value(of: path)
        let file = absolute(written, in: settings.directory)
        if !written.contains("/"), (try? File(file)) == nil {
            // There is no such file, so this is the name of a plugin, which this entry configures
            // separately.
            if let plugin = try named(written, entry.kind, at: path.place) {
                return plugin.configured(by: entry)
            }
        }
        let plugin = try plugin(at: file, entry.kind, called: entry.name, writtenAt: path.place)
        try checkOwners(of: plugin)
        return plugin.configured(by: entry)
    }

    /// Returns the discovered or built-in plugin whose name is in the place of a path; nil if there
    /// is none with that name or a similar one.
    private func named(
        _ name: String, _ kind: Kind, at place: Place
    ) throws(CatalogError) -> KnownPlugin? {
        let discovery = discover()
        if let plugin = discovery.plugin(name, kind) { return plugin }
        if let broken = discovery.broken.first(where: { $0.name == name }) { throw broken.error }
        if let other = discovery.plugins.first(where: { $0.name == name })?.kind {
            throw CatalogError("'\(name)' is \(other.aNoun), expected \(kind.aNoun)").at(place)
        }
        let near = suggestion(for: name, among: discovery.names(of: kind))
        guard let near else { return nil }
        throw CatalogError("no \(kind.noun) '\(name)', did you mean '\(near)'?").at(place)
    }

    /// Returns a discovered or built-in plugin.
    private func found(_ name: String, _ kind: Kind) throws(CatalogError) -> KnownPlugin {
        let discovery = discover()
        if let plugin = discovery.plugin(name, kind) { return plugin }
        if let broken = discovery.broken.first(where: { $0.name == name }) { throw broken.error }
        let entries = Kind.allCases.flatMap { settings?.plugins[$0] ?? [] }
        let other =
            entries.first { $0.name == name }?.kind
            ?? discovery.plugins.first { $0.name == name }?.kind
        if let other {
            throw CatalogError("'\(name)' is \(other.aNoun), expected \(kind.aNoun)")
        }
        let known =
            entries.filter { $0.kind == kind && $0.isEnabled }.map(\.name)
            + discovery.names(of: kind)
        throw CatalogError("no \(kind.noun) '\(name)', \(expectation(of: name, among: known))")
    }

    /// Returns the plugin at an absolute path: an executable, or a directory that contains an
    /// executable with the same name.
    ///
    /// - Parameter place: The place of the path in the configuration, if it is from there.
    func plugin(
        at path: String, _ kind: Kind, called name: String? = nil, writtenAt place: Place? = nil
    ) throws(CatalogError) -> KnownPlugin {
        let executable = executable(at: path)
        let manifest = try Manifest.beside(executable)
        if let manifest, manifest.kind != kind {
            throw CatalogError(
                "'\(executable)' is \(manifest.kind.aNoun), expected \(kind.aNoun) "
                    + "(\(manifest.file))"
            ).at(place)
        }
        return KnownPlugin(
            name: name ?? Path.name(of: executable), kind: kind, origin: .named,
            location: .executable(executable), manifest: manifest, settings: nil, place: place)
    }

    /// Checks that others could not have put a program where a file that was found, and not named,
    /// says that it is.
    private func checkOwners(of plugin: KnownPlugin) throws(CatalogError) {
        guard settings?.isNamed == false, case .executable(let path) = plugin.location else {
            return
        }
        do throws(CatalogError) {
            try Catalog.checkOwners(of: path, TrustedPaths(environment: environment))
        } catch {
            throw error.at(plugin.place)
        }
    }

    func executable(at path: String) -> String {
        guard let file = try? File(path), file.kind == .directory else { return path }
        return "\(path)/\(Path.name(of: path))"
    }

    /// Returns a path as an absolute one. A text with a colon and without a slash is `HOST:PORT`
    /// and stays as it is.
    private func socketAddress(_ text: String, in directory: String) -> String {
        text.contains(":") && !text.contains("/") ? text : absolute(text, in: directory)
    }

    private func value(of text: Text) throws(CatalogError) -> String {
        do throws(SettingsError) {
            return try text.value(in: environment)
        } catch {
            throw CatalogError(error)
        }
    }
}

extension KnownPlugin {
    fileprivate func configured(by entry: PluginSettings) -> KnownPlugin {
        KnownPlugin(
            name: entry.name, kind: kind, origin: .configured, location: location,
            manifest: manifest, settings: entry, place: place, replacedBuiltIn: replacedBuiltIn)
    }
}
