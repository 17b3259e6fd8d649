internal import JSON
internal import PluginFilterKit
internal import Unix

/// The tools that a person has approved, for always or for a session: a file of JSON lines.
///
/// A tool is known by its name and by where its plugin is, so that another
/// plugin with a tool of the same name has to be asked about.
package struct ApprovalMemory: Sendable {
    package struct Entry: Hashable, Sendable {
        let plugin: String
        let tool: String

        package init(plugin: String, tool: String) {
            self.plugin = plugin
            self.tool = tool
        }
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// Where it is kept, or nil for a user without a home.
    package static func ofUser() -> ApprovalMemory? {
        BaseDirectories(environment: Environment.current).state
            .map { ApprovalMemory(path: "\($0)/hector/approvals") }
    }

    /// More is no file of ours.
    private static let limit = 1 << 20

    /// What has been approved. Lines that cannot be read approve nothing.
    ///
    /// - Throws: That the file cannot be read or may have been written by others.
    package func entries() throws -> Set<Entry> {
        let bytes: [UInt8]
        let file: File
        do throws(SystemError) {
            (bytes, file) = try File.readRegular(path, limit: Self.limit)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
        if let danger = file.danger { throw UnsafeFile(path: path, danger: danger) }
        var entries: Set<Entry> = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let value = try? Value(parsing: line), let tool = value["tool"]?.string,
                let plugin = value["plugin"]?.string
            else { continue }
            entries.insert(Entry(plugin: plugin, tool: tool))
        }
        return entries
    }

    package func add(_ entry: Entry) throws {
        let line = Value.object(["plugin": .string(entry.plugin), "tool": .string(entry.tool)])
        try PrivateFile.append(Array("\(line)".utf8), to: path)
    }

    /// A file in which anybody could have approved something.
    struct UnsafeFile: Error, CustomStringConvertible {
        let path: String
        let danger: String

        var description: String { "'\(path)' is ignored: it \(danger)" }
    }
}
