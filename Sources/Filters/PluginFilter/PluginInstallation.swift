internal import Catalog
package import FilterKit
internal import OpenSSL
internal import PackageFiles
internal import PluginLock
internal import PluginStore
internal import Text
internal import Unix

/// The wishes of a user who installs or updates a plugin.
package struct InstallationRequest: Sendable {
    /// The path of a file with the public key that has to have signed it; nil for the key of the
    /// installed plugin, if it has one.
    package var key: String?

    /// True if the user agrees without being asked.
    package var agrees = false

    package var allowsDowngrade = false

    /// True if only what was fetched before is used.
    package var isOffline = false

    package init() {}
}

/// Installs a plugin from a folder, an archive or a registry, after the user has agreed.
///
/// - Parameter name: The name of its folder; nil for that of its manifest.
/// - Throws: `Failure`.
package func installPlugin(
    from source: String, as name: String?, _ request: InstallationRequest
) async throws {
    try await withStore { store throws(PackageError) in
        let origin = try Origin(source, in: Directory.current)
        try await Installation(store, request).install(from: origin, as: name)
    }
}

/// Installs the plugins again from where they came from, as far as they have changed there.
///
/// - Parameter names: The plugins; none for all.
package func updatePlugins(
    _ names: [String], _ request: InstallationRequest
) async throws -> ExitStatus {
    var status = ExitStatus.success
    try await withStore { store throws(PackageError) in
        for name in names { try store.requireInstalled(name) }
        for name in names.isEmpty ? store.lock.plugins.keys.sorted() : names {
            guard let plugin = store.lock.plugins[name] else { continue }
            do throws(PackageError) {
                let origin = try Origin(plugin.source, in: "/")
                try await Installation(store, request).install(from: origin, as: name)
            } catch {
                if Task.isCancelled { throw error }
                Diagnostics.error("cannot update '\(name)': \(error)")
                if status == .success { status = ExitStatus(error.meaning) }
            }
        }
    }
    return status
}

/// Removes installed plugins.
package func removePlugins(_ names: [String]) async throws {
    try await withStore { store throws(PackageError) in
        for name in names { try store.requireInstalled(name) }
        for name in names { try await store.remove(name) }
    }
}

/// Reads all files of installed plugins, and reports those that are not what was installed.
///
/// - Parameter names: The plugins; none for all.
package func verifyPlugins(_ names: [String]) throws -> ExitStatus {
    var status = ExitStatus.success
    do throws(PackageError) {
        let root = try PluginStore.root(environment: Environment.current)
        let store = try PluginStore(reading: root)
        for name in names { try store.requireInstalled(name) }
        let installed = Set(store.lock.plugins.keys).union(store.lock.pending.keys)
        for name in names.isEmpty ? installed.sorted() : names {
            guard let difference = store.difference(name) else { continue }
            Diagnostics.error(difference)
            status = .notPermitted
        }
    } catch {
        throw Failure(error)
    }
    return status
}

private func withStore(
    _ body: (PluginStore) async throws(PackageError) -> Void
) async throws {
    do throws(PackageError) {
        let root = try PluginStore.root(environment: Environment.current)
        let store = try await PluginStore.open(root) {
            Diagnostics.warn("waiting for another process that changes '\(root)'")
        }
        try await body(store)
    } catch {
        throw Failure(error)
    }
}

extension Failure {
    fileprivate init(_ error: PackageError) {
        self.init(ExitStatus(error.meaning), error.message)
    }
}

extension ExitStatus {
    fileprivate init(_ meaning: PackageError.Meaning) {
        self =
            switch meaning {
            case .notPermitted: .notPermitted
            case .malformed: .badInput
            case .unavailable: .unavailable
            case .unreadable: .ioError
            case .usage: .usage
            }
    }
}

/// The way of a plugin into the store.
private struct Installation {
    let store: PluginStore
    let request: InstallationRequest

    init(_ store: PluginStore, _ request: InstallationRequest) {
        self.store = store
        self.request = request
    }

    func install(from origin: Origin, as givenName: String?) async throws(PackageError) {
        let name = givenName
        if let name { try store.checkPlace(name) }
        let given = try givenKey(for: origin)
        try await store.withStaging { staging throws(PackageError) in
            let known = name.flatMap { store.lock.plugins[$0]?.key }
            var (package, digest) = try await fetch(
                origin, "\(staging)/files", key: given ?? known)
            let name = if let name { name } else { try folderName(of: package) }
            try store.checkPlace(name)
            let before = store.lock.plugins[name]
            if given == nil, known == nil, let key = before?.key {
                // Only now it is known whose key counts.
                (package, digest) = try await fetch(origin, "\(staging)/again", key: key)
            }
            let plugin = LockedPlugin(
                name: name, version: "\(package.version)", checksum: package.list.checksum,
                source: origin.text, digest: digest, key: given ?? before?.key,
                installed: "\(Timestamp.now)")
            if let before {
                if givenName == nil { try checkSource(of: before, origin) }
                try checkOrder(of: before, package)
                if isUnchanged(before, plugin) { return }
            }
            try await ask(about: package, plugin, before)
            try store.install(package, as: plugin, from: staging)
        }
    }

    private func givenKey(for origin: Origin) throws(PackageError) -> String? {
        guard let file = request.key else { return nil }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try File.readText(file, limit: 1 << 20).bytes } catch {
            throw PackageError(error)
        }
        do throws(CertificateError) {
            return try SigningKey(pem: String(decoding: bytes, as: UTF8.self)).pem
        } catch {
            throw PackageError(.malformed, "cannot use the key '\(file)': \(error)")
        }
    }

    private func fetch(
        _ origin: Origin, _ folder: String, key: String?
    ) async throws(PackageError) -> (Package, digest: String?) {
        if key != nil, origin.kind != .registry {
            throw PackageError(
                .notPermitted,
                "'\(origin.text)' is not signed, and has to be: signatures are those of oci:// "
                    + "references")
        }
        do throws(SystemError) { try Directory.make(folder, mode: 0o700) } catch {
            throw PackageError(error)
        }
        let result = try await fetchPackage(
            origin, into: folder, key: key, isOffline: request.isOffline,
            environment: Environment.current)
        for warning in result.warnings { Diagnostics.warn(warning) }
        return (try Package(in: folder), result.digest)
    }

    private func folderName(of package: Package) throws(PackageError) -> String {
        if let name = package.name { return name }
        let names = package.manifests.map { "'\(VisibleText($0.name))'" }
        throw PackageError(
            .usage,
            "there are several plugins in it, \(names.joined(separator: ", ")): name their folder with "
                + "--name")
    }

    /// Refuses a plugin from elsewhere that gives itself the name of an installed one, unless the
    /// question shows both sources.
    private func checkSource(of before: LockedPlugin, _ origin: Origin) throws(PackageError) {
        guard request.agrees,
            Origin.repository(of: before.source) != Origin.repository(of: origin.text)
        else { return }
        throw PackageError(
            .notPermitted,
            "'\(before.name)' is installed from '\(VisibleText(before.source))', and this is another "
                + "source: add --name \(before.name) if it is to take its place, or --name with "
                + "another name")
    }

    private func checkOrder(of before: LockedPlugin, _ package: Package) throws(PackageError) {
        guard !request.allowsDowngrade, let old = Version(before.version), package.version < old
        else { return }
        throw PackageError(
            .notPermitted,
            "'\(before.name)' would go back from version \(old) to \(package.version); add "
                + "--allow-downgrade if that is meant")
    }

    private func isUnchanged(_ before: LockedPlugin, _ plugin: LockedPlugin) -> Bool {
        var same = plugin
        same.installed = before.installed
        return same == before && store.difference(plugin.name) == nil
    }

    private func ask(
        about package: Package, _ plugin: LockedPlugin, _ before: LockedPlugin?
    ) async throws(PackageError) {
        let description = PackageDescription(package, plugin, before, store.root).text
        if request.agrees {
            Diagnostics.note(description)
            return
        }
        guard let terminal = try? Terminal(), terminal.isOurs else {
            Diagnostics.note(description)
            throw PackageError(
                .notPermitted,
                "nothing is installed unless you agree, and there is no terminal to ask at: add "
                    + "--yes")
        }
        let answer = await terminal.ask(description + "Install it? [y/N] ")
        guard ["y", "yes"].contains((answer ?? "").lowercased()) else {
            throw PackageError(.notPermitted, "'\(plugin.name)' is not installed")
        }
    }
}
