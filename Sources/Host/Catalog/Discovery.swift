import Configuration
import Unix

/// A search for plugins in directories: each is an executable `NAME` with a manifest
/// `NAME.plugin.yaml` beside it.
struct Discovery: Sendable {
    /// The plugins found. Of several with the same name and kind, only the first.
    private(set) var plugins: [KnownPlugin] = []

    /// The files that looked like plugins and are not.
    private(set) var broken: [Broken] = []

    struct Broken: Sendable {
        /// The name of the file, or the directory that cannot be searched.
        let name: String

        let path: String?
        let origin: KnownPlugin.Origin

        /// The manifest, unless that is the broken part.
        var manifest: Manifest?

        let error: CatalogError
    }

    /// The number of levels that plugins may be below a directory.
    private static let deepest = 3

    func plugin(_ name: String, _ kind: Kind) -> KnownPlugin? {
        plugins.first { $0.name == name && $0.kind == kind }
    }

    mutating func add(_ plugin: KnownPlugin) {
        if self.plugin(plugin.name, plugin.kind) == nil { plugins.append(plugin) }
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
    /// With `subdirectories`, also adds those up to three levels below it, except in hidden
    /// directories and below a directory that holds a plugin. A file that other users could have
    /// put there is broken unless the origin is Hector itself.
    mutating func scan(_ directory: String, subdirectories: Bool, origin: KnownPlugin.Origin) {
        scan(directory, depth: subdirectories ? Self.deepest : 0, origin)
    }

    private mutating func scan(_ directory: String, depth: Int, _ origin: KnownPlugin.Origin) {
        let names: [String]
        do throws(SystemError) {
            names = try Directory.names(in: directory)
        } catch {
            if !error.isAbsence {
                addBroken(
                    Path.name(of: directory), at: directory, from: origin, CatalogError("\(error)"))
            }
            return
        }
        for file in names where file.hasSuffix(Manifest.suffix) && file != Manifest.suffix {
            let name = String(file.dropLast(Manifest.suffix.count))
            do throws(CatalogError) {
                add(try plugin(at: "\(directory)/\(name)", origin))
            } catch {
                addBroken(name, at: "\(directory)/\(name)", from: origin, error)
            }
        }
        for name in names where depth > 0 && !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            guard let file = try? File(path), file.kind == .directory else { continue }
            scan(path, depth: holdsManifest(path) ? 0 : depth - 1, origin)
        }
    }

    private func holdsManifest(_ directory: String) -> Bool {
        let names = try? Directory.names(in: directory)
        return names?.contains { $0.hasSuffix(Manifest.suffix) } ?? false
    }

    private func plugin(
        at executable: String, _ origin: KnownPlugin.Origin
    ) throws(CatalogError) -> KnownPlugin {
        let file = executable + Manifest.suffix
        if origin == .discovered {
            for path in [file, executable] {
                guard let danger = danger(of: path) else { continue }
                throw CatalogError("'\(path)' \(danger), so it is not used", .notPermitted)
            }
        }
        let manifest = try Manifest(file: file)
        try checkExecutable(executable)
        return KnownPlugin(
            name: manifest.name, kind: manifest.kind, origin: origin,
            location: .executable(executable), manifest: manifest, settings: nil)
    }

    private func danger(of path: String) -> String? {
        (try? File(path, followsLink: false))?.danger ?? (try? File(path))?.danger
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
