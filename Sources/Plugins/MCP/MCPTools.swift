package import PluginKit
import Synchronization

/// A plugin that passes on the tools of one MCP server.
package final class MCPTools: ReportingToolProvider {
    package static let manifest = Manifest(
        name: "mcp-tools", version: "0.1.0", author: "Hector",
        description: "The tools of a Model Context Protocol server, over stdio or HTTP")

    private let server = Mutex<Server?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let server = try Server(configuration)
        self.server.withLock { $0 = server }
    }

    package func discoverTools() async throws {
        try await configured.refresh()
    }

    package var tools: [ToolInfo] {
        get async throws {
            let server = try configured
            return try await server.currentTools().map { ToolInfo($0, at: server.url) }
        }
    }

    package func execute(
        _ name: String, arguments: String, reportingTo reporter: ToolReporter
    ) async throws -> ToolOutput {
        let result = try await configured.call(name, arguments: arguments) { progress in
            reporter.report(progress.done, of: progress.total, progress.message)
        }
        if result.isError { throw ToolFailure(text: result.text) }
        return ToolOutput(result.text)
    }

    package func shutdown() async {
        await server.withLock { $0 }?.close()
    }

    private var configured: Server {
        get throws {
            guard let server = server.withLock({ $0 }) else { throw NotConfigured() }
            return server
        }
    }
}

/// A tool's own report of its failure.
private struct ToolFailure: Error, CustomStringConvertible {
    let text: String

    var description: String { text }
}

private struct NotConfigured: Error, CustomStringConvertible {
    let description = "not initialized: set 'command' or 'url'"
}

extension ToolInfo {
    fileprivate init(_ tool: ServerTool, at url: String) {
        self.init(
            name: tool.name, description: tool.description, parameters: tool.parameters,
            // A program on this machine has no address, and yet is another that describes its tools.
            serverURL: url.isEmpty ? "stdio:" : url,
            hints: Hints(
                isReadOnly: tool.isReadOnly, isDestructive: tool.isDestructive,
                isIdempotent: tool.isIdempotent, isOpenWorld: tool.isOpenWorld))
    }
}
