package import ChatModel
package import FilterKit
internal import JSON
internal import PluginFilterKit
package import Taint
internal import Unix

/// A file or pipe with tools: one JSON value, or one a line, each a tool or an array of tools.
package enum ToolFile {
    private static let largestFile = 16 << 20

    /// Reads the tools of several files. Of two with one name the first is kept.
    ///
    /// - Returns: The tools, and the sources of untrusted descriptions.
    package static func read(
        _ paths: [String]
    ) throws(Failure) -> (tools: [ToolDefinition], sources: TaintSources) {
        var all: [ToolDefinition] = []
        var sources = TaintSources()
        for path in paths { add(try read(path, &sources), to: &all) }
        return (all, sources)
    }

    /// - Throws: A reason that names the file; no tools in it is one.
    private static func read(
        _ path: String, _ sources: inout TaintSources
    ) throws(Failure) -> [ToolDefinition] {
        let bytes: [UInt8]
        do { bytes = try File.readText(path, limit: largestFile).bytes } catch {
            throw Failure(.badInput, "\(error)")
        }
        var tools: [ToolDefinition] = []
        do {
            for value in try values(bytes) {
                let isList = value.array != nil || value["tools"] != nil
                let some =
                    try isList ? ToolDefinition.list(value) : [ToolDefinition(value, "a tool")]
                add(some, to: &tools)
                sources.add(
                    definitions: isList ? value : [value], key: try? TaintKey.ofUser.get())
            }
        } catch let error as RecordError {
            throw Failure(.badInput, "'\(path)': \(error.message)")
        } catch {
            throw Failure(.badInput, "'\(path)': \(error)")
        }
        // Most likely the command that should have listed them has failed.
        if tools.isEmpty { throw Failure(.badInput, "no tools in '\(path)'") }
        return tools
    }

    private static func add(_ some: [ToolDefinition], to tools: inout [ToolDefinition]) {
        for tool in some where !tools.contains(where: { $0.name == tool.name }) {
            tools.append(tool)
        }
    }

    private static func values(_ bytes: [UInt8]) throws(JSONError) -> [Value] {
        if let value = try? Value(parsing: bytes) { return [value] }
        var values: [Value] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"))
        where !line.allSatisfy({ $0 <= 0x20 }) {
            values.append(try Value(parsing: line))
        }
        return values
    }
}
