/// A plugin with functions that a model may ask to have called.
public protocol ToolProvider: Plugin {
    /// Looks for tools, for example by asking a server. Called before the first list, and again
    /// when the list should be made anew.
    func discoverTools() async throws

    var tools: [ToolInfo] { get async throws }

    /// - Returns: nil if there is no such tool.
    func tool(named name: String) async throws -> ToolInfo?

    /// Never called twice for one call of the model's: a tool may have effects.
    ///
    /// - Parameter arguments: A JSON object.
    /// - Returns: What the model is told.
    /// - Throws: What the model is told instead.
    func execute(_ name: String, arguments: String) async throws -> ToolOutput
}

extension ToolProvider {
    /// Does nothing, for a plugin whose tools are always the same.
    public func discoverTools() async throws {}

    public func tool(named name: String) async throws -> ToolInfo? {
        try await tools.first { $0.name == name }
    }
}

/// A tool provider whose tools say how far they have come while they work.
public protocol ReportingToolProvider: ToolProvider {
    /// The same as ``ToolProvider/execute(_:arguments:)``, with reports meanwhile: the host waits for
    /// longer where there are some, and shows them.
    func execute(
        _ name: String, arguments: String, reportingTo reporter: ToolReporter
    ) async throws -> ToolOutput
}

extension ReportingToolProvider {
    /// Leaves out the reports, for a host that does not want them.
    public func execute(_ name: String, arguments: String) async throws -> ToolOutput {
        try await execute(name, arguments: arguments, reportingTo: ToolReporter { _ in })
    }
}

/// Takes what a tool reports while it works.
public struct ToolReporter: Sendable {
    struct Report: Sendable {
        let done: Double
        let total: Double?
        let message: String
    }

    let send: @Sendable (Report) -> Void

    /// Reports how far the tool has come. Does not wait for the host, which may miss some of many
    /// reports.
    ///
    /// - Parameters:
    ///   - done: In units of the tool's own; it grows from report to report.
    ///   - total: In the same units. Nil if it is not known.
    ///   - message: What is being done, for people.
    public func report(_ done: Double, of total: Double? = nil, _ message: String = "") {
        send(Report(done: done, total: total, message: message))
    }
}

/// What a plugin says about one of its tools.
public struct ToolInfo: Equatable, Sendable {
    /// Unique within the plugin.
    public var name: String

    /// Written for the model.
    public var description: String

    /// A JSON Schema of the arguments object.
    public var parameters: String

    /// Where the tool runs. Empty means here.
    public var serverURL: String

    public var hints: Hints

    /// Claims that help to decide whether to ask the user. nil means that nothing is said.
    public struct Hints: Equatable, Sendable {
        /// It changes nothing.
        public var isReadOnly: Bool?

        /// It may destroy something.
        public var isDestructive: Bool?

        /// Calling it twice with the same arguments is as good as once.
        public var isIdempotent: Bool?

        /// It reaches beyond this machine.
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

/// What a tool that was called has to say.
public struct ToolOutput: Equatable, Sendable {
    public var content: String
    public var metadata: [String: String]

    public init(_ content: String, metadata: [String: String] = [:]) {
        self.content = content
        self.metadata = metadata
    }
}
