package import Unix

/// A folder that is being filled with the files of a package.
package struct PackageWriter: ~Copyable {
    /// The absolute path of the folder, which has to be this user's alone until it is complete.
    package let folder: String

    private var inventory: Inventory

    /// - Parameter folder: An empty folder.
    package init(_ folder: String, limits: PackageLimits = PackageLimits()) {
        self.folder = folder
        inventory = Inventory(limits: limits)
    }

    /// Adds a folder.
    package mutating func addDirectory(_ name: String) throws(PackageError) {
        guard let (path, folders) = try inventory.admit(name, .directory) else { return }
        try make(folders + [path])
    }

    /// Adds a symbolic link, which is made in the end.
    package mutating func addLink(_ name: String, to target: String) throws(PackageError) {
        guard let (_, folders) = try inventory.admit(name, .link(target)) else { return }
        try make(folders)
    }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - mode: The permissions in the package, of which only the owner's right to execute matters.
    ///   - size: The bytes that it should have; there may be others.
    ///   - next: Returns the next bytes, and none at the end.
    package mutating func addFile(
        _ name: String, mode: UInt32, size: Int = 0, _ next: () throws(PackageError) -> [UInt8]
    ) throws(PackageError) {
        guard let (path, folders) = try inventory.admit(name, .file, mode: mode) else { return }
        // Before the disk is full.
        try inventory.checkRoom(for: size)
        try make(folders)
        do {
            let file = try NewFile("\(folder)/\(path)", mode: mode & 0o100 != 0 ? 0o755 : 0o644)
            while true {
                let bytes = try next()
                if bytes.isEmpty { break }
                try inventory.count(bytes: bytes.count)
                try file.write(bytes)
            }
        } catch let error as SystemError {
            throw PackageError(error)
        } catch let error as PackageError {
            throw error
        } catch {
            throw PackageError(.unreadable, "\(error)")
        }
    }

    /// Makes the links. Nothing may be added after this.
    package consuming func finish() throws(PackageError) {
        do throws(SystemError) {
            for (path, target) in inventory.links {
                try File.makeLink("\(folder)/\(path)", to: target)
            }
        } catch {
            throw PackageError(error)
        }
    }

    private func make(_ folders: [String]) throws(PackageError) {
        do throws(SystemError) {
            for path in folders { try Directory.make("\(folder)/\(path)") }
        } catch {
            throw PackageError(error)
        }
    }
}
