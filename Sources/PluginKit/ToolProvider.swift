/// A plugin with functions that a model may request.
public protocol ToolProvider: Plugin {
    /// Looks for tools, for example by asking a server. Called before the first list, and again
    /// whenever the list should be refreshed.
    func discoverTools() async throws

    var tools: [ToolInfo] { get async throws }

    /// - Returns: Nil if there is no such tool.
    func tool(named name: String) async throws -> ToolInfo?

    /// Runs a tool. Never called twice for one call of the model, because a tool may have side
    /// effects.
    ///
    /// - Parameter arguments: A JSON object.
    /// - Returns: The output for the model.
    /// - Throws: An error, which the model gets instead.
    func execute(_ name: String, arguments: String) async throws -> ToolOutput
}

extension ToolProvider {
    /// Does nothing, for a plugin whose tools are always the same.
    public func discoverTools() async throws {}

    public func tool(named name: String) async throws -> ToolInfo? {
        try await tools.first { $0.name == name }
    }
}

/// A tool provider whose tools report their progress.
public protocol ReportingToolProvider: ToolProvider {
    /// Does the same as ``ToolProvider/execute(_:arguments:)``, with reports meanwhile. The host
    /// shows them, and waits for longer if there are some.
    func execute(
        _ name: String, arguments: String, reportingTo reporter: ToolReporter
    ) async throws -> ToolOutput
}

extension ReportingToolProvider {
    /// Runs a tool without its reports, for a host that does not want them.
    public func execute(_ name: String, arguments: String) async throws -> ToolOutput {
        try await execute(name, arguments: arguments, reportingTo: ToolReporter { _ in })
    }
}

/// The receiver of the reports of a tool at work.
public struct ToolReporter: Sendable {
    struct Report: Sendable {
        let done: Double
        let total: Double?
        let message: String
    }

    let send: @Sendable (Report) -> Void

    /// Reports the progress of the tool. Does not wait for the host, which may miss some reports if
    /// there are many.
    ///
    /// - Parameters:
    ///   - done: The finished part, in units that the tool chooses. It grows from report to report.
    ///   - total: The whole in the same units; nil if it is not known.
    ///   - message: The current activity, for people.
    public func report(_ done: Double, of total: Double? = nil, _ message: String = "") {
        send(Report(done: done, total: total, message: message))
    }
}

/// The description of a tool by its plugin.
public struct ToolInfo: Equatable, Sendable {
    /// The name, unique within the plugin.
    public var name: String

    /// The description for the model.
    public var description: String

    /// A JSON Schema of the arguments object.
    public var parameters: String

    /// The server on which the tool runs; empty if it runs in the plugin.
    public var serverURL: String

    public var hints: Hints

    /// Claims that help to decide whether to ask the user. Nil means that the plugin does not say.
    public struct Hints: Equatable, Sendable {
        /// True if the tool does not change anything.
        public var isReadOnly: Bool?

        /// True if the tool may destroy something.
        public var isDestructive: Bool?

        /// True if calling the tool twice with the same arguments has the same effect as once.
        public var isIdempotent: Bool?

        /// True if the tool reaches beyond this machine.
        public var isOpenWorld: Bool?

        public init(
            isReadOnly: Bool? = nil, isDestructive: Bool? = nil, isIdempotent: Bool? = nil,
            isOpenWorld: Bool? = nil
        ) {
            self.isReadOnly = isReadOnly
            self.isDestructive = isDestructive
            self.isIdempotent = isIdempotent
            self.isOpenWorld = isOpenWorld
        }
    }

    public init(
        name: String, description: String, parameters: String, serverURL: String = "",
        hints: Hints = Hints()
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.serverURL = serverURL
        self.hints = hints
    }
}

/// The output of a tool call.
public struct ToolOutput: Equatable, Sendable {
    public var content: String
    public var metadata: [String: String]

    public init(_ content: String, metadata: [String: String] = [:]) {
        self.content = content
        self.metadata = metadata
    }
}
