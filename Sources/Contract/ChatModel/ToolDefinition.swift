/// A function as it is described to a model.
public struct ToolDefinition: Equatable, Sendable {
    public var name: String
    public var description: String

    /// A JSON Schema of the arguments object.
    public var parameters: String

    public init(name: String, description: String, parameters: String) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
