internal import Messages
internal import SwiftProtobuf
import Synchronization

/// A plugin with functions that a model may ask to have called.
package final class Tools: Sendable {
    package static let service = "hector.plugin.ToolProvider"

    /// The longest a tool may take unless told otherwise.
    package static let defaultTimeout = Duration.seconds(600)

    package let plugin: Plugin
    private let timeout: Duration

    /// How often the plugin had been started when it last looked for its tools.
    private let discovered = Mutex(0)

    /// True if the plugin reports progress. Nil until it has been asked.
    private let isReporting = Mutex<Bool?>(nil)

    /// A call that goes on reporting may take that many times its limit.
    private static let mostExtensions = 6

    /// The progress of a call, as the tool counts it.
    package struct Report: Sendable, Equatable {
        /// In units of the tool's own.
        package var done: Double
        /// In the same units. Nil if the tool does not know.
        package var total: Double?
        /// For people, or empty.
        package var message: String
    }

    package struct Tool: Sendable, Equatable {
        package var name: String
        package var description: String
        /// A JSON Schema of the arguments object, or empty.
        package var parameters: String
        /// Where the tool runs. Empty means in the plugin.
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

    /// What a plugin claims of a tool. Nil: nothing is said.
    package struct Hints: Sendable, Equatable {
        /// It changes nothing.
        package var isReadOnly: Bool?
        /// It may destroy something.
        package var isDestructive: Bool?
        /// Calling it twice with the same arguments is as good as once.
        package var isIdempotent: Bool?
        /// It reaches beyond this machine.
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

    /// What a tool that worked has to say.
    package struct Output: Sendable, Equatable {
        package var content: String
        package var metadata: [String: String]
    }

    /// - Parameter timeout: The longest one call of a tool may take, or be silent if it reports its
    ///   progress.
    package init(_ plugin: Plugin, timeout: Duration) {
        self.plugin = plugin
        self.timeout = timeout
    }

    /// All its tools, in its order.
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
    ///   - onReport: Gets what the tool reports meanwhile, if the plugin has that.
    /// - Throws: What the tool says instead of a result, with code `.failed`;
    ///   `.died` if the plugin did, and then the tool may or may not have run.
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

    /// - Returns: Nil if the plugin does not know the method, and so has done nothing.
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
                    // One of a later version.
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

    /// Has a process that is new look for its tools.
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
            // Its tools are always the same.
        }
        discovered.withLock { $0 = starts }
    }
}

extension Tools.Report: CustomStringConvertible {
    /// Such as `3 of 10, reading pages`.
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
    /// Where it is: the path of its executable, or the address it listens at.
    package var place: String {
        switch specification.location {
        case .executable(let path): path
        case .running(let address): "\(address)"
        }
    }
}
