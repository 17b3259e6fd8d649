internal import JSON
internal import OpenSSL
package import Unix

/// The folder of an installed plugin, `ROOT/NAME` beside `ROOT/hector.lock`.
package struct LockedFolder: Sendable {
    /// The folder of plugins.
    package let root: String

    /// The name of the plugin's folder.
    package let name: String

    private let lock: PluginLock

    package var path: String { "\(root)/\(name)" }

    /// The plugin that the folder has to be.
    package var plugin: LockedPlugin? { lock.plugins[name] ?? lock.pending[name] }

    /// Returns the folder of an executable, if it was installed; nil for any other. A lock of another
    /// user, as in /tmp, says nothing of the user's plugins.
    ///
    /// - Parameter executable: An absolute path.
    package init?(of executable: String) throws(PluginLockError) {
        let owner = (try? File(executable))?.owner
        for path in Self.paths(executable) {
            var folder = Path.parent(of: path)
            while folder != "/" {
                let (root, name) = (Path.parent(of: folder), Path.name(of: folder))
                if Self.isTrusted("\(root)/\(PluginLock.fileName)", owner),
                    let lock = try PluginLock(of: root), lock.contains(name)
                {
                    self.init(root: root, name: name, lock: lock)
                    return
                }
                folder = root
            }
        }
        return nil
    }

    /// True for a file, or link, of this user, of root, or of the plugin's owner.
    private static func isTrusted(_ path: String, _ owner: UInt32?) -> Bool {
        guard let file = try? File(path, followsLink: false) else { return false }
        return file.isSafelyOwned(vouched: owner)
    }

    package init(root: String, name: String, lock: PluginLock) {
        (self.root, self.name, self.lock) = (root, name, lock)
    }

    /// Returns the path, and the one that it leads to by links.
    private static func paths(_ executable: String) -> [String] {
        let path = Path.absolute(executable, in: Directory.current)
        guard let real = Path.resolved(path), real != path else { return [path] }
        return [path, real]
    }

    /// Checks that the plugin is what was installed.
    ///
    /// Its files are read only if something about them has changed since they were read last: for a
    /// plugin of ten files the check takes 0.1 ms.
    ///
    /// - Parameter cache: The folder for notes on what has been read; nil to read everything.
    /// - Throws: The differences.
    package func verify(cache: String?) throws(PluginLockError) {
        let stamps = try FolderStamps(of: path)
        let note = cache.map { "\($0)/hector/verified/\(Self.noteName(path))" }
        let fingerprint = SHA256.hex(of: Array(stamps.text.utf8))
        if let note, let known = try? File.readRegular(note, limit: 1024).bytes {
            let parts = String(decoding: known, as: UTF8.self).split(separator: " ")
            if parts.count == 2, parts[0] == fingerprint,
                lock.plugin(name, with: String(parts[1])) != nil
            {
                return
            }
        }
        let list = try FolderList(of: path)
        guard lock.plugin(name, with: list.checksum) != nil else {
            throw PluginLockError(difference(list))
        }
        // A change within the same tick of the clock would not show in the stamps.
        guard let note, FileStamp.now - stamps.latest > Self.tick,
            (try? FolderStamps(of: path).text) == stamps.text
        else { return }
        // Without the note the next start takes longer.
        try? PrivateFile.makeDirectory(Path.parent(of: note))
        try? PrivateFile.replace(note, by: Array("\(fingerprint) \(list.checksum)".utf8))
    }

    /// The coarsest clock of a file system that is likely, in nanoseconds: two seconds.
    private static let tick = 2_000_000_000

    private static func noteName(_ path: String) -> String {
        String(SHA256.hex(of: Array(path.utf8)).prefix(32))
    }

    private func difference(_ found: FolderList) -> String {
        let installed = (try? File.readRegular(Self.listPath(root, name), limit: 64 << 20).bytes)
            .map { FolderList(text: String(decoding: $0, as: UTF8.self)) }
        var what = ""
        // A list that is not the one of the lock says nothing.
        if let installed, let plugin, installed.checksum == plugin.checksum {
            let differences = installed.differences(to: found)
            what = ": " + differences.prefix(3).joined(separator: ", ")
            if differences.count > 3 { what += " and \(differences.count - 3) more" }
        }
        return "'\(path)' is not what was installed\(what)"
    }

    /// Returns the path of the list of files that a plugin was installed with.
    package static func listPath(_ root: String, _ name: String) -> String {
        "\(root)/.files/\(name)"
    }
}
