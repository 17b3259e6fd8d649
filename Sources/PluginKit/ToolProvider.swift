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
