/// A point of the contract, and how a plugin is found to keep it.
struct Point {
    let description: String

    /// - Returns: What a person may like to know though all is well.
    /// - Throws: `Finding` or `Inapplicable`.
    let check: @Sendable (Caller) async throws -> [String]

    init(_ description: String, _ check: @escaping @Sendable (Caller) async throws -> [String]) {
        self.description = description
        self.check = check
    }

    init(_ description: String, quietly check: @escaping @Sendable (Caller) async throws -> Void) {
        self.init(description) { caller in
            try await check(caller)
            return []
        }
    }
}

/// A point that needs no process, or starts its own.
struct StandalonePoint {
    let description: String
    let check: @Sendable () async throws -> [String]
}

/// The points of one kind of plugin.
struct KindPoints {
    let points: [Point]

    /// What comes after the points that all kinds share.
    var lastPoints: [Point] = []

    /// Undoes what the points have left in the plugin when they are not walked to the end.
    var cleanUp: @Sendable (Caller) async -> Void = { _ in }

    init(_ subject: Subject) {
        switch subject.kind {
        case "embedder_provider": points = embedderPoints(subject)
        case "llm_provider": points = llmPoints(subject)
        case "tool_provider": points = toolPoints(subject)
        case "reasoning_strategy": points = reasoningPoints(subject)
        default:
            let database = DatabaseWalk(subject)
            points = database.points
            lastPoints = database.lastPoints
            cleanUp = { await database.drop($0) }
        }
    }
}
