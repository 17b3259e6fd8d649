/// A plugin that turns text into vectors.
public protocol EmbedderProvider: Plugin {
    /// - Returns: As many numbers as ``EmbedderInfo/dimension`` says, all of them finite.
    func embed(_ text: String, as type: InputType) async throws -> [Float]

    var embedderInfo: EmbedderInfo { get async throws }
}

/// An embedder that is faster with many texts at once.
///
/// The host gathers the texts it has: with 64 texts in one call, transport alone costs 8 to 10
/// times less per text.
public protocol BatchEmbedderProvider: EmbedderProvider {
    /// - Returns: One result for each request, in the same order.
    /// - Throws: An error if all of them failed.
    func embed(_ requests: [EmbedRequest]) async throws -> [Result<[Float], any Error>]
}

extension BatchEmbedderProvider {
    public func embed(_ text: String, as type: InputType) async throws -> [Float] {
        try await onlyResult(embed([EmbedRequest(text: text, type: type)]))
    }
}

/// The purpose of a vector. Models that do not distinguish the two ignore it.
public enum InputType: String, Sendable {
    case unspecified = ""
    case query
    case document
}

public struct EmbedRequest: Equatable, Sendable {
    public var text: String
    public var type: InputType

    public init(text: String, type: InputType = .unspecified) {
        self.text = text
        self.type = type
    }
}

public struct EmbedderInfo: Equatable, Sendable {
    public var modelName: String

    /// The length of each vector.
    public var dimension: Int

    public init(modelName: String, dimension: Int) {
        self.modelName = modelName
        self.dimension = dimension
    }
}
