import Configuration
internal import PluginLock
internal import Unix

extension Catalog {
    /// - Throws: An error if an installed plugin is not what was installed, with the same message as
    ///   on a start of the plugin.
    func verifyLock(_ entry: PluginEntry, of plugin: KnownPlugin) throws(CatalogError) {
        guard let path = entry.executable else { return }
        do throws(PluginLockError) {
            try LockedFolder(of: path)?.verify(
                cache: BaseDirectories(environment: environment).cache)
        } catch {
            throw CatalogError(
                "cannot use plugin '\(entry.name)': \(error); see 'hector plugin "
                    + "verify', or install it again", .notPermitted
            )
            .at(plugin.settings?.place)
        }
    }
}
