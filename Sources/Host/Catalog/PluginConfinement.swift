import Configuration
package import Unix
import YAML

/// The limits that a plugin is started with.
package enum PluginConfinement: Sendable {
    /// Its needs are limited to these.
    case limits(Confinement)

    /// There are no limits, for this reason.
    case none(Reason)

    package enum Reason: String, Sendable {
        case notDeclared = "neither its manifest nor its entry says what it needs"
        case turnedOff = "its entry has 'confine: false'"
        case turnedOffForAll = "HECTOR_CONFINE is off"
        case runsAlready = "it runs already"
    }

    package var limits: Confinement? {
        if case .limits(let limits) = self { limits } else { nil }
    }
}

extension Catalog {
    /// The variable that turns confinement off for all plugins: for kernels that cannot confine.
    static let confineVariable = "HECTOR_CONFINE"

    /// Returns the limits of a plugin: those of its entry, and for what that does not name, those of
    /// its manifest.
    ///
    /// - Parameter configuration: The plugin's settings, which its manifest may name.
    func confinement(
        of plugin: KnownPlugin, _ configuration: [String: String]
    ) throws(CatalogError) -> PluginConfinement {
        guard case .executable = plugin.location else { return .none(.runsAlready) }
        if try isTurnedOff() { return .none(.turnedOffForAll) }
        var given: [Need: [Text]] = [:]
        switch plugin.settings?.confine {
        case .off?: return .none(.turnedOff)
        case .lists(let lists)?: given = lists
        case nil: if plugin.manifest?.needs == nil { return .none(.notDeclared) }
        }
        var reader = NeedReader(catalog: self)
        for need in Need.allCases {
            if let texts = given[need] {
                for text in texts {
                    let value: String
                    do throws(SettingsError) {
                        value = try text.value(in: environment)
                    } catch {
                        throw CatalogError(error)
                    }
                    do throws(CatalogError) {
                        try reader.add(value, to: need, in: settings?.directory ?? workingDirectory)
                    } catch {
                        throw error.at(text.place)
                    }
                }
            } else if let manifest = plugin.manifest {
                for template in manifest.needs?[need] ?? [] {
                    guard
                        let value = template.value(
                            settings: configuration, environment: needVariables)
                    else { continue }
                    // An empty variable names nothing.
                    if value.isEmpty { continue }
                    let folder =
                        template.beginsWithValue
                        ? workingDirectory : Path.parent(of: manifest.file)
                    do throws(CatalogError) {
                        try reader.add(value, to: need, in: absolute(folder, in: workingDirectory))
                    } catch {
                        throw CatalogError("\(error.message) (\(manifest.file))")
                    }
                }
            }
        }
        return .limits(reader.confinement)
    }

    /// Returns the limits of a plugin whose settings may be incomplete; nil if they have mistakes.
    func confinementIfKnown(of plugin: KnownPlugin) -> PluginConfinement? {
        var configuration = plugin.manifest?.schema?.defaults ?? [:]
        var unset: [YAMLError] = []
        for setting in plugin.settings?.configuration ?? [] {
            configuration[setting.key] = setting.value(in: environment, gathering: &unset)
        }
        return try? confinement(of: plugin, configuration)
    }

    private func isTurnedOff() throws(CatalogError) -> Bool {
        switch environment[Self.confineVariable] {
        case nil, ""?, "on"?: return false
        case "off"?: return true
        case let other?:
            throw CatalogError("HECTOR_CONFINE is '\(other)', expected on or off")
        }
    }

    /// The environment, with the base directories that a variable need not give.
    private var needVariables: [String: String] {
        let directories = BaseDirectories(environment: environment)
        var variables = environment
        variables["XDG_DATA_HOME"] = directories.data
        variables["XDG_CONFIG_HOME"] = directories.configuration
        variables["XDG_STATE_HOME"] = directories.state
        variables["XDG_CACHE_HOME"] = directories.cache
        return variables
    }
}

/// A reader of the texts in the lists of a plugin's needs.
private struct NeedReader {
    let catalog: Catalog
    private(set) var confinement = Confinement()

    init(catalog: Catalog) { self.catalog = catalog }

    /// - Parameter folder: The folder in which a relative path starts.
    mutating func add(_ text: String, to need: Need, in folder: String) throws(CatalogError) {
        switch need {
        case .read: confinement.readable.append(catalog.absolute(text, in: folder))
        case .write:
            let path = catalog.absolute(text, in: folder)
            confinement.writable.append(path)
            if text.hasSuffix("/"), text != "/" { confinement.created.append(path) }
        case .exec: addProgram(text, folder)
        case .connect: try addConnection(text, folder)
        }
    }

    private mutating func addProgram(_ text: String, _ folder: String) {
        if text == "*" {
            confinement.programs = .all
            return
        }
        let path: String?
        if text.contains("/") || text == "~" {
            path = catalog.absolute(text, in: folder)
        } else {
            path = findProgram(text, path: catalog.environment["PATH"] ?? "")
        }
        // A program that is not installed cannot be started either.
        if let path { confinement.programs.add(path) }
    }

    private mutating func addConnection(
        _ text: String, _ folder: String
    ) throws(CatalogError) {
        let unix = "unix:"
        if text == "*" {
            confinement.ports = .all
        } else if text == unix + "*" {
            confinement.sockets = .all
        } else if text.hasPrefix(unix) || text.hasPrefix("/") || text.hasPrefix("~/") {
            let path = text.hasPrefix(unix) ? String(text.dropFirst(unix.count)) : text
            confinement.sockets.add(catalog.absolute(path, in: folder))
        } else if let port = Self.port(text) {
            confinement.ports.add(port)
        } else {
            throw CatalogError(
                "'\(text)' cannot be connected to, expected a port, a URL, unix:PATH, unix:* or *")
        }
    }

    /// Returns the port of `443`, `HOST:443`, or a URL.
    private static func port(_ text: String) -> UInt16? {
        if let port = UInt16(text) { return port == 0 ? nil : port }
        var rest = Substring(text)
        var standard: UInt16?
        if let scheme = text.firstRange(of: "://") {
            switch text[..<scheme.lowerBound].lowercased() {
            case "https", "wss": standard = 443
            case "http", "ws": standard = 80
            case "socks5", "socks5h", "socks4", "socks4a": standard = 1080
            default: return nil
            }
            rest = text[scheme.upperBound...]
        }
        var authority = rest.prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") {
            authority = authority[authority.index(after: at)...]
        }
        guard let colon = authority.lastIndex(of: ":"),
            !authority[colon...].contains("]")
        else { return authority.isEmpty ? nil : standard }
        let port = UInt16(authority[authority.index(after: colon)...])
        return port == 0 || colon == authority.startIndex ? nil : port
    }
}

extension Confinement.Allowed {
    fileprivate mutating func add(_ element: Element) {
        if case .only(let list) = self { self = .only(list + [element]) }
    }
}
