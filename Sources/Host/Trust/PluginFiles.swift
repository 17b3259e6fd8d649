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
        _ = search(
            directory, depth: subdirectories ? deepest : 0,
            isIncluded: {
                found($0)
                return true
            }, failed)
    }

    /// True if there is a manifest, in the same places.
    static func isAny(in directory: String) -> Bool {
        !search(directory, depth: deepest, isIncluded: { _ in false }, { _, _ in })
    }

    /// - Parameters:
    ///   - isTop: False for a directory that is not searched below if it holds a plugin.
    ///   - isIncluded: Gets each executable, and returns false to end the search.
    /// - Returns: False if the search was ended.
    private static func search(
        _ directory: String, depth: Int, isTop: Bool = true, isIncluded: (String) -> Bool,
        _ failed: (String, SystemError) -> Void
    ) -> Bool {
        let names: [String]
        do throws(SystemError) {
            names = try Directory.names(in: directory)
        } catch {
            if !error.isAbsence { failed(directory, error) }
            return true
        }
        for file in names where isManifest(file) {
            guard isIncluded("\(directory)/\(file.dropLast(manifestSuffix.count))") else {
                return false
            }
        }
        if depth == 0 || (!isTop && names.contains { $0.hasSuffix(manifestSuffix) }) { return true }
        for name in names where !name.hasPrefix(".") && !isManifest(name) {
            let path = "\(directory)/\(name)"
            guard let file = try? File(path), file.kind == .directory else { continue }
            guard
                search(path, depth: depth - 1, isTop: false, isIncluded: isIncluded, failed)
            else { return false }
        }
        return true
    }

    private static func isManifest(_ file: String) -> Bool {
        file.hasSuffix(manifestSuffix) && file != manifestSuffix
    }
}
