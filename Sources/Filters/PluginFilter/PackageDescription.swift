internal import Catalog
internal import Configuration
internal import OpenSSL
internal import PluginLock
internal import PluginStore
internal import Text

/// The abilities and the source of a plugin, as text for the user who has to agree.
struct PackageDescription {
    let text: String

    /// - Parameters:
    ///   - before: The plugin that it replaces.
    ///   - root: The folder of plugins.
    init(_ package: Package, _ plugin: LockedPlugin, _ before: LockedPlugin?, _ root: String) {
        var rows: [[String]] = []
        func add(_ label: String, _ value: String) {
            rows.append(["  \(label)", "\(VisibleText(value))"])
        }
        for manifest in package.manifests {
            add("kind", "\(manifest.name): \(manifest.kind.rawValue)")
            if let text = manifest.description { add("about", text) }
            if BuiltIn.all.contains(where: {
                $0.name == manifest.name && $0.kind == manifest.kind
            }) {
                add("instead of", "the built-in '\(manifest.name)', from now on")
            }
        }
        add("version", "\(package.version)")
        for program in package.programs { add("program", "\(program.name), a \(program.nature)") }
        if let needs = package.needs {
            if needs.isEmpty { add("needs", "nothing but its socket, as it says") }
            for need in needs {
                let values = need.values.isEmpty ? "-" : need.values.joined(separator: ", ")
                add("needs", "\(need.name) \(values)")
            }
        } else {
            add("needs", "does not say: it can do whatever you can")
        }
        add("files", "\(package.list.count) with \(Self.size(package.bytes))")
        add("checksum", package.list.checksum)
        add("from", plugin.source + (plugin.digest.map { " (\($0))" } ?? ""))
        add("signed", Self.signature(plugin))
        if let before {
            add("replaces", "version \(before.version) from \(before.source)")
            if let key = before.key, key != plugin.key {
                add("", "which was signed with another key, \(Self.fingerprint(key))")
            }
        }
        add("into", "\(root)/\(plugin.name)")
        text = "\(VisibleText(plugin.name)) \(package.version)\n" + aligned(rows)
    }

    private static func signature(_ plugin: LockedPlugin) -> String {
        guard let key = plugin.key else { return "no, or not checked: there is no --key" }
        return "with the key \(fingerprint(key))"
    }

    static func fingerprint(_ pem: String) -> String {
        guard let key = try? SigningKey(pem: pem) else { return "?" }
        return "SHA256:\(key.fingerprint)"
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1024: "\(bytes) bytes"
        case ..<(1024 * 1024): "\((bytes + 512) / 1024) KiB"
        default: "\((bytes + 524_288) / 1_048_576) MiB"
        }
    }
}
