package import Catalog
package import PackageFiles
package import PluginLock
internal import Text
internal import Unix
internal import YAML

/// A plugin that has been fetched and is not installed yet. Reading it runs nothing of it.
package struct Package: Sendable {
    /// The folder with its files.
    package let folder: String

    /// The manifests in it, at least one, by the names of their files.
    package let manifests: [Manifest]

    /// The name of each program that a manifest describes, and what it is: `script for
    /// /usr/bin/python3`.
    package let programs: [(name: String, nature: String)]

    /// The needs that the manifests declare: `read`, `connect` and so on, each with its values. Nil
    /// if a manifest says nothing of it.
    package let needs: [(name: String, values: [String])]?

    package let list: FolderList

    /// The bytes of its files.
    package let bytes: Int

    package var version: Version { manifests[0].version }

    /// The name that its manifest gives; nil if there are several plugins in it.
    package var name: String? { manifests.count == 1 ? manifests[0].name : nil }

    /// Reads the plugin in a folder, or in the only folder in it, as archives often have it.
    package init(in given: String) throws(PackageError) {
        let root = try Self.root(given)
        folder = root
        var manifests: [Manifest] = []
        var programs: [(name: String, nature: String)] = []
        for file in try Self.names(in: root)
        where file.hasSuffix(Manifest.suffix) && file != Manifest.suffix {
            let program = String(file.dropLast(Manifest.suffix.count))
            manifests.append(try Self.manifest("\(root)/\(file)", in: root))
            programs.append((program, try Self.nature(of: "\(root)/\(program)", file)))
        }
        guard let first = manifests.first else {
            throw PackageError(
                .malformed,
                "not a plugin: there is no manifest, a file NAME\(Manifest.suffix) beside the program "
                    + "NAME")
        }
        if let other = manifests.first(where: { $0.version != first.version }) {
            throw PackageError(
                .malformed,
                "the plugins in it have different versions: '\(VisibleText(first.name))' "
                    + "\(first.version) and '\(VisibleText(other.name))' \(other.version)")
        }
        self.manifests = manifests
        self.programs = programs
        needs = Self.needs(of: manifests)
        let list: FolderList
        do throws(PluginLockError) { list = try FolderList(of: root) } catch {
            throw PackageError(.unreadable, error.message)
        }
        self.list = list
        try Self.checkLinks(list.paths, in: root)
        bytes = list.paths.reduce(0) { total, path in
            total + ((try? File("\(root)/\(path)", followsLink: false).size) ?? 0)
        }
    }

    private static func names(in folder: String) throws(PackageError) -> [String] {
        do throws(SystemError) { return try Directory.names(in: folder) } catch {
            throw PackageError(error)
        }
    }

    /// Checks that no link leads out of the folder: when it was unpacked, there may have been another
    /// one around it.
    private static func checkLinks(
        _ paths: [String], in root: String
    ) throws(PackageError) {
        let inventory = Inventory()
        for path in paths {
            guard let target = try? File.target(ofLink: "\(root)/\(path)") else { continue }
            try inventory.check(link: path, to: target)
        }
    }

    private static func root(_ folder: String) throws(PackageError) -> String {
        let names = try names(in: folder)
        guard names.count == 1,
            (try? File("\(folder)/\(names[0])", followsLink: false))?.kind == .directory
        else { return folder }
        return "\(folder)/\(names[0])"
    }

    private static func manifest(
        _ file: String, in root: String
    ) throws(PackageError) -> Manifest {
        let manifest: Manifest
        do throws(CatalogError) { manifest = try Manifest(file: file) } catch {
            // Where it lies meanwhile is of no interest.
            throw PackageError(.malformed, error.message.replacing("\(root)/", with: ""))
        }
        if let range = manifest.hectorVersion, !range.contains(hectorVersion) {
            throw PackageError(
                .malformed,
                "the plugin '\(VisibleText(manifest.name))' needs Hector \(range.text), this is "
                    + "\(hectorVersion)")
        }
        return manifest
    }

    /// Returns what a program is, by its first bytes.
    private static func nature(
        of path: String, _ manifest: String
    ) throws(PackageError) -> String {
        let name = Path.name(of: path)
        guard let file = try? File(path), file.kind == .regular else {
            throw PackageError(
                .malformed,
                "not a plugin: there is no program '\(VisibleText(name))' beside '\(VisibleText(manifest))'"
            )
        }
        guard file.mode & 0o100 != 0 else {
            throw PackageError(
                .malformed,
                "the program '\(VisibleText(name))' may not be executed: pack it after 'chmod +x'")
        }
        let head = (try? OpenFile(path).next()) ?? []
        if head.starts(with: Array("#!".utf8)) {
            let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }.prefix(120)
            let text = String(decoding: line, as: UTF8.self)
            return "script for \(VisibleText(text.drop { $0 == " " }))"
        }
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            return File.foreignMachine(of: path).map { "program for \($0), not for this machine" }
                ?? "program"
        }
        return "program"
    }

    /// Reads `needs:` of the manifests as it is written, so that what a newer Hector knows is shown,
    /// too.
    private static func needs(of manifests: [Manifest]) -> [(name: String, values: [String])]? {
        var needs: [(name: String, values: [String])] = []
        for manifest in manifests {
            guard let bytes = try? File.readRegular(manifest.file, limit: 1 << 20).bytes,
                let source = try? Source(bytes, file: manifest.file)
            else { return nil }
            var problems: [YAMLError] = []
            guard let node = source.firstDocument(gathering: &problems)?["plugin"]?["needs"],
                let entries = node.entries
            else { return nil }
            for entry in entries {
                let values = entry.value.elements ?? (entry.value.isNull ? [] : [entry.value])
                needs.append((entry.key, values.map { $0.scalar?.text ?? "…" }))
            }
        }
        return needs
    }
}

extension Source {
    fileprivate func firstDocument(gathering problems: inout [YAMLError]) -> Node? {
        try? documents(gathering: &problems).first
    }
}
