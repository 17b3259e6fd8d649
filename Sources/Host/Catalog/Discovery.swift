import Configuration
import Trust
import Unix

/// A search for plugins in directories: each is an executable `NAME` with a manifest
/// `NAME.plugin.yaml` beside it.
struct Discovery: Sendable {
    /// The plugins found. Of several with the same name and kind, only the first.
    private(set) var plugins: [KnownPlugin] = []

    /// The files that looked like plugins and are not.
    private(set) var broken: [Broken] = []

    private let trustedPaths: TrustedPaths

    init(_ trustedPaths: TrustedPaths) { self.trustedPaths = trustedPaths }

    struct Broken: Sendable {
        /// The name of the file, or the directory that cannot be searched.
        let name: String

        let path: String?
        let origin: KnownPlugin.Origin

        /// The manifest, unless that is the broken part.
        var manifest: Manifest?

        let error: CatalogError
    }

    func plugin(_ name: String, _ kind: Kind) -> KnownPlugin? {
        plugins.first { $0.name == name && $0.kind == kind }
    }

    /// Adds a plugin unless there is one of the same name and kind. One of the user's own that goes
    /// before a built-in one is noted to do so.
    mutating func add(_ plugin: KnownPlugin) {
        let place = plugins.firstIndex { $0.name == plugin.name && $0.kind == plugin.kind }
        guard let place else { return plugins.append(plugin) }
        if plugin.origin == .builtIn, plugins[place].origin == .discovered,
            case .executable(let path) = plugin.location
        {
            plugins[place].replacedBuiltIn = plugins[place].replacedBuiltIn ?? path
        }
    }

    mutating func addBroken(
        _ name: String, at path: String? = nil, from origin: KnownPlugin.Origin = .discovered,
        _ error: CatalogError
    ) {
        let manifest = path.flatMap { try? Manifest.beside($0) }
        broken.append(
            Broken(name: name, path: path, origin: origin, manifest: manifest, error: error))
    }

    /// Adds the plugins in a directory; none if it does not exist.
    ///
    /// With `subdirectories`, also adds those below it, as ``PluginFiles`` finds them. A file that
    /// other users could have put there is broken unless the origin is Hector itself.
    mutating func scan(_ directory: String, subdirectories: Bool, origin: KnownPlugin.Origin) {
        var executables: [String] = []
        PluginFiles.search(directory, subdirectories: subdirectories) { executable in
            executables.append(executable)
        } failed: { directory, error in
            addBroken(
                Path.name(of: directory), at: directory, from: origin, CatalogError("\(error)"))
        }
        for executable in executables {
            do throws(CatalogError) {
                add(try plugin(at: executable, origin))
            } catch {
                addBroken(Path.name(of: executable), at: executable, from: origin, error)
            }
        }
    }

    private func plugin(
        at executable: String, _ origin: KnownPlugin.Origin
    ) throws(CatalogError) -> KnownPlugin {
        let file = executable + Manifest.suffix
        if origin == .discovered {
            for path in [file, executable] {
                try Catalog.checkOwners(of: path, trustedPaths)
            }
        }
        let manifest = try Manifest(file: file)
        try checkExecutable(executable)
        return KnownPlugin(
            name: manifest.name, kind: manifest.kind, origin: origin,
            location: .executable(executable), manifest: manifest, settings: nil)
    }
}

extension Catalog {
    /// Checks that only this user and root can have put a file where it is.
    ///
    /// - Throws: The reason why others could have, with the folder or file to mend.
    static func checkOwners(of path: String, _ trustedPaths: TrustedPaths) throws(CatalogError) {
        let vouched = trustedPaths.vouched(in: Path.parent(of: path))
        let danger =
            (try? File(path, followsLink: false))?.danger(vouched: vouched)
            ?? (try? File(path))?.danger(vouched: vouched)
        if let danger {
            throw CatalogError("'\(path)' \(danger), so it is not used", .notPermitted)
        }
        if let unsafe = UnsafeFolder.onTheWay(to: path, vouched: vouched) {
            throw CatalogError("\(unsafe): '\(path)' in it is not used", .notPermitted)
        }
    }
}

/// - Throws: The reason why the file cannot be executed.
func checkExecutable(_ path: String) throws(CatalogError) {
    let file: File
    do throws(SystemError) {
        file = try File(path)
    } catch {
        let (folder, name) = (Path.parent(of: path), Path.name(of: path))
        // A folder stands for the executable with the same name in it.
        if error.isAbsence, Path.name(of: folder) == name, (try? File(folder))?.kind == .directory {
            throw CatalogError(
                "'\(folder)' is a directory without an executable '\(name)' in it", .unavailable)
        }
        let reason = "\(SystemError(error.code, "run '\(path)'"))"
        throw CatalogError(reason, .unavailable)
    }
    guard file.kind == .regular else {
        throw CatalogError("cannot run '\(path)': not a file", .unavailable)
    }
    if let problem = File.obstacle(toRunning: path) {
        throw CatalogError("\(problem)", .unavailable)
    }
}
