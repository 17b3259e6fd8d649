package import JSON

/// An installed plugin, as `hector.lock` has it.
package struct LockedPlugin: Equatable, Sendable {
    /// The name of its folder.
    package var name: String

    /// The version of its manifest.
    package var version: String

    /// The checksum of its folder: ``FolderList/checksum``.
    package var checksum: String

    /// The folder, archive or reference that it came from.
    package var source: String

    /// The digest of the manifest in the registry, `sha256:…`; nil for a folder or an archive.
    package var digest: String?

    /// The public key, in PEM, that has signed it and has to sign what replaces it.
    package var key: String?

    /// The time of the installation, in the form of RFC 3339.
    package var installed: String

    package init(
        name: String, version: String, checksum: String, source: String, digest: String? = nil,
        key: String? = nil, installed: String
    ) {
        self.name = name
        self.version = version
        self.checksum = checksum
        self.source = source
        self.digest = digest
        self.key = key
        self.installed = installed
    }

    init?(_ value: Value) {
        guard let name = value["name"]?.string, isFolderName(name),
            let version = value["version"]?.string, let checksum = value["checksum"]?.string,
            checksum.hasPrefix("sha256:"), let source = value["source"]?.string,
            let installed = value["installed"]?.string
        else { return nil }
        for member in ["digest", "key"] {
            if let value = value[member], value.string == nil { return nil }
        }
        self.init(
            name: name, version: version, checksum: checksum, source: source,
            digest: value["digest"]?.string, key: value["key"]?.string, installed: installed)
    }

    /// The plugin as JSON.
    package var value: Value {
        var members: Members = [
            "name": .string(name), "version": .string(version), "checksum": .string(checksum),
            "source": .string(source),
        ]
        if let digest { members.append("digest", .string(digest)) }
        if let key { members.append("key", .string(key)) }
        members.append("installed", .string(installed))
        return .object(members)
    }
}

/// Returns true for a name that a folder of a plugin may have: that of a file that is not hidden.
package func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 128 && !name.hasPrefix(".") && name != PluginLock.fileName
        && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
}
