internal import Messages
internal import SwiftProtobuf
import Synchronization

/// A plugin with functions that a model may request.
package final class Tools: Sendable {
    package static let service = "hector.plugin.ToolProvider"

    /// The default for the longest time that a tool may take.
    package static let defaultTimeout = Duration.seconds(600)

    package let plugin: Plugin
    private let timeout: Duration

    /// The number of starts of the plugin when it last looked for its tools.
    private let discovered = Mutex(0)

    /// True if the plugin reports progress. Nil until it has been asked.
    private let isReporting = Mutex<Bool?>(nil)

    /// The multiple of its limit that a call may take if it goes on reporting.
    private static let mostExtensions = 6

    /// The progress of a call, as the tool counts it.
    package struct Report: Sendable, Equatable {
        /// The finished part, in units that the tool chooses.
        package var done: Double
        /// The whole in the same units; nil if the tool does not know it.
        package var total: Double?
        /// The message for people, or empty.
        package var message: String
    }

    package struct Tool: Sendable, Equatable {
        package var name: String
        package var description: String
        /// A JSON Schema of the arguments object, or empty.
        package var parameters: String
        /// The server on which the tool runs; empty if it runs in the plugin.
        package var serverURL: String
        package var hints: Hints

        package init(
            name: String, description: String = "", parameters: String = "",
            serverURL: String = "", hints: Hints = Hints()
        ) {
            self.name = name
            self.description = description
            self.parameters = parameters
            self.serverURL = serverURL
            self.hints = hints
        }
    }

    /// The claims of a plugin about a tool. Nil means that the plugin does not say.
    package struct Hints: Sendable, Equatable {
        /// True if the tool does not change anything.
        package var isReadOnly: Bool?
        /// True if the tool may destroy something.
        package var isDestructive: Bool?
        /// True if calling the tool twice with the same arguments has the same effect as once.
        package var isIdempotent: Bool?
        /// True if the tool reaches beyond this machine.
        package var isOpenWorld: Bool?

        package init(
            isReadOnly: Bool? = nil, isDestructive: Bool? = nil, isIdempotent: Bool? = nil,
            isOpenWorld: Bool? = nil
        ) {
            self.isReadOnly = isReadOnly
            self.isDestructive = isDestructive
            self.isIdempotent = isIdempotent
            self.isOpenWorld = isOpenWorld
        }
    }

    /// The output of a tool that succeeded.
    package struct Output: Sendable, Equatable {
        package var content: String
        package var metadata: [String: String]
    }

    /// - Parameter timeout: The longest time that one call of a tool may take, or may be silent if
    ///   it reports its progress.
    package init(_ plugin: Plugin, timeout: Duration) {
        self.plugin = plugin
        self.timeout = timeout
    }

    /// Returns all tools, in the plugin's order.
    package func list() async throws(PluginError) -> [Tool] {
        try await discover()
        let bytes = try await plugin.call(ToolMethod.listTools, [], timeout: timeout)
        let response: Hector_Plugin_ListToolsResponse = try plugin.decode(
            bytes, from: ToolMethod.listTools)
        for tool in response.tools where tool.name.isEmpty {
            throw plugin.misbehaviour("has a tool without a name")
        }
        return response.tools.map(Tool.init)
    }

    /// - Returns: Nil if there is no such tool.
    package func tool(named name: String) async throws(PluginError) -> Tool? {
        try await discover()
        let request = Hector_Plugin_GetToolRequest.with { $0.name = name }
        let bytes: [UInt8]
        do throws(PluginError) {
            bytes = try await plugin.call(ToolMethod.getTool, encode(request), timeout: timeout)
        } catch  where error.code == .unsupported || error.code == .notFound {
            return nil
        }
        let response: Hector_Plugin_GetToolResponse = try plugin.decode(
            bytes, from: ToolMethod.getTool)
        return response.found && response.tool.name == name ? Tool(response.tool) : nil
    }

    /// Calls a tool, at most once whatever happens.
    ///
    /// - Parameters:
    ///   - arguments: A JSON object.
    ///   - onReport: Called with the reports of the tool meanwhile, if the plugin supports that.
    /// - Throws: The error of the tool, with code `.failed`; `.died` if the plugin died, and then
    ///   the tool may or may not have run.
    package func execute(
        _ name: String, arguments: String, onReport: (Report) async -> Void = { _ in }
    ) async throws(PluginError) -> Output {
        try await discover()
        let request = encode(
            Hector_Plugin_ExecuteToolRequest.with {
                $0.name = name
                $0.argumentsJson = arguments
            })
        let result: Hector_Plugin_ToolResult
        if let last = try await executeReporting(request, onReport) {
            result = last
        } else {
            let bytes = try await plugin.call(
                ToolMethod.executeTool, request, timeout: timeout, isRepeatable: false)
            result = try plugin.decode(bytes, from: ToolMethod.executeTool)
        }
        guard result.success, result.error.isEmpty else {
            let reason =
                [result.error, result.content].first { !$0.isEmpty } ?? "failed without a reason"
            throw PluginError(.failed, reason)
        }
        return Output(content: result.content, metadata: result.metadata)
    }

    /// - Returns: Nil if the plugin does not know the method, and so has not run the tool.
    private func executeReporting(
        _ request: [UInt8], _ onReport: (Report) async -> Void
    ) async throws(PluginError) -> Hector_Plugin_ToolResult? {
        if isReporting.withLock({ $0 }) == false { return nil }
        var result: Hector_Plugin_ToolResult?
        do throws(PluginError) {
            try await plugin.stream(
                ToolProgressMethod.executeToolWithProgress, request,
                timeout: timeout * Self.mostExtensions, silence: timeout, isRepeatable: false
            ) { messages throws(PluginError) in
                isReporting.withLock { $0 = true }
                for bytes in messages where result == nil {
                    let update: Hector_Plugin_ToolUpdate = try plugin.decode(
                        bytes, from: ToolProgressMethod.executeToolWithProgress)
                    switch update.update {
                    case .report(let report): await onReport(Report(report))
                    case .result(let last): result = last
                    // This kind is from a later version.
                    case nil: break
                    }
                }
                return result != nil
            }
        } catch  where error.code == .unsupported && isReporting.withLock({ $0 }) != true {
            isReporting.withLock { $0 = false }
            return nil
        }
        guard let result else {
            throw plugin.misbehaviour("ended a tool's answer without a result")
        }
        return result
    }

    /// Makes a new process look for its tools.
    private func discover() async throws(PluginError) {
        try await plugin.start()
        let starts = plugin.starts
        if discovered.withLock({ $0 == starts }) { return }
        do throws(PluginError) {
            let bytes = try await plugin.call(ToolMethod.discoverTools, [], timeout: timeout)
            let response: Hector_Plugin_DiscoverToolsResponse = try plugin.decode(
                bytes, from: ToolMethod.discoverTools)
            guard response.success, response.error.isEmpty else {
                throw plugin.refusal(
                    response.error.isEmpty ? "found no tools and says not why" : response.error)
            }
        } catch  where error.code == .unsupported {
            // The tools of this plugin are always the same.
        }
        discovered.withLock { $0 = starts }
    }
}

extension Tools.Report: CustomStringConvertible {
    /// The report as text, such as `3 of 10, reading pages`.
    package var description: String {
        let done =
            total.map { "\(Self.short(self.done)) of \(Self.short($0))" } ?? Self.short(self.done)
        return message.isEmpty ? done : "\(done), \(message)"
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}

extension Tools.Report {
    fileprivate init(_ report: Hector_Plugin_ToolReport) {
        self.init(
            done: report.progress, total: report.total > 0 ? report.total : nil,
            message: report.message)
    }
}

extension Tools.Tool {
    fileprivate init(_ tool: Hector_Plugin_ToolInfo) {
        self.init(
            name: tool.name, description: tool.description_p, parameters: tool.parametersJson,
            serverURL: tool.serverURL,
            hints: Tools.Hints(
                isReadOnly: tool.readOnly.claim, isDestructive: tool.destructive.claim,
                isIdempotent: tool.idempotent.claim, isOpenWorld: tool.openWorld.claim))
    }
}

extension Hector_Plugin_Hint {
    fileprivate var claim: Bool? {
        switch self {
        case .true: true
        case .false: false
        case .notSaid, .UNRECOGNIZED: nil
        }
    }
}

extension Plugin {
    /// The place of the plugin: the path of its executable, or the address at which it listens.
    package var place: String {
        switch specification.location {
        case .executable(let path): path
        case .running(let address): "\(address)"
        }
    }
}
