internal import JSON
internal import Unix

/// The file `hector.lock` in a folder of plugins: which of them were installed there, from where,
/// and what they have to be.
package struct PluginLock: Equatable, Sendable {
    package static let fileName = "hector.lock"

    /// The plugins, by name.
    package private(set) var plugins: [String: LockedPlugin] = [:]

    /// The plugins that are about to take the place of those, by name. A crash in the middle leaves
    /// one or the other, and either was agreed to.
    package private(set) var pending: [String: LockedPlugin] = [:]

    private static let format = 1
    private static let largestFile = 16 << 20

    package init() {}

    /// Reads the lock of a folder of plugins; nil if there is none.
    package init?(of root: String) throws(PluginLockError) {
        let file = "\(root)/\(Self.fileName)"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.readRegular(file, limit: Self.largestFile).bytes
        } catch  where error.isAbsence {
            return nil
        } catch {
            throw PluginLockError("\(error)")
        }
        let value: Value
        do throws(JSONError) { value = try Value(parsing: bytes) } catch {
            throw PluginLockError("cannot use '\(file)': \(error)\(Self.mend)")
        }
        guard let format = value["lock"]?.int, value["plugins"] != nil else {
            throw PluginLockError("cannot use '\(file)': not a lock of plugins\(Self.mend)")
        }
        guard format == Self.format else {
            throw PluginLockError("cannot use '\(file)': format \(format) needs a newer Hector")
        }
        plugins = try Self.plugins(value["plugins"], file)
        pending = try Self.plugins(value["pending"], file)
    }

    /// The end of an error about a file that is damaged.
    private static let mend = "; move it away, and install its plugins again"

    private static func plugins(
        _ value: Value?, _ file: String
    ) throws(PluginLockError) -> [String: LockedPlugin] {
        guard let value else { return [:] }
        var plugins: [String: LockedPlugin] = [:]
        guard let list = value.array else {
            throw PluginLockError("cannot use '\(file)': its plugins are not a list")
        }
        for (position, element) in list.enumerated() {
            guard let plugin = LockedPlugin(element), plugins[plugin.name] == nil else {
                throw PluginLockError(
                    "cannot use '\(file)': plugin \(position + 1) of the list is malformed")
            }
            plugins[plugin.name] = plugin
        }
        return plugins
    }

    /// Writes the lock in place of the one that is there.
    package func write(to root: String) throws(PluginLockError) {
        do throws(SystemError) {
            try PrivateFile.replace("\(root)/\(Self.fileName)", by: Array(text.utf8))
        } catch {
            throw PluginLockError("\(error)")
        }
    }

    /// The file: JSON with a line for each plugin, so that a difference shows the plugin.
    package var text: String {
        func list(_ plugins: [String: LockedPlugin]) -> String {
            let lines = plugins.values.sorted { $0.name < $1.name }.map { "    \($0.value)" }
            return lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"
        }
        let rest = pending.isEmpty ? "" : ",\n  \"pending\": \(list(pending))"
        return "{\n  \"lock\": \(Self.format),\n  \"plugins\": \(list(plugins))\(rest)\n}\n"
    }

    /// Notes what is about to take the place of a plugin.
    package mutating func announce(_ plugin: LockedPlugin) { pending[plugin.name] = plugin }

    /// Makes what was announced the plugin itself.
    package mutating func adopt(_ name: String) {
        if let plugin = pending.removeValue(forKey: name) { plugins[name] = plugin }
    }

    package mutating func withdraw(_ name: String) { pending[name] = nil }

    package mutating func remove(_ name: String) {
        plugins[name] = nil
        pending[name] = nil
    }

    /// Returns the entry that a checksum belongs to: the plugin, or what takes its place.
    package func plugin(_ name: String, with checksum: String) -> LockedPlugin? {
        [plugins[name], pending[name]].compactMap { $0 }.first { $0.checksum == checksum }
    }

    package func contains(_ name: String) -> Bool {
        plugins[name] != nil || pending[name] != nil
    }
}
