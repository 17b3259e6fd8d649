internal import JSON
internal import PluginFilterKit
internal import Unix

/// The tools that the user has approved, permanently or for a session: a file of JSON lines.
///
/// A tool is identified by its name and its plugin's location, so that another plugin with a tool
/// of the same name needs a separate approval.
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

    /// Returns the memory in the user's own file, or nil for a user without a home.
    package static func ofUser() -> ApprovalMemory? {
        BaseDirectories(environment: Environment.current).state
            .map { ApprovalMemory(path: "\($0)/hector/approvals") }
    }

    /// The size limit: a larger file was not written by Hector.
    private static let limit = 1 << 20

    /// Returns the approvals. Lines that cannot be read approve nothing.
    ///
    /// - Throws: An error if the file cannot be read or may have been written by other users.
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

    /// A file in which any user could have approved something.
    struct UnsafeFile: Error, CustomStringConvertible {
        let path: String
        let danger: String

        var description: String { "'\(path)' is ignored: it \(danger)" }
    }
}
