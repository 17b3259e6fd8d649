package import Unix

/// The places where plugins are found by their manifests: each is an executable `NAME` with a
/// manifest `NAME.plugin.yaml` beside it.
package enum PluginFiles {
    /// The end of a manifest's name.
    package static let manifestSuffix = ".plugin.yaml"

    /// The number of levels that plugins may be below a directory.
    private static let deepest = 3

    /// Calls `found` with the path of each executable that a manifest is for, whether or not it
    /// exists, in the order of precedence.
    ///
    /// With `subdirectories`, also looks up to three levels below, except in hidden directories and
    /// below a directory that holds a plugin.
    ///
    /// - Parameter failed: Called with a directory that is there and cannot be read.
    package static func search(
        _ directory: String, subdirectories: Bool, found: (String) -> Void,
        failed: (String, SystemError) -> Void = { _, _ in }
    ) {
        search(directory, depth: subdirectories ? deepest : 0, found, failed)
    }

    private static func search(
        _ directory: String, depth: Int, _ found: (String) -> Void,
        _ failed: (String, SystemError) -> Void
    ) {
        let names: [String]
        do throws(SystemError) {
            names = try Directory.names(in: directory)
        } catch {
            if !error.isAbsence { failed(directory, error) }
            return
        }
        for file in names where isManifest(file) {
            found("\(directory)/\(file.dropLast(manifestSuffix.count))")
        }
        for name in names where depth > 0 && !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            guard let file = try? File(path), file.kind == .directory else { continue }
            search(path, depth: holdsManifest(path) ? 0 : depth - 1, found, failed)
        }
    }

    private static func isManifest(_ file: String) -> Bool {
        file.hasSuffix(manifestSuffix) && file != manifestSuffix
    }

    private static func holdsManifest(_ directory: String) -> Bool {
        let names = try? Directory.names(in: directory)
        return names?.contains { $0.hasSuffix(manifestSuffix) } ?? false
    }
}
