package import PackageFiles
package import PluginLock
internal import Unix

/// The folder of the user's plugins, `~/.hector/plugins`: what is installed there, and what changes
/// it.
///
/// Only the process that holds the store's lock changes it. A crash at any point leaves the old
/// plugin or the new one, whole, and a lock that accepts it. Where two folders cannot change their
/// names at once, it may be the next change that puts it back.
package final class PluginStore {
    /// The absolute path.
    package let root: String

    package private(set) var lock: PluginLock

    /// Held as long as the store may be changed.
    private let ownership: FileLock?

    private static let staging = ".staging-"

    /// Returns the folder of the user's plugins.
    package static func root(environment: [String: String]) throws(PackageError) -> String {
        guard let home = BaseDirectories(environment: environment).home else {
            throw PackageError(.unreadable, "no folder for plugins: HOME is not set")
        }
        return "\(home)/.hector/plugins"
    }

    /// Opens the store for reading.
    package init(reading root: String) throws(PackageError) {
        self.root = root
        ownership = nil
        lock = try Self.readLock(root)
    }

    private init(_ root: String, _ ownership: FileLock) throws(PackageError) {
        self.root = root
        self.ownership = ownership
        lock = try Self.readLock(root)
        try recover()
    }

    /// Opens the store for changes.
    ///
    /// - Parameter onWait: Called if another process is changing it.
    package static func open(
        _ root: String, onWait: () -> Void
    ) async throws(PackageError) -> PluginStore {
        let file = "\(root)/.lock"
        let ownership: FileLock
        do {
            try PrivateFile.makeDirectory(root)
            if let free = try FileLock.take(file) {
                ownership = free
            } else {
                onWait()
                ownership = try await FileLock.wait(for: file)
            }
        } catch let error as SystemError {
            throw PackageError(error)
        } catch {
            throw PackageError(.unavailable, "interrupted while another process changed '\(root)'")
        }
        return try PluginStore(root, ownership)
    }

    private static func readLock(_ root: String) throws(PackageError) -> PluginLock {
        do throws(PluginLockError) { return try PluginLock(of: root) ?? PluginLock() } catch {
            throw PackageError(.notPermitted, error.message)
        }
    }

    /// Removes what a process that was killed has left, and decides what it left undecided.
    private func recover() throws(PackageError) {
        let stagings = ((try? Directory.names(in: root)) ?? [])
            .filter { $0.hasPrefix(Self.staging) }.map { "\(root)/\($0)" }
        for name in Set(lock.plugins.keys).union(lock.pending.keys)
        where (try? File(folder(name), followsLink: false)) == nil {
            putBack(name, from: stagings)
        }
        for staging in stagings { try? File.removeTree(staging) }
        if lock.pending.isEmpty { return }
        for (name, pending) in lock.pending {
            let found = try? FolderList(of: folder(name)).checksum
            if found == pending.checksum { lock.adopt(name) } else { lock.withdraw(name) }
        }
        try writeLock()
    }

    /// Puts a plugin in its place that a process has moved away from there and was killed, where two
    /// folders cannot change their names at once.
    private func putBack(_ name: String, from stagings: [String]) {
        for staging in stagings {
            for path in Self.folders(in: staging).flatMap({ [$0] + Self.folders(in: $0) }) {
                guard let found = try? FolderList(of: path).checksum,
                    lock.plugin(name, with: found) != nil
                else { continue }
                if (try? File.rename(path, to: folder(name))) != nil { return }
            }
        }
    }

    private static func folders(in folder: String) -> [String] {
        ((try? Directory.names(in: folder)) ?? []).map { "\(folder)/\($0)" }
            .filter { (try? File($0, followsLink: false))?.kind == .directory }
    }

    private func writeLock() throws(PackageError) {
        do throws(PluginLockError) { try lock.write(to: root) } catch {
            throw PackageError(.unreadable, error.message)
        }
    }

    /// Returns the path of a plugin's folder.
    package func folder(_ name: String) -> String { "\(root)/\(name)" }

    /// Runs `body` with a new folder in the store, where a plugin is put together. It is removed in
    /// the end.
    package func withStaging<R>(
        _ body: (String) async throws(PackageError) -> R
    ) async throws(PackageError) -> R {
        let staging: String
        do throws(SystemError) {
            staging = try Directory.makeNew("\(root)/\(Self.staging)")
        } catch {
            throw PackageError(error)
        }
        defer { try? File.removeTree(staging) }
        return try await body(staging)
    }

    /// Checks that a name is free, or that of an installed plugin.
    package func checkPlace(_ name: String) throws(PackageError) {
        guard isFolderName(name) else {
            throw PackageError(
                .usage, "'\(name)' cannot be the name of a folder: name another with --name")
        }
        if lock.contains(name) { return }
        guard (try? File(folder(name), followsLink: false)) == nil else {
            throw PackageError(
                .notPermitted,
                "'\(folder(name))' is there already and was not installed by 'hector plugin': move it "
                    + "away, or name another folder with --name")
        }
    }

    /// Puts a plugin in its place, and the one that is there into the staging folder.
    ///
    /// The lock first accepts both, then the folders change places, then the lock forgets the old
    /// one: whenever this ends, what is there is in the lock.
    ///
    /// - Parameter staging: The folder that the package is in.
    package func install(
        _ package: Package, as plugin: LockedPlugin, from staging: String
    ) throws(PackageError) {
        try checkPlace(plugin.name)
        let place = folder(plugin.name)
        // On the disk before it has the name, or a power failure could leave empty files there.
        Directory.flush(staging)
        lock.announce(plugin)
        do {
            // mkdtemp makes folders for this user only.
            try Directory.setMode(package.folder, 0o755 & ~Directory.mask)
            try writeLock()
            if (try? File(place, followsLink: false)) == nil {
                try File.rename(package.folder, to: place)
            } else {
                try Directory.exchange(package.folder, place, by: "\(staging)/.spare")
            }
        } catch {
            lock.withdraw(plugin.name)
            try? writeLock()
            if let error = error as? PackageError { throw error }
            throw PackageError(.unreadable, "\(error)")
        }
        Directory.flush(root)
        lock.adopt(plugin.name)
        try writeLock()
        // It only explains differences.
        let file = LockedFolder.listPath(root, plugin.name)
        try? PrivateFile.makeDirectory(Path.parent(of: file))
        try? PrivateFile.replace(file, by: Array(package.list.text.utf8))
    }

    /// Removes an installed plugin.
    package func remove(_ name: String) async throws(PackageError) {
        try requireInstalled(name)
        try await withStaging { staging throws(PackageError) in
            do throws(SystemError) {
                try File.rename(folder(name), to: "\(staging)/removed")
            } catch  where error.isAbsence {
                // It was deleted by hand, and only the lock knows of it.
            } catch {
                throw PackageError(error)
            }
            lock.remove(name)
            try writeLock()
            try? File.remove(LockedFolder.listPath(root, name))
        }
    }

    package func requireInstalled(_ name: String) throws(PackageError) {
        if lock.contains(name) { return }
        let isThere = (try? File(folder(name), followsLink: false)) != nil
        throw PackageError(
            .unavailable,
            isThere
                ? "'\(folder(name))' was not installed by 'hector plugin'; it is yours to change"
                : "no plugin '\(name)' is installed in '\(root)'")
    }

    /// Returns the difference between a plugin and its lock; nil if there is none. All its files are
    /// read.
    package func difference(_ name: String) -> String? {
        do throws(PluginLockError) {
            try LockedFolder(root: root, name: name, lock: lock).verify(cache: nil)
            return nil
        } catch {
            return error.message
        }
    }
}
