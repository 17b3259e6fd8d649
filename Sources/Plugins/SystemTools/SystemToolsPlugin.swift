package import PluginKit
import Synchronization

/// A plugin with tools for the files and programs of this machine, confined to a working directory.
package final class SystemToolsPlugin: ToolProvider {
    package static let manifest = Manifest(
        name: "system-tools", version: "0.1.0", author: "Hector",
        description: "Files, search and allowed programs, confined to a working directory")

    private let configured = Mutex<Toolset?>(nil)

    package init() {}

    package func configure(_ configuration: Configuration) throws {
        let toolset = try Toolset(ToolsetSettings(configuration))
        configured.withLock { $0 = toolset }
    }

    package var tools: [ToolInfo] {
        get throws { try toolset.descriptions.map(ToolInfo.init) }
    }

    package func execute(_ name: String, arguments: String) async throws -> ToolOutput {
        let toolset = try toolset
        let answer = try await toolset.call(name, arguments: arguments)
        var metadata = answer.metadata
        if toolset.returnsForeignText(name) { metadata.merge(ToolAnswer.foreign) { $1 } }
        return ToolOutput(answer.text, metadata: metadata)
    }

    private var toolset: Toolset {
        get throws {
            guard let toolset = configured.withLock({ $0 }) else { throw NotConfigured() }
            return toolset
        }
    }
}

private struct NotConfigured: Error, CustomStringConvertible {
    let description = "not initialized: Initialize comes first"
}

extension ToolInfo {
    fileprivate init(_ tool: ToolDescription) {
        self.init(
            name: tool.name, description: tool.text, parameters: tool.parameters,
            hints: Hints(
                isReadOnly: tool.isReadOnly, isDestructive: tool.isDestructive,
                isIdempotent: tool.isIdempotent, isOpenWorld: tool.isOpenWorld))
    }
}
