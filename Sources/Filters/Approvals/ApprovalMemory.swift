package import JSON
internal import OpenSSL
package import Unix

/// The calls that the user has approved, permanently or for a session: a file of JSON lines.
package struct ApprovalMemory: Sendable {
    /// Calls that need no further question: those of one tool of one plugin, in one folder, with
    /// arguments of one shape.
    package struct Entry: Hashable, Sendable {
        /// The location of the plugin, so that another one with a tool of the same name needs a
        /// separate approval.
        package let plugin: String
        package let tool: String
        package let shape: ArgumentShape

        /// The folder in which the call was made.
        package let folder: String

        /// The facts by which the folder is known again, so that another one at the same path needs
        /// a separate approval.
        package let folderIdentity: String

        /// The time of the approval as in RFC 3339, which does not count for what it covers.
        package let time: String

        package init(
            plugin: String, tool: String, shape: ArgumentShape, folder: String,
            folderIdentity: String, time: String
        ) {
            self.plugin = plugin
            self.tool = tool
            self.shape = shape
            self.folder = folder
            self.folderIdentity = folderIdentity
            self.time = time
        }

        package static func == (left: Entry, right: Entry) -> Bool {
            left.plugin == right.plugin && left.tool == right.tool && left.shape == right.shape
                && left.folder == right.folder && left.folderIdentity == right.folderIdentity
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(plugin)
            hasher.combine(tool)
            hasher.combine(shape)
            hasher.combine(folder)
            hasher.combine(folderIdentity)
        }

        /// A short name, the same each time, by which the user can take it back.
        package var id: String {
            let parts: Value = [
                .string(plugin), .string(tool), .string(shape.description), .string(folder),
                .string(folderIdentity),
            ]
            return String(SHA256.hex(of: Array("\(parts)".utf8)).prefix(8))
        }

        package var value: Value {
            [
                "plugin": .string(plugin), "tool": .string(tool), "arguments": shape.value,
                "folder": .string(folder), "folder_identity": .string(folderIdentity),
                "time": .string(time),
            ]
        }

        fileprivate init?(_ value: Value) {
            // A line of before the shape and the folder itself counted would approve too much.
            guard let plugin = value["plugin"]?.string, let tool = value["tool"]?.string,
                let arguments = value["arguments"], let folder = value["folder"]?.string,
                let identity = value["folder_identity"]?.string, !identity.isEmpty
            else { return nil }
            self.init(
                plugin: plugin, tool: tool, shape: ArgumentShape(kept: arguments), folder: folder,
                folderIdentity: identity, time: value["time"]?.string ?? "")
        }
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// Returns the memory in the user's own file, or nil for a user without a home.
    package static func ofUser() -> ApprovalMemory? {
        BaseDirectories(environment: Environment.current).state
            .map { ApprovalMemory(path: "\($0)/hector/approvals") }
    }

    /// The size limit: a larger file was not written by Hector.
    private static let limit = 1 << 20

    /// Returns the approvals, in the order in which they were given. Lines that cannot be read
    /// approve nothing.
    ///
    /// - Throws: An error if the file cannot be read or may have been written by other users.
    package func entries() throws -> [Entry] {
        let bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try File.readRegular(path, limit: Self.limit)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
        if let danger = file.danger { throw UnsafeFile(path: path, danger: danger) }
        var entries: [Entry] = []
        var known: Set<Entry> = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = Self.entry(line), known.insert(entry).inserted else { continue }
            entries.append(entry)
        }
        return entries
    }

    package func add(_ entry: Entry) throws(SystemError) {
        try PrivateFile.append(Array("\(entry.value)".utf8), to: path)
    }

    /// Takes all approvals back, also those of a file that is too large to be read.
    package func removeAll() throws(SystemError) { try PrivateFile.empty(path) }

    /// Takes approvals back.
    ///
    /// - Returns: Those that were taken back.
    /// - Throws: An error if the file cannot be read or written.
    package func remove(where isUnwanted: (Entry) -> Bool) throws(SystemError) -> [Entry] {
        var removed: [Entry] = []
        do throws(SystemError) {
            try PrivateFile.change(path, limit: Self.limit) { bytes in
                var kept: [UInt8] = []
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    if let entry = Self.entry(line), isUnwanted(entry) {
                        removed.append(entry)
                    } else {
                        kept += line + [UInt8(ascii: "\n")]
                    }
                }
                return removed.isEmpty ? nil : kept
            }
        } catch {
            if !error.isAbsence { throw error }
        }
        return removed
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
        (try? Value(parsing: line)).flatMap(Entry.init)
    }

    /// Returns the facts by which a folder is known again; empty for one that cannot be looked at, for
    /// which nothing is kept.
    package static func identity(of folder: String) -> String {
        guard let identity = try? FileIdentity(folder) else { return "" }
        // The number of a device may change with a restart.
        let made = identity.birth != 0 ? "born \(identity.birth)" : "device \(identity.device)"
        return "owner \(identity.owner), inode \(identity.inode), \(made)"
    }

    /// A file in which any user could have approved something.
    struct UnsafeFile: Error, CustomStringConvertible {
        let path: String
        let danger: String

        var description: String { "'\(path)' is ignored: it \(danger)" }
    }
}
