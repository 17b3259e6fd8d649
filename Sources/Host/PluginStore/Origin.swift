package import PackageFiles
internal import Text
internal import Unix

/// The place that a plugin is installed from.
package struct Origin: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case folder, archive, registry
    }

    package let kind: Kind

    /// The absolute path, or the reference as it was given.
    package let text: String

    /// Returns the repository of a reference, without tag and digest; nil for a path.
    package static func repository(of text: String) -> String? {
        guard text.hasPrefix("oci://") || text.hasPrefix("oci+http://") else { return nil }
        let name = text.prefix { $0 != "@" }
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else {
            return String(name)
        }
        return String(name[..<colon])
    }

    /// - Parameter text: A path, or a reference `oci://…`.
    package init(_ text: String, in directory: String) throws(PackageError) {
        if text.hasPrefix("oci://") || text.hasPrefix("oci+http://") {
            kind = .registry
            self.text = text
            return
        }
        if text.contains("://") {
            throw PackageError(
                .usage,
                "'\(VisibleText(text))' cannot be installed, expected a folder, a tar archive or "
                    + "oci://HOST/NAME")
        }
        let path = Path.absolute(text, in: directory)
        let file: File
        do throws(SystemError) { file = try File(path) } catch { throw PackageError(error) }
        switch file.kind {
        case .directory: kind = .folder
        case .regular: kind = .archive
        default: throw PackageError(.malformed, "'\(text)' is neither a folder nor a tar archive")
        }
        self.text = Path.resolved(path) ?? path
    }
}
