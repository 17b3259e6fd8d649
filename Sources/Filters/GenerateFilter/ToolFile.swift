package import FilterKit
internal import JSON
internal import PluginFilterKit
package import PluginHost
internal import Unix

extension LLM.Tool {
    private static let largestFile = 16 << 20

    /// Reads the tools from a file or pipe: one JSON value, or one on each line, each a tool or an
    /// array of tools.
    ///
    /// - Throws: An error for a mistake in it, or if there are no tools.
    package static func read(_ path: String) throws(Failure) -> [LLM.Tool] {
        let bytes: [UInt8]
        do { bytes = try File.readText(path, limit: largestFile).bytes } catch {
            throw Failure(.badInput, "\(error)")
        }
        var tools: [LLM.Tool] = []
        do {
            for value in try values(bytes) {
                let isList = value.array != nil || value["tools"] != nil
                for tool in try isList ? list(value) : [LLM.Tool(value, "a tool")]
                where !tools.contains(where: { $0.name == tool.name }) {
                    tools.append(tool)
                }
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
