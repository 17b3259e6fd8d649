internal import OpenSSL
internal import Unix

/// A list of everything in the folder of a plugin, a line for each file and link, in the order of
/// the bytes of their paths:
///
///     SHA256 x PATH          a file that may be executed
///     SHA256 - PATH          another file
///     SHA256 > PATH          a link, with the digest of its target
///
/// The list is what a checksum of a plugin is made of. Folders count by what is in them.
package struct FolderList: Equatable, Sendable {
    package let lines: [String]

    /// The list as a file has it.
    package var text: String { lines.map { $0 + "\n" }.joined() }

    /// The checksum of the folder: `sha256:` and 64 hexadecimal digits.
    package var checksum: String { "sha256:" + SHA256.hex(of: Array(text.utf8)) }

    /// The number of files and links.
    package var count: Int { lines.count }

    /// The paths of the files and links.
    package var paths: [String] {
        lines.map { String($0.split(separator: " ", maxSplits: 2).last ?? "") }
    }

    package init(text: String) {
        lines = text.split(separator: "\n").map(String.init)
    }

    /// Reads the contents of a folder.
    ///
    /// - Throws: Also `EINVAL` for what is neither a file, nor a folder, nor a link.
    package init(of folder: String) throws(PluginLockError) {
        var lines: [String] = []
        for found in try FolderStamps(of: folder).files {
            let path = "\(folder)/\(found.path)"
            // A line break in a name could make one file read as two.
            guard found.path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw PluginLockError("a name in '\(folder)' has control characters")
            }
            do {
                switch found.stamp.kind {
                case .regular:
                    let mark = found.stamp.mode & 0o100 != 0 ? "x" : "-"
                    lines.append("\(try SHA256.hex(ofFile: path)) \(mark) \(found.path)")
                case .link:
                    let target = try File.target(ofLink: path)
                    lines.append("\(SHA256.hex(of: Array(target.utf8))) > \(found.path)")
                default:
                    throw PluginLockError("'\(path)' is neither a file nor a folder")
                }
            } catch let error as PluginLockError {
                throw error
            } catch {
                throw PluginLockError("\(error)")
            }
        }
        self.lines = lines
    }

    /// Returns the differences from this list to a later one, in words, the first of them first.
    package func differences(to other: FolderList) -> [String] {
        let (before, after) = (entries, other.entries)
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            switch (before[path], after[path]) {
            case (let old?, let new?): old == new ? nil : "'\(path)' is changed"
            case (.some, nil): "'\(path)' is missing"
            default: "'\(path)' is new"
            }
        }
    }

    private var entries: [String: String] {
        Dictionary(
            lines.map { line in
                let parts = line.split(separator: " ", maxSplits: 2)
                return (String(parts.last ?? ""), parts.dropLast().joined(separator: " "))
            }, uniquingKeysWith: { first, _ in first })
    }
}

/// The stamps of everything in a folder except folders, in the order of the bytes of their paths.
struct FolderStamps {
    let files: [(path: String, stamp: FileStamp)]

    /// A text that stays the same until something in the folder changes.
    var text: String { files.map { "\($0.stamp.text) \($0.path)\n" }.joined() }

    /// The time of the latest change, in nanoseconds since 1970.
    var latest: Int { files.map(\.stamp.changed).max() ?? 0 }

    init(of folder: String) throws(PluginLockError) {
        var files: [(path: String, stamp: FileStamp)] = []
        do throws(SystemError) {
            try Self.add("", in: folder, to: &files)
        } catch {
            throw PluginLockError("\(error)")
        }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func add(
        _ path: String, in folder: String, to files: inout [(path: String, stamp: FileStamp)]
    ) throws(SystemError) {
        for name in try Directory.names(in: path.isEmpty ? folder : "\(folder)/\(path)") {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            let stamp = try FileStamp("\(folder)/\(inner)")
            if stamp.kind == .directory {
                try add(inner, in: folder, to: &files)
            } else {
                files.append((inner, stamp))
            }
        }
    }
}
