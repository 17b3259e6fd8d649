internal import Archive
package import PackageFiles
internal import Text
internal import Unix

extension PackageWriter {
    /// Adds everything in a tar archive.
    package mutating func addArchive(_ path: String) throws(PackageError) {
        do {
            let archive = try ArchiveReader(path)
            while let entry = try archive.next() {
                guard let name = entry.name else {
                    throw PackageError(
                        .notPermitted, "an entry of the package has a name that is not UTF-8")
                }
                switch entry.kind {
                case .directory: try addDirectory(name)
                case .link(let target): try addLink(name, to: target)
                case .file:
                    var block: [UInt8] = []
                    try addFile(name, mode: entry.mode, size: entry.size) {
                        () throws(PackageError) in
                        do throws(ArchiveError) {
                            try archive.read(into: &block, atMost: 256 * 1024)
                        } catch {
                            throw PackageError(.malformed, "cannot unpack the archive: \(error)")
                        }
                        return block
                    }
                case .hardLink:
                    throw PackageError(
                        .notPermitted,
                        "'\(VisibleText(name))' in the package is a hard link; pack it with 'tar "
                            + "--hard-dereference'")
                case .special:
                    throw PackageError(
                        .notPermitted,
                        "'\(VisibleText(name))' in the package is a device, a pipe or a socket")
                }
            }
        } catch let error as ArchiveError {
            throw PackageError(.malformed, "cannot unpack '\(path)': \(error)")
        } catch let error as PackageError {
            throw error
        } catch {
            throw PackageError(.unreadable, "\(error)")
        }
    }

    /// Adds a copy of a file.
    package mutating func addFile(
        copying path: String, as name: String, mode: UInt32
    ) throws(PackageError) {
        do {
            let input = try OpenFile(path)
            try addFile(name, mode: mode) { () throws(PackageError) in
                do throws(SystemError) { return try input.next() } catch {
                    throw PackageError(error)
                }
            }
        } catch let error as SystemError {
            throw PackageError(error)
        } catch let error as PackageError {
            throw error
        } catch {
            throw PackageError(.unreadable, "\(error)")
        }
    }
}
