/// A point of the contract, and the check for it.
struct Point {
    let description: String

    /// - Returns: Notes for the user, even if everything is right.
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

/// A point that does not need a process, or starts its own.
struct StandalonePoint {
    let description: String
    let check: @Sendable () async throws -> [String]
}

/// The points of one kind of plugin.
struct KindPoints {
    let points: [Point]

    /// The points after those that all kinds share.
    var lastPoints: [Point] = []

    /// A function that removes the traces of the points in the plugin if they are not all checked.
    var cleanUp: @Sendable (Caller) async -> Void = { _ in }

    init(_ subject: Subject) {
        switch subject.kind {
        case "embedder_provider": points = embedderPoints(subject)
        case "llm_provider": points = llmPoints(subject)
        case "tool_provider": points = toolPoints(subject)
        case "reasoning_strategy": points = reasoningPoints(subject)
        case "reranker_provider": points = rerankerPoints(subject)
        default:
            let database = DatabaseWalk(subject)
            // A database without these abilities needs no point that says so.
            points =
                database.points + (subject.hasCapability("hybrid") ? hybridPoints() : [])
                + (subject.hasCapability("catalog") ? catalogPoints() : [])
            lastPoints = database.lastPoints
            cleanUp = { await database.drop($0) }
        }
    }
}
